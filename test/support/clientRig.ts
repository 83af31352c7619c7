import assert from 'node:assert/strict';

import type { Logger } from '../../src/common/logger';
import type { HypervisorClient, InventorySink } from '../../src/hypervisor/client';
import { type ErrorKind, HypervisorError } from '../../src/hypervisor/errors';
import type { ObjectId } from '../../src/hypervisor/model/ids';
import type { InventoryObject } from '../../src/hypervisor/model/inventory';
import { connect, type ConnectOptions } from '../../src/vsphere/index';

/** Connects to a server at a URL, by default as its only user, over connections of our own. */
export async function connectAs(
  server: { readonly url: string; readonly user?: string; readonly password?: string },
  overrides: Partial<ConnectOptions> = {},
): Promise<HypervisorClient> {
  const { hostname, port, protocol } = new URL(server.url);
  return await connect({
    address: { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), useTls: protocol === 'https:' },
    trust: { mode: 'verify' },
    transport: 'direct',
    isProxyConfigured: false,
    userName: server.user ?? 'user',
    getPassword: () => Promise.resolve(server.password ?? 'secret'),
    ...overrides,
  });
}

/** The error of that kind with which something fails. */
export async function failsAs(kind: ErrorKind, act: Promise<unknown>): Promise<HypervisorError> {
  try {
    await act;
  } catch (error) {
    assert.ok(error instanceof HypervisorError, String(error));
    assert.equal(error.kind, kind, error.message);
    return error;
  }
  assert.fail(`no error of kind ${kind}`);
}

/** Remembers what an inventory feed has told, call by call. */
export class RecordingSink implements InventorySink {
  readonly calls: string[] = [];
  readonly objects = new Map<ObjectId, InventoryObject>();
  readonly putSizes: number[] = [];

  begin(): void {
    this.calls.push('begin');
  }

  put(objects: readonly InventoryObject[]): void {
    this.calls.push('put');
    this.putSizes.push(objects.length);
    for (const object of objects) {
      this.objects.set(object.id, object);
    }
  }

  remove(ids: readonly ObjectId[]): void {
    this.calls.push('remove');
    for (const id of ids) {
      this.objects.delete(id);
    }
  }

  complete(): void {
    this.calls.push('complete');
  }

  count(call: 'begin' | 'put' | 'remove' | 'complete'): number {
    return this.calls.filter((each) => each === call).length;
  }

  vmNames(): string[] {
    return [...this.objects.values()]
      .filter(({ kind }) => kind === 'vm')
      .map(({ name }) => name)
      .sort();
  }
}

/** Remembers what is logged. */
export class RecordingLogger implements Logger {
  readonly lines: string[] = [];
  trace = this.keep('trace');
  debug = this.keep('debug');
  info = this.keep('info');
  warn = this.keep('warn');

  error(message: string, error?: unknown): void {
    this.lines.push(`error ${message} ${error instanceof Error ? (error.stack ?? '') : ''}`);
  }

  private keep(level: string): (message: string) => void {
    return (message) => {
      this.lines.push(`${level} ${message}`);
    };
  }
}
