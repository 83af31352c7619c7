import type { ControlCommand } from '../../src/simulator/control/controlSchema';
import type { FaultProxy, ProxyAction } from '../support/faults/faultProxy';
import { type Deed, writeMethods } from './judgement';
import { until } from './until';

/** What goes wrong in a cell, and where. */
export interface Fault {
  /** Of which kind: a column of the table. */
  readonly name: string;
  /** Where exactly: offset, call, moment. */
  readonly where: string;
  /** What the proxy does to which call. */
  readonly proxy?: { readonly method: string; readonly action: ProxyAction; readonly ofThisVm: boolean };
  /** What the server itself does: a rule of its own for the VM of the cell. */
  readonly rule?: Extract<ControlCommand, { readonly command: 'addRule' }>['rule'];
  /** What happens while the server is at work, as soon as its task runs. */
  readonly during?: (stage: Stage) => Promise<void>;
  /** How the server shows that the fault has struck: the outcome of the call in its log, the error of its task. */
  readonly expected?: { readonly outcome?: string; readonly taskError?: string };
}

/** What a fault that strikes from outside has at hand. */
export interface Stage {
  readonly proxy: FaultProxy;
  readonly vmId: string;
  /** Whether a task of the VM has not ended. */
  readonly isAtWork: () => Promise<boolean>;
  control(command: ControlCommand): Promise<unknown>;
}

