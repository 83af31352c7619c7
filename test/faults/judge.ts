// The judge of the fault laboratory: a process of its own that knows nothing of the client. It compares what the person was
// told with the server's call log and inventory, read through the server's control.
//   node judge.js CONTROL_URL CONTROL_TOKEN   (with an IPC channel)
import { control } from '../support/faults/simulatorProcess';
import {
  type Announcement,
  type Claim,
  type JudgeAnswer,
  type JudgeRequest,
  notStruck,
  type SeenSnapshot,
  type SeenVm,
  type Verdict,
  writeMethods,
} from './judgement';

interface Snapshot {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | undefined;
  readonly power: string;
}

interface Vm {
  readonly id: string;
  readonly name: string;
  readonly power: string;
  readonly consolidationNeeded: boolean;
  readonly currentSnapshotId: string | undefined;
  readonly snapshots: readonly Snapshot[];
}

interface Task {
  readonly id: string;
  readonly method: string;
  readonly entityId: string | undefined;
  readonly state: string;
  readonly error: string | undefined;
}

interface State {
  readonly vms: readonly Vm[];
  readonly tasks: readonly Task[];
}

interface Call {
  readonly sequence: number;
  readonly method: string;
  readonly objectName: string | undefined;
  readonly outcome: string;
}

interface Case {
  readonly announcement: Announcement;
  readonly before: Vm;
  readonly lastCall: number;
}

const address = { url: process.argv[2] ?? '', token: process.argv[3] ?? '' };
const cases = new Map<string, Case>();

const readState = (): Promise<State> => control<State>(address, { command: 'readState' });
const readLog = (since: number): Promise<readonly Call[]> =>
  control<readonly Call[]>(address, { command: 'readLog', since });

function vmOf(state: State, id: string): Vm | undefined {
  return state.vms.find((vm) => vm.id === id);
}

async function begin(announcement: Announcement): Promise<void> {
  const before = vmOf(await readState(), announcement.vmId);
  if (before === undefined) {
    throw new Error(`The server has no VM ${announcement.vmId}.`);
  }
  const lastCall = (await readLog(0)).at(-1)?.sequence ?? 0;
  cases.set(announcement.vmId, { announcement, before, lastCall });
}

function treeOf(vm: Vm, parentId: string | undefined): SeenSnapshot[] {
  return vm.snapshots
    .filter((snapshot) => snapshot.parentId === parentId)
    .map(({ id, name }) => ({ id, name, children: treeOf(vm, id) }))
    .sort(byId);
}

function sortTree(snapshots: readonly SeenSnapshot[]): SeenSnapshot[] {
  return snapshots.map(({ id, name, children }) => ({ id, name, children: sortTree(children) })).sort(byId);
}

function byId(a: SeenSnapshot, b: SeenSnapshot): number {
  return a.id < b.id ? -1 : 1;
}

async function sees(vmId: string, seen: SeenVm | undefined): Promise<boolean> {
  const vm = vmOf(await readState(), vmId);
  if (vm === undefined || seen === undefined) {
    return vm === undefined && seen === undefined;
  }
  const truth: SeenVm = {
    power: vm.power,
    needsConsolidation: vm.consolidationNeeded,
    currentId: vm.currentSnapshotId,
    snapshots: treeOf(vm, undefined),
  };
  return JSON.stringify(truth) === JSON.stringify({ ...seen, snapshots: sortTree(seen.snapshots) });
}

/** Whether these are the VMs of the server, by name. */
async function lists(names: readonly string[]): Promise<boolean> {
  const { vms } = await readState();
  return JSON.stringify(vms.map(({ name }) => name).sort()) === JSON.stringify([...names].sort());
}

/** Whether the VM is as the deed leaves it, by the rules of vSphere and not by those of the client. */
function isDone({ deed, snapshotId, newName }: Announcement, before: Vm, after: Vm): boolean {
  const ids = (vm: Vm): Set<string> => new Set(vm.snapshots.map(({ id }) => id));
  const has = (id: string | undefined): boolean => after.snapshots.some((snapshot) => snapshot.id === id);
  const beforeIds = ids(before);
  const fresh = after.snapshots.filter(({ id }) => !beforeIds.has(id));
  const gone = before.snapshots.filter(({ id }) => !has(id));
  switch (deed) {
    case 'take':
    case 'takeMemory':
      return (
        fresh.length === 1 &&
        gone.length === 0 &&
        fresh.every(({ id, name }) => name === newName && id === after.currentSnapshotId)
      );
    case 'edit':
      return after.snapshots.some(({ id, name }) => id === snapshotId && name === newName);
    case 'restore':
      return after.currentSnapshotId === snapshotId && gone.length + fresh.length === 0;
    case 'restoreLatest':
      return after.currentSnapshotId === before.currentSnapshotId && after.power !== before.power;
    case 'delete':
      return gone.length === 1 && gone[0]?.id === snapshotId;
    case 'deleteWithChildren':
      return gone.length > 1 && gone.some(({ id }) => id === snapshotId);
    case 'deleteAll':
      return after.snapshots.length === 0;
    case 'consolidate':
      return !after.consolidationNeeded;
    case 'powerOn':
      return after.power === 'poweredOn';
  }
}

