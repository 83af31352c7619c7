import assert from 'node:assert/strict';
import { CallLog } from '../../../../src/simulator/control/callLog';
import { type FaultRule, FaultRules, type RuleSubject } from '../../../../src/simulator/control/faultRules';

const call: RuleSubject = {
  method: 'Login',
  objectType: 'SessionManager',
  objectId: 'SessionManager',
  objectName: undefined,
  user: 'CORP\\jdoe',
};
const fault = { kind: 'fault', type: 'HostCommunication' } as const;
const kinds = (rules: FaultRules, subject = call): string[] => rules.forCall(subject).map(({ kind }) => kind);

describe('simulator: rules for faults', () => {
  it('apply to what they match', () => {
    for (const [match, applies] of [
      [{}, true],
      [{ method: 'Login' }, true],
      [{ method: 'Logout' }, false],
      [{ objectType: 'SessionManager', objectId: 'SessionManager' }, true],
      [{ objectId: 'other' }, false],
      [{ objectName: 'SQL01' }, false],
      [{ user: 'jdoe@corp' }, true],
      [{ user: 'root' }, false],
    ] as const) {
      const rules = new FaultRules();
      rules.add({ ...match, action: fault });
      assert.equal(kinds(rules).length === 1, applies, JSON.stringify(match));
    }
  });

  it('skip, count, and then rest', () => {
    const rules = new FaultRules();
    rules.add({ action: fault, skip: 2, count: 2 });
    assert.deepEqual(
      [1, 2, 3, 4, 5].map(() => kinds(rules).length),
      [0, 0, 1, 1, 0],
    );
  });

  it('decide in their order; delays add up', () => {
    const rules = new FaultRules();
    rules.add({ action: { kind: 'delay', ms: 5 } });
    rules.add({ action: { kind: 'delay', ms: 7 } });
    rules.add({ action: fault });
    rules.add({ action: { kind: 'status', code: 503 } });
    assert.deepEqual(kinds(rules), ['delay', 'delay', 'fault']);
  });

  it('keep failures of tasks apart from failures of calls', () => {
    const rules = new FaultRules();
    rules.add({ action: { kind: 'taskFault', type: 'NoDiskSpace' }, count: 1 });
    assert.deepEqual(kinds(rules), []);
    assert.equal(rules.forTask(call)?.type, 'NoDiskSpace');
    assert.equal(rules.forTask(call), undefined);
  });

  it('are repeatable where they are random', () => {
    const run = (): number[] => {
      const rules = new FaultRules();
      rules.seed(7);
      rules.add({ action: fault, probability: 0.3 });
      return Array.from({ length: 200 }, () => kinds(rules).length);
    };
    assert.deepEqual(run(), run());
    const hits = run().filter((count) => count > 0).length;
    assert.ok(hits > 40 && hits < 80, String(hits));
  });

  it('can be listed, removed and cleared', () => {
    const rules = new FaultRules();
    const id = rules.add({ action: fault });
    rules.add({ method: 'X', action: fault });
    assert.equal(rules.rules.length, 2);
    assert.equal(rules.remove(id), true);
    assert.equal(rules.remove(id), false);
    rules.clear();
    assert.deepEqual(rules.rules, []);
  });
});

