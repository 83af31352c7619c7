import * as z from 'zod/mini';

// What another process may ask of a simulator. One JSON object a request; the same objects work within the process.

/** Id of a VM, or its name where that is unique. */
const vm = z.string();
const fields = z.optional(z.record(z.string(), z.unknown()));

const action = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('delay'),
    ms: z.number().check(z.nonnegative()),
    when: z.optional(z.enum(['before', 'after'])),
  }),
  z.strictObject({ kind: z.literal('fault'), type: z.string(), fields, message: z.optional(z.string()) }),
  z.strictObject({ kind: z.literal('taskFault'), type: z.string(), fields }),
  z.strictObject({ kind: z.literal('close'), when: z.enum(['before', 'after']), how: z.enum(['end', 'reset']) }),
  z.strictObject({ kind: z.literal('silence'), when: z.enum(['before', 'after']) }),
  z.strictObject({
    kind: z.literal('drip'),
    bytes: z.int().check(z.positive()),
    everyMs: z.number().check(z.nonnegative()),
  }),
  z.strictObject({ kind: z.literal('truncate'), bytes: z.int().check(z.nonnegative()) }),
  z.strictObject({
    kind: z.literal('status'),
    code: z.int().check(z.gte(200), z.lte(599)),
    body: z.optional(z.string()),
    contentType: z.optional(z.string()),
  }),
]);

const rule = z.strictObject({
  method: z.optional(z.string()),
  objectType: z.optional(z.string()),
  objectId: z.optional(z.string()),
  objectName: z.optional(z.string()),
  user: z.optional(z.string()),
  action,
  skip: z.optional(z.int().check(z.nonnegative())),
  count: z.optional(z.int().check(z.positive())),
  probability: z.optional(z.number().check(z.gte(0), z.lte(1))),
});

const question = z.strictObject({
  id: z.string(),
  text: z.string(),
  choices: z.array(z.strictObject({ key: z.string(), label: z.string() })),
  defaultIndex: z.int().check(z.nonnegative()),
});

const vmChange = z.strictObject({
  name: z.optional(z.string()),
  power: z.optional(z.enum(['poweredOn', 'poweredOff', 'suspended'])),
  connection: z.optional(z.enum(['connected', 'disconnected', 'orphaned', 'inaccessible', 'invalid'])),
  tools: z.optional(z.enum(['missing', 'broken', 'healthy'])),
  /** null takes a question away. */
  question: z.optional(z.nullable(question)),
  disabledMethods: z.optional(z.array(z.strictObject({ method: z.string(), source: z.string() }))),
  /** null unlocks. */
  lockedFile: z.optional(z.nullable(z.string())),
  quiesceFails: z.optional(z.nullable(z.enum(['filesystem', 'application']))),
  changeGbPerHour: z.optional(z.number().check(z.nonnegative())),
});

