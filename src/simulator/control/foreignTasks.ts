import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { unrestricted } from '../access/accessControl';
import { FaultError } from '../faultError';
import { servedMethods } from '../methods/methodTable';
import type { ManagedObject } from '../model/registry';
import type { Call } from '../server/call';
import type { VimServer } from '../server/vimServer';
import { Session } from '../session/session';
import type { ControlCommand } from './controlSchema';
import { snapshotNamed, vmNamed } from './namedObjects';

// Tasks that somebody else has started, with another client. They pass the same checks and take as long as any other.

type StartTask = Extract<ControlCommand, { readonly command: 'startTask' }>;

interface Start {
  readonly method: string;
  readonly isOnSnapshot?: boolean;
  args(command: StartTask): object;
}

const starts: { readonly [O in StartTask['operation']]: Start } = {
  take: {
    method: 'CreateSnapshot_Task',
    args: ({ name, memory }) => ({ name: name ?? 'by somebody else', memory: memory ?? false, quiesce: false }),
  },
  restore: { method: 'RevertToSnapshot_Task', isOnSnapshot: true, args: () => ({}) },
  restoreLatest: { method: 'RevertToCurrentSnapshot_Task', args: () => ({}) },
  delete: { method: 'RemoveSnapshot_Task', isOnSnapshot: true, args: () => ({ removeChildren: false }) },
  deleteWithChildren: { method: 'RemoveSnapshot_Task', isOnSnapshot: true, args: () => ({ removeChildren: true }) },
  deleteAll: { method: 'RemoveAllSnapshots_Task', args: () => ({}) },
  consolidate: { method: 'ConsolidateVMDisks_Task', args: () => ({}) },
  powerOn: { method: 'PowerOnVM_Task', args: () => ({}) },
  powerOff: { method: 'PowerOffVM_Task', args: () => ({}) },
};

/** Starts a task; gives its id. @throws Error in words when the server refuses it. */
export function startTaskCommand(server: VimServer, command: StartTask): string {
  const start = starts[command.operation];
  const served = servedMethods.get(start.method);
  if (served === undefined) {
    throw new Error(`${start.method} is not served.`);
  }
  const vm = vmNamed(server, command.vm);
  const target = start.isOnSnapshot === true ? snapshotNamed(server, vm, command.snapshot ?? '') : vm;
  try {
    const task = served.handle(callOn(server, target, served.method, command.user), start.args(command));
    return (task as ManagedObjectReference).value;
  } catch (error) {
    if (error instanceof FaultError) {
      throw new Error(`The server refuses it: ${error.fault.$type}.`, { cause: error });
    }
    throw error;
  }
}

function callOn(server: VimServer, target: ManagedObject, method: Call['method'], user: string): Call {
  const agent = 'another client';
  const address = '127.0.0.1';
  const session = new Session('', '', user, user, unrestricted, address, agent, server.clock.now(), 'en_US');
  return {
    server,
    method,
    target,
    version: server.profile.apiVersion,
    session,
    caller: {
      ipAddress: address,
      userAgent: agent,
      operationId: undefined,
      signal: new AbortController().signal,
      setCookie: () => undefined,
    },
    viewer: () => server.viewerFor(session),
  };
}