describe('simulator: faults that rules ask for', () => {
  const refusal = (action: FaultRule['action']): string => {
    const rules = new FaultRules();
    try {
      rules.add({ action });
    } catch (error) {
      assert.deepEqual(rules.rules, [], 'refused, and kept all the same');
      return error instanceof Error ? error.message : String(error);
    }
    return 'accepted';
  };
  const nested = { fault: { $type: 'RawDiskNotSupported', device: 'disk 1' }, localizedMessage: 'x' };

  for (const [type, fields, sentence] of [
    ['SystemError', {}, 'SystemError needs the field "reason".'],
    ['GenericVmConfigFault', {}, 'GenericVmConfigFault needs the field "reason".'],
    ['GenericVmConfigFault', { reason: 5 }, 'GenericVmConfigFault.reason has to be a text that XML can carry.'],
    ['SystemError', { reason: '\u0001' }, 'SystemError.reason has to be a text that XML can carry.'],
    ['SystemError', { reason: 'x', file: 'y' }, 'SystemError has no field "file".'],
    ['FileTooLarge', { fileSize: '1' }, 'FileTooLarge.fileSize has to be a whole number.'],
    ['FileTooLarge', {}, 'FileTooLarge needs the field "fileSize".'],
    ['TaskInProgress', { task: 'task-1' }, 'TaskInProgress.task has to be a reference, with "type" and "value".'],
    ['SnapshotIncompatibleDeviceInVm', {}, 'SnapshotIncompatibleDeviceInVm needs the field "fault".'],
    ['SnapshotIncompatibleDeviceInVm', { fault: {} }, 'LocalizedMethodFault needs the field "fault".'],
    [
      'SnapshotIncompatibleDeviceInVm',
      { fault: { fault: { $type: 'RawDiskNotSupported' } } },
      'RawDiskNotSupported needs the field "device".',
    ],
    [
      'SnapshotIncompatibleDeviceInVm',
      { fault: { fault: { $type: 'Description' } } },
      'LocalizedMethodFault.fault has to be a MethodFault.',
    ],
    ['NoPermission', { missingPrivileges: {} }, 'NoPermission.missingPrivileges has to be a list.'],
    ['Description', {}, '"Description" is no fault.'],
    ['SnapshotIncompatibleDeviceInVm', { fault: nested }, 'accepted'],
    ['TaskInProgress', { task: { type: 'Task', value: 'task-1' } }, 'accepted'],
    // What a server would know.
    ['TaskInProgress', {}, 'accepted'],
    ['FileLocked', {}, 'accepted'],
    ['NoDiskSpace', {}, 'accepted'],
    ['MethodNotFound', {}, 'accepted'],
    ['VmPowerOnDisabled', {}, 'accepted'],
  ] as const) {
    it(`${type} ${JSON.stringify(fields)}: ${sentence}`, () => {
      assert.equal(refusal({ kind: 'fault', type, fields }), sentence);
      assert.equal(refusal({ kind: 'taskFault', type, fields }), sentence);
    });
  }

  it('may be newer than the server as the answer to a call, without fields', () => {
    const sentence =
      '"NewFault" is no fault that this server knows: it can only be the answer to a call, and without fields.';
    assert.equal(refusal({ kind: 'fault', type: 'NewFault' }), 'accepted');
    assert.equal(refusal({ kind: 'fault', type: 'NewFault', fields: { a: 1 } }), sentence);
    assert.equal(refusal({ kind: 'taskFault', type: 'NewFault' }), sentence);
    assert.match(refusal({ kind: 'fault', type: '<x>' }), /is no fault that this server knows/);
  });

  it('have a text that can be sent', () => {
    assert.equal(refusal({ ...fault, message: '\ud800' }), 'message has to be a text that XML can carry.');
  });
});

describe('simulator: the call log', () => {
  it('notes calls in order, and how they ended', () => {
    const log = new CallLog();
    const entry = { atMs: 0, user: undefined, object: 'o', objectName: undefined, operationId: undefined };
    const endA = log.begin({ ...entry, method: 'A' });
    const endB = log.begin({ ...entry, method: 'B' });
    endB('ok');
    assert.deepEqual(
      log.all.map(({ method, outcome }) => `${method} ${outcome}`),
      ['A pending', 'B ok'],
    );
    endA('NotAuthenticated');
    assert.deepEqual(
      log.since(0).map(({ outcome }) => outcome),
      ['NotAuthenticated', 'ok'],
    );
    assert.deepEqual(
      log.since(1).map(({ method }) => method),
      ['B'],
    );
    log.clear();
    assert.deepEqual(log.all, []);
    assert.equal(log.lastSequence, 2);
  });

  it('forgets the oldest rather than grow for ever', () => {
    const log = new CallLog();
    for (let number = 0; number < 25_000; number++) {
      log.begin({ atMs: 0, user: undefined, method: 'M', object: 'o', objectName: undefined, operationId: undefined })(
        'ok',
      );
    }
    assert.ok(log.all.length <= 20_000);
    assert.equal(log.all[log.all.length - 1]?.sequence, 25_000);
  });
});