const html = '<!DOCTYPE html><html><head><title>Gateway</title></head><body><p>Try later.<br></body></html>';
const soapFault = (type: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${type}</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>`;

const page = (status: number, forward: boolean, body = html, contentType = 'text/html'): ProxyAction => ({
  kind: 'answer',
  status,
  body,
  contentType,
  forward,
});

/** Faults that a server declares or sends for writes, as SOAP fault of the call and as error of the task. */
const serverFaults: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> = {
  InvalidName: { name: 'x' },
  InvalidPowerState: { existingState: 'poweredOff' },
  InvalidState: undefined,
  SnapshotNoChange: undefined,
  SnapshotLocked: undefined,
  SnapshotDisabled: undefined,
  MultipleSnapshotsNotSupported: undefined,
  TooManySnapshotLevels: undefined,
  MemorySnapshotOnIndependentDisk: undefined,
  ApplicationQuiesceFault: undefined,
  FilesystemQuiesceFault: undefined,
  InvalidSnapshotFormat: undefined,
  InvalidDiskFormat: undefined,
  GenericVmConfigFault: { reason: 'the host said so' },
  NoDiskSpace: { datastore: 'DS', file: 'x.vmdk' },
  FileLocked: { file: 'x.vmdk' },
  FileNotFound: { file: 'x.vmdk' },
  CannotAccessFile: { file: 'x.vmdk' },
  FileTooLarge: { file: 'x.vmdk', datastore: 'DS', fileSize: 1 },
  InsufficientResourcesFault: undefined,
  NotFound: undefined,
  NoPermission: undefined,
  RestrictedVersion: undefined,
  MethodDisabled: undefined,
  NotEnoughLicenses: undefined,
  HostNotConnected: undefined,
  HostNotReachable: undefined,
  HostCommunication: undefined,
  NotSupported: undefined,
  SystemError: { reason: 'vim.fault.GenericVmConfigFault' },
  TaskInProgress: undefined,
  ManagedObjectNotFound: undefined,
  SnapshotIncompatibleDeviceInVm: { fault: { fault: { $type: 'RawDiskNotSupported', device: 'disk 2' } } },
  DisallowedOperationOnFailoverHost: undefined,
  VmPowerOnDisabled: undefined,
  RequestCanceled: undefined,
  Timedout: undefined,
};

/** Of these no task of a server ends: they are about the call. */
const onlyOfCalls = new Set(['NoPermission', 'RestrictedVersion', 'MethodDisabled', 'NotEnoughLicenses']);

/** Everything that is done to one kind of deed. `offsets`: where replies are cut. */
export function faultsFor(deed: Deed, offsets: readonly number[]): Fault[] {
  const method = writeMethods[deed];
  const hasTask = deed !== 'edit';
  const onWrite = (name: string, where: string, action: ProxyAction): Fault => ({
    name,
    where,
    proxy: { method, action, ofThisVm: true },
  });
  const onRead = (name: string, where: string, readMethod: string, action: ProxyAction): Fault => ({
    name: `${name} while reading`,
    where,
    proxy: { method: readMethod, action, ofThisVm: false },
  });
  return [
    { name: 'none', where: '' },
    ...offsets.map((bytes) => onWrite('reply cut off', `at byte ${bytes}`, { kind: 'cutReply', bytes, how: 'end' })),
    ...[0, 17, 130, 300, 450].map((bytes) =>
      onWrite('connection reset in the reply', `at byte ${bytes}`, { kind: 'cutReply', bytes, how: 'reset' }),
    ),
    ...[0, 10, 150, 400, 700].map((bytes) =>
      onWrite('request cut off', `at byte ${bytes}`, { kind: 'cutRequest', bytes }),
    ),
    onWrite('connection refused', 'the write', { kind: 'refuse' }),
    onWrite('request swallowed', 'the write', { kind: 'silence', forward: false }),
    onWrite('reply withheld', 'the write', { kind: 'silence', forward: true }),
    onWrite('dripped', 'the write', { kind: 'drip' }),
    onWrite('delayed', 'by 300 ms', { kind: 'delay', ms: 300 }),
    ...[9, 60, 200, 260, 300, 350, 400, 450].map((at) =>
      onWrite('byte flipped', `at byte ${at}`, { kind: 'corrupt', at, xor: 0x15 }),
    ),
    onWrite('stale reply', 'of a read', { kind: 'stale', method: 'RetrievePropertiesEx' }),
    ...(hasTask ? [onWrite('stale reply', 'of another task', { kind: 'stale', method })] : []),
    onWrite('reply sent twice', 'the write', { kind: 'repeat' }),
    onWrite('length too long', 'the write', {
      kind: 'editHead',
      edit: (head) =>
        head.replace(/^content-length: (\d+)/im, (_, length: string) => `Content-Length: ${Number(length) + 40}`),
    }),
    onWrite('false coding', 'the write', {
      kind: 'editHead',
      edit: (head) => head.replace(/\r\n\r\n$/, '\r\nContent-Encoding: gzip\r\n\r\n'),
    }),
    ...[502, 503, 504, 407, 404, 500, 200, 302].map((status) =>
      onWrite(`gateway answers ${status}`, 'in place of the server', page(status, false)),
    ),
    ...[502, 503, 504, 500, 200].map((status) =>
      onWrite(`gateway answers ${status}`, 'after the server', page(status, true)),
    ),
    onWrite('SOAP fault of no type', 'after the server', page(500, true, soapFault('Broken'), 'text/xml')),
    onWrite('empty SOAP reply', 'after the server', page(200, true, '', 'text/xml')),
    ...Object.entries(serverFaults).map(([type, fields]): Fault => ({
      name: `fault ${type}`,
      where: 'of the call',
      rule: { method, count: 1, action: { kind: 'fault', type, ...(fields && { fields }) } },
      expected: { outcome: type },
    })),
    ...(hasTask
      ? Object.entries(serverFaults)
          .filter(([type]) => !onlyOfCalls.has(type))
          .map(([type, fields]): Fault => ({
            name: `fault ${type}`,
            where: 'of the task',
            rule: { method, count: 1, action: { kind: 'taskFault', type, ...(fields && { fields }) } },
            expected: { taskError: type },
          }))
      : []),
    {
      name: 'session expired',
      where: 'before the write',
      rule: { method, count: 1, action: { kind: 'fault', type: 'NotAuthenticated' } },
      expected: { outcome: 'NotAuthenticated' },
    },
    ...(['RetrievePropertiesEx', 'WaitForUpdatesEx'] as const).flatMap((read) => [
      onRead('reply cut off', read, read, { kind: 'cutReply', bytes: 200, how: 'end' }),
      onRead('connection reset', read, read, { kind: 'cutReply', bytes: 0, how: 'reset' }),
      onRead('byte flipped', read, read, { kind: 'corrupt', at: 420, xor: 0x15 }),
      onRead('gateway answers 503', read, read, page(503, false)),
      onRead('gateway answers 200', read, read, page(200, false)),
    ]),
    ...(hasTask ? duringTask() : []),
  ];
}

/** What happens to a task that runs. */
function duringTask(): Fault[] {
  return [
    {
      name: 'connections dropped',
      where: 'while the task runs',
      during: ({ proxy }) => Promise.resolve(proxy.dropConnections()),
    },
    {
      name: 'server away',
      where: 'while the task runs',
      during: async ({ proxy }) => {
        proxy.down();
        await new Promise((resolve) => setTimeout(resolve, 250));
        proxy.up();
      },
    },
    {
      // Ten minutes after its end, a task is in the server's history only.
      name: 'server away until the task is forgotten',
      where: 'while the task runs',
      during: async (stage) => {
        stage.proxy.down();
        await until('the end of the task', async () => !(await stage.isAtWork()));
        await stage.control({ command: 'forgetTasks', vm: stage.vmId });
        stage.proxy.up();
      },
    },
    {
      name: 'session expired',
      where: 'while the task runs',
      during: async (stage) => {
        await stage.control({ command: 'expireSessions' });
      },
    },
    {
      name: 'session expired and connections dropped',
      where: 'while the task runs',
      during: async (stage) => {
        await stage.control({ command: 'expireSessions' });
        stage.proxy.dropConnections();
      },
    },
    {
      name: 'reply cut off while following',
      where: 'ModifyListView',
      proxy: { method: 'ModifyListView', action: { kind: 'cutReply', bytes: 100, how: 'end' }, ofThisVm: false },
    },
    // These are made anew once the session is.
    ...(['CreateListView', 'CreatePropertyCollector', 'CreateFilter'] as const).map((method): Fault => ({
      name: 'reply cut off while following',
      where: method,
      proxy: { method, action: { kind: 'cutReply', bytes: 100, how: 'end' }, ofThisVm: false },
      during: async (stage) => {
        await stage.control({ command: 'expireSessions' });
      },
    })),
  ];
}