export const controlCommand = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('addRule'), rule }),
  z.strictObject({ command: z.literal('removeRule'), id: z.int() }),
  z.strictObject({ command: z.literal('clearRules') }),
  z.strictObject({ command: z.literal('listRules') }),
  z.strictObject({ command: z.literal('seedRules'), seed: z.int() }),

  z.strictObject({ command: z.literal('readLog'), since: z.optional(z.int()) }),
  z.strictObject({ command: z.literal('clearLog') }),
  z.strictObject({ command: z.literal('readState') }),

  z.strictObject({ command: z.literal('advanceClock'), ms: z.number().check(z.nonnegative()) }),
  z.strictObject({ command: z.literal('freezeClock') }),
  z.strictObject({ command: z.literal('resumeClock') }),
  z.strictObject({ command: z.literal('setSpeed'), speed: z.number().check(z.positive()) }),

  z.strictObject({
    command: z.literal('addVm'),
    name: z.string(),
    /** Inventory path of a folder; default: the first datacenter's folder of VMs. */
    folder: z.optional(z.string()),
    power: z.optional(z.enum(['poweredOn', 'poweredOff', 'suspended'])),
    memoryMb: z.optional(z.int().check(z.positive())),
  }),
  z.strictObject({ command: z.literal('removeVm'), vm }),
  z.strictObject({ command: z.literal('changeVm'), vm, change: vmChange }),
  z.strictObject({ command: z.literal('moveVm'), vm, folder: z.string() }),
  z.strictObject({ command: z.literal('migrateVm'), vm, host: z.string() }),
  z.strictObject({
    command: z.literal('takeSnapshot'),
    vm,
    name: z.string(),
    description: z.optional(z.string()),
    memory: z.optional(z.boolean()),
  }),
  z.strictObject({ command: z.literal('renameSnapshot'), vm, snapshot: z.string(), name: z.string() }),
  z.strictObject({ command: z.literal('revertToSnapshot'), vm, snapshot: z.string() }),
  z.strictObject({
    command: z.literal('removeSnapshot'),
    vm,
    snapshot: z.string(),
    removeChildren: z.optional(z.boolean()),
    consolidate: z.optional(z.boolean()),
  }),
  /** Leaves disk files that belong to no snapshot. */
  z.strictObject({ command: z.literal('leaveDisks'), vm, count: z.optional(z.int().check(z.positive())) }),
  z.strictObject({
    command: z.literal('setFreeSpace'),
    datastore: z.string(),
    bytes: z.number().check(z.nonnegative()),
  }),
  z.strictObject({
    command: z.literal('changeHost'),
    host: z.string(),
    connection: z.optional(z.enum(['connected', 'notResponding', 'disconnected'])),
    inMaintenance: z.optional(z.boolean()),
  }),

  /** As somebody else, who uses another client. */
  z.strictObject({
    command: z.literal('startTask'),
    user: z.string(),
    vm,
    operation: z.enum([
      'take',
      'restore',
      'restoreLatest',
      'delete',
      'deleteWithChildren',
      'deleteAll',
      'consolidate',
      'powerOn',
      'powerOff',
    ]),
    snapshot: z.optional(z.string()),
    name: z.optional(z.string()),
    memory: z.optional(z.boolean()),
  }),
  /** Tasks of the VM that have ended are in the history only, as if that were ten minutes ago. */
  z.strictObject({ command: z.literal('forgetTasks'), vm }),
  z.strictObject({
    command: z.literal('startStorm'),
    updatesPerSecond: z.number().check(z.positive(), z.lte(100_000)),
    seconds: z.number().check(z.positive()),
    kinds: z.optional(z.array(z.enum(['power', 'name', 'snapshots'])).check(z.minLength(1))),
    seed: z.optional(z.int()),
  }),
  z.strictObject({ command: z.literal('stopStorm') }),

  z.strictObject({
    command: z.literal('restart'),
    /** For how long nothing listens; default: no time at all. */
    downMs: z.optional(z.number().check(z.nonnegative())),
    /** Comes back as another installation; default: as the same. */
    instanceUuid: z.optional(z.string()),
  }),
  z.strictObject({ command: z.literal('expireSessions'), user: z.optional(z.string()) }),
  z.strictObject({ command: z.literal('setSessionTimeout'), seconds: z.int().check(z.nonnegative()) }),
  z.strictObject({
    command: z.literal('addUser'),
    name: z.string(),
    password: z.string(),
    passwordExpired: z.optional(z.boolean()),
  }),
  z.strictObject({
    command: z.literal('grant'),
    user: z.string(),
    /** null takes the permission away. */
    role: z.nullable(z.string()),
    /** Inventory path; default: everything. */
    on: z.optional(z.string()),
    propagate: z.optional(z.boolean()),
  }),
  z.strictObject({ command: z.literal('dropConnections') }),
  /** Shows another certificate to connections from now on. PEM. */
  z.strictObject({ command: z.literal('replaceCertificate'), key: z.string(), cert: z.string() }),
]);

export type ControlCommand = z.infer<typeof controlCommand>;

/** Says in one sentence what is wrong with a command. */
export function describeProblem(error: z.core.$ZodError): string {
  return error.issues.map((issue) => `${issue.path.map(String).join('.') || 'command'}: ${reason(issue)}`).join('; ');
}

function reason(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `is not of type ${issue.expected}`;
    case 'unrecognized_keys':
      return `does not know ${issue.keys.join(', ')}`;
    case 'invalid_value':
      return `is none of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return 'is unknown';
    default:
      return issue.message;
  }
}
