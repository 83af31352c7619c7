import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';

import { systemClock } from '../../src/common/clock';
import { nullLogger, Redactor } from '../../src/common/logger';
import type { StoreAvailability } from '../../src/servers/credentialStore';
import { HeldPassword } from '../../src/servers/heldPassword';
import { keytarLibrary } from '../../src/servers/keytarLoader';
import { osKeychainStore } from '../../src/servers/osKeychainStore';
import { emptyStore, type RemovalReport } from '../../src/servers/passwordRemoval';
import { deleteSurely, readSurely, writeSurely } from '../../src/servers/storeAccess';

// The keychain library finds the session bus once, in the environment of its process. Each situation of a desktop thus
// needs a process of its own: this file is both the side that asks and the process that answers.

/** What the process does with the product's own keychain store. */
interface KeychainCalls {
  readonly probe: () => Promise<StoreAvailability>;
  readonly get: (account: string) => Promise<string | undefined>;
  readonly set: (account: string, password: string) => Promise<void>;
  readonly delete: (account: string) => Promise<boolean>;
  readonly list: () => Promise<readonly string[] | undefined>;
  readonly readSurely: (account: string) => Promise<string | undefined>;
  readonly writeSurely: (account: string, password: string) => Promise<void>;
  readonly deleteSurely: (account: string) => Promise<void>;
  readonly empty: (accounts: readonly string[]) => Promise<RemovalReport>;
}

interface Request {
  readonly id: number;
  readonly call: keyof KeychainCalls;
  readonly args: readonly unknown[];
}

type Reply = { readonly id: number } & ({ readonly result: unknown } | { readonly error: string });

const limitVariable = 'KEYCHAIN_CALL_LIMIT_MS';

/** The product's keychain store in a process with an environment of its own. */
export class KeychainProcess implements KeychainCalls {
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private nextId = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message) => {
      const reply = message as Reply;
      const caller = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('error' in reply) {
        caller?.reject(new Error(reply.error));
      } else {
        caller?.resolve(reply.result);
      }
    });
    child.once('exit', (code, signal) => {
      for (const { reject } of this.waiting.values()) {
        reject(new Error(`The keychain process ended with ${signal ?? code}`));
      }
    });
  }

  /** @param callLimitMs - how long one call may take; as in the product when left out */
  static start(env: NodeJS.ProcessEnv, callLimitMs?: number): KeychainProcess {
    const limit = callLimitMs === undefined ? {} : { [limitVariable]: String(callLimitMs) };
    // Advanced: strings arrive as they are, whatever is in them.
    return new KeychainProcess(fork(__filename, { env: { ...env, ...limit }, serialization: 'advanced' }));
  }

  probe(): Promise<StoreAvailability> {
    return this.ask('probe');
  }

  get(account: string): Promise<string | undefined> {
    return this.ask('get', account);
  }

  set(account: string, password: string): Promise<void> {
    return this.ask('set', account, password);
  }

  delete(account: string): Promise<boolean> {
    return this.ask('delete', account);
  }

  list(): Promise<readonly string[] | undefined> {
    return this.ask('list');
  }

  readSurely(account: string): Promise<string | undefined> {
    return this.ask('readSurely', account);
  }

  writeSurely(account: string, password: string): Promise<void> {
    return this.ask('writeSurely', account, password);
  }

  deleteSurely(account: string): Promise<void> {
    return this.ask('deleteSurely', account);
  }

  empty(accounts: readonly string[]): Promise<RemovalReport> {
    return this.ask('empty', accounts);
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }

  private ask<T>(call: keyof KeychainCalls, ...args: unknown[]): Promise<T> {
    const request: Request = { id: this.nextId++, call, args };
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(request.id, { resolve: resolve as (value: unknown) => void, reject });
      this.child.send(request);
    });
  }
}

function serve(): void {
  const redactor = new Redactor();
  const limit = process.env[limitVariable];
  const store = osKeychainStore(keytarLibrary(), {
    clock: systemClock,
    logger: nullLogger,
    redactor,
    createNonce: randomUUID,
    ...(limit !== undefined && { callLimitMs: Number(limit) }),
  });
  const calls: KeychainCalls = {
    probe: () => store.probe(true),
    get: (account) => store.get(account),
    set: (account, password) => store.set(account, password),
    delete: (account) => store.delete(account),
    list: () => store.list(),
    readSurely: (account) => readSurely(store, account),
    writeSurely: (account, password) => writeSurely(store, account, new HeldPassword(password, redactor), redactor),
    deleteSurely: (account) => deleteSurely(store, account),
    empty: (accounts) => emptyStore(store, accounts),
  };
  process.on('message', (message) => {
    const { id, call, args } = message as Request;
    const act = calls[call] as (...args: readonly unknown[]) => Promise<unknown>;
    act(...args).then(
      (result) => process.send?.({ id, result } satisfies Reply),
      (error: unknown) => process.send?.({ id, error: String(error) } satisfies Reply),
    );
  });
}

if (require.main === module) {
  serve();
}