function isUntouched(before: Vm, after: Vm): boolean {
  const facts = ({ power, currentSnapshotId, snapshots }: Vm): string =>
    JSON.stringify([power, currentSnapshotId, snapshots.map(({ id, name, parentId }) => [id, name, parentId])]);
  return facts(before) === facts(after);
}

function hasFired(claim: Claim, calls: readonly Call[], tasks: readonly Task[]): boolean {
  const { expectedOutcome: wanted, expectedTaskError } = claim;
  return (
    (claim.proxyFired ?? true) &&
    (wanted === undefined ||
      calls.some(({ method, outcome }) => method === wanted.method && outcome === wanted.outcome)) &&
    (expectedTaskError === undefined || tasks.some(({ error }) => error === expectedTaskError))
  );
}

async function end(vmId: string, claim: Claim): Promise<Verdict> {
  const known = cases.get(vmId);
  if (known === undefined) {
    throw new Error(`Nothing was announced for ${vmId}.`);
  }
  cases.delete(vmId);
  const { announcement, before, lastCall } = known;
  const [state, log] = await Promise.all([readState(), readLog(lastCall)]);
  const method = writeMethods[announcement.deed];
  const writes = log.filter((call) => call.objectName === announcement.vmName && call.method === method);
  // What the server has refused for want of a session it has not looked at.
  const sent = writes.filter(({ outcome }) => outcome !== 'NotAuthenticated').length;
  const tasks = state.tasks.filter((task) => task.entityId === vmId && task.method === method);
  const wrong = (note: string): Verdict => ({
    outcome: 'wrong',
    note: `${note} (person: ${claim.state}; sent ${sent}; calls ${writes.map(({ outcome }) => outcome).join(', ')}; tasks ${tasks.map((task) => `${task.state}${task.error === undefined ? '' : ` ${task.error}`}`).join(', ')})`,
  });
  if (!hasFired(claim, log, tasks)) {
    return wrong(notStruck);
  }
  if (sent > 1 || tasks.length > 1) {
    return wrong('sent more than once');
  }
  const after = vmOf(state, vmId);
  if (after === undefined) {
    return claim.state === 'succeeded' ? wrong('the VM is gone') : survived('the VM is gone');
  }
  const task = tasks[0];
  if (task !== undefined && task.state !== 'success' && task.state !== 'error') {
    return wrong(`the task is still ${task.state}`);
  }
  const done = isDone(announcement, before, after);
  switch (claim.state) {
    case 'succeeded':
      return done && task?.state !== 'error' ? survived('done') : wrong('it did not happen');
    case 'failed':
    case 'cancelled':
    case 'refused':
      if (task?.state === 'success' || (task === undefined && !isUntouched(before, after))) {
        return wrong('it happened');
      }
      if (claim.state === 'cancelled') {
        // The word itself says why.
        return task?.error === 'RequestCanceled' ? survived('cancelled') : wrong('nobody has cancelled it');
      }
      return claim.sentence === undefined || claim.sentence === '' ? wrong('no word why') : survived(claim.sentence);
    case 'unknown':
      return wrong('nobody was told how it ended');
    case 'waiting':
    case 'sending':
    case 'running':
      return wrong('it never ended for the person');
  }
}

function survived(note: string): Verdict {
  return { outcome: 'survived', note };
}

async function answer(request: JudgeRequest): Promise<JudgeAnswer> {
  const { number } = request;
  switch (request.ask) {
    case 'begin':
      await begin(request.announcement);
      return { number };
    case 'lists':
      return { number, isTrue: await lists(request.names) };
    case 'sees':
      return { number, isTrue: await sees(request.vmId, request.seen) };
    case 'end':
      return { number, verdict: await end(request.vmId, request.claim) };
  }
}

process.on('message', (request: JudgeRequest) => {
  answer(request)
    .catch((error: unknown): JudgeAnswer => ({ number: request.number, error: String(error) }))
    .then((reply) => process.send?.(reply))
    .catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
      process.disconnect();
    });
});
