import assert from 'node:assert/strict';
import type { Reachability } from '../../../../src/hypervisor/model/inventory';
import type { OperationKind } from '../../../../src/hypervisor/model/operation';
import type { Limitation } from '../../../../src/hypervisor/model/vmDetail';
import { comparePlans } from '../../../../src/hypervisor/plan/comparePlans';
import type { Blocker, Plan } from '../../../../src/hypervisor/plan/plan';
import { blockedText, busyText, changedText, taskInWords } from '../../../../src/ui/text/blockedText';
import { maxDetailLines } from '../../../../src/ui/text/modalText';
import { chain, disk, serverTask, testNowMs } from '../../../support/domainBuilders';
import { type PlanFacts, planFor } from '../../../support/planBuilder';
import { connectionWith, paris } from '../../../support/rowFixtures';

const context = { formats: paris, nowMs: testNowMs };
const connection = connectionWith();
const tryAnyway = { title: 'Try Anyway', value: 'proceed' };
const copy = { title: 'Copy', value: 'copy' };

/** What is said of a plan that is blocked for these reasons alone. */
function blocked(blockers: readonly Blocker[], kind: OperationKind = 'take') {
  const operation =
    kind === 'restore' || kind === 'delete' || kind === 'deleteWithChildren' || kind === 'edit'
      ? ({ kind, snapshotId: 'a' } as const)
      : ({ kind } as const);
  const plan: Plan = { ...planFor(operation, { vm: { snapshots: chain('a') } }), blockers };
  return blockedText(connection, plan, context);
}

const advisory = { kind: 'limitation', limitation: 'faultTolerance', advisory: true } as const;
const template = { kind: 'template', advisory: false } as const;

describe('blocked: the whole dialog', () => {
  it('tells one reason a line', () => {
    const disks = [disk('Hard disk 1', { physicalRaw: true }), disk('Hard disk 2', { shared: true })];
    const plan = planFor({ kind: 'take' }, { detail: { disks }, vm: { isTemplate: true } });
    assert.deepEqual(blockedText(connection, plan, context), {
      message: "A snapshot of 'SQL01' isn't possible now.",
      detail: [
        'It is a template. Convert it to a virtual machine first.',
        "'Hard disk 1' is a raw device in physical mode.",
        "'Hard disk 2' is shared with other VMs.",
      ].join('\n'),
      buttons: [],
    });
  });

  it('lets a person try only where every reason is advice', () => {
    assert.deepEqual(blocked([advisory]).buttons, [tryAnyway]);
    assert.deepEqual(blocked([advisory, template]).buttons, []);
  });

  it('names the act that is impossible', () => {
    const messages = (
      [
        'take',
        'edit',
        'restore',
        'restoreLatest',
        'delete',
        'deleteWithChildren',
        'deleteAll',
        'consolidate',
        'powerOn',
      ] as const
    ).map((kind) => blocked([template], kind).message);
    assert.deepEqual(messages, [
      "A snapshot of 'SQL01' isn't possible now.",
      "Editing a snapshot of 'SQL01' isn't possible now.",
      "Restoring 'SQL01' isn't possible now.",
      "Restoring 'SQL01' isn't possible now.",
      "Deleting snapshots of 'SQL01' isn't possible now.",
      "Deleting snapshots of 'SQL01' isn't possible now.",
      "Deleting snapshots of 'SQL01' isn't possible now.",
      "Consolidating the disks of 'SQL01' isn't possible now.",
      "Powering on 'SQL01' isn't possible now.",
    ]);
  });

  it('names what the account lacks, to be copied', () => {
    const missing = {
      kind: 'noPrivilege',
      missing: ['Virtual machine > Snapshot management > Remove snapshot'],
      advisory: false,
    } as const;
    assert.deepEqual(blocked([missing], 'delete'), {
      message: "You can't delete snapshots of 'SQL01'.",
      detail: 'Missing: Virtual machine > Snapshot management > Remove snapshot.',
      buttons: [copy],
    });
    const messages = (
      ['take', 'edit', 'restore', 'restoreLatest', 'deleteWithChildren', 'deleteAll', 'consolidate', 'powerOn'] as const
    ).map((kind) => blocked([missing], kind).message);
    assert.deepEqual(messages, [
      "You can't take snapshots of 'SQL01'.",
      "You can't edit snapshots of 'SQL01'.",
      "You can't restore 'SQL01'.",
      "You can't restore 'SQL01'.",
      "You can't delete snapshots of 'SQL01'.",
      "You can't delete snapshots of 'SQL01'.",
      "You can't consolidate the disks of 'SQL01'.",
      "You can't power on 'SQL01'.",
    ]);
    assert.deepEqual(blocked([missing, template]).buttons, [copy]);
  });

  it('never has more lines than a small screen', () => {
    const disks = Array.from({ length: 30 }, (_, index) => disk(`Hard disk ${index}`, { shared: true }));
    const { detail } = blockedText(connection, planFor({ kind: 'take' }, { detail: { disks } }), context);
    assert.equal(detail.split('\n').length, maxDetailLines);
  });
});

describe('blocked: single reasons told whole', () => {
  const message = (blocker: Blocker): string => {
    const text = blocked([blocker]);
    assert.equal(text.detail, '');
    return text.message;
  };

  it('says that nothing is there, that the chain is full, that it is on', () => {
    assert.equal(
      message({ kind: 'chainFull', snapshots: 32, advisory: false }),
      "'SQL01' has the maximum of 32 snapshots in a chain. Delete some first.",
    );
    assert.equal(message({ kind: 'noSnapshots', advisory: false }), "'SQL01' has no snapshots.");
    assert.equal(message({ kind: 'noCurrentSnapshot', advisory: false }), "'SQL01' has no current snapshot.");
    assert.equal(message({ kind: 'alreadyOn', advisory: false }), "'SQL01' is powered on already.");
  });

  it('says by name that a snapshot is gone, where the name is known', () => {
    const gone = planFor({ kind: 'delete', snapshotId: 'gone' }, { vm: { snapshots: chain('a') } });
    assert.equal(
      blockedText(connection, gone, { ...context, snapshotName: 'before KB5034' }).message,
      "'before KB5034' no longer exists. Nothing was changed.",
    );
    assert.equal(blockedText(connection, gone, context).message, 'The snapshot no longer exists. Nothing was changed.');
  });
});

describe('blocked: reasons beside others', () => {
  const line = (blocker: Blocker): string | undefined => blocked([template, blocker]).detail.split('\n')[1];

  it('tells each in a sentence of its own', () => {
    const task = serverTask('t', { progressPercent: 43, startedBy: 'CORP\\veeam', startedAtMs: testNowMs - 180_000 });
    const lines = (
      [
        { kind: 'readOnlyServer', advisory: false },
        { kind: 'busy', task, advisory: false },
        { kind: 'busy', task: undefined, advisory: false },
        { kind: 'question', text: 'Disk full.\nRetry?', advisory: true },
        { kind: 'noPrivilege', missing: ['A > B', 'C > D'], advisory: false },
        { kind: 'device', device: 'PCI device 0', advisory: false },
        { kind: 'disabledByOther', advisory: true },
        { kind: 'chainFull', snapshots: 3, advisory: false },
        { kind: 'memoryWithIndependentDisk', disk: 'Hard disk 3', advisory: false },
        { kind: 'toolsNotRunning', advisory: true },
        { kind: 'snapshotGone', advisory: false },
        { kind: 'noSnapshots', advisory: false },
        { kind: 'noCurrentSnapshot', advisory: false },
        { kind: 'alreadyOn', advisory: false },
      ] satisfies Blocker[]
    ).map(line);
    assert.deepEqual(lines, [
      "'vc-paris' is marked as read-only here.",
      'It is busy: Remove snapshot, 43%, by CORP\\veeam since 15:02.',
      'It is busy with another task of this window.',
      "It waits for an answer in the vSphere Client: 'Disk full. Retry?'",
      'Missing: A > B, C > D.',
      "The device 'PCI device 0' rules snapshots out.",
      'Another product has switched this off for the VM; a backup may be running.',
      'It has the maximum of 3 snapshots in a chain. Delete some first.',
      "'Hard disk 3' is independent: leave the memory out, or power off the VM.",
      "VMware Tools isn't running, so the guest can't write its file systems to disk first.",
      'The snapshot no longer exists. Nothing was changed.',
      'It has no snapshots.',
      'It has no current snapshot.',
      'It is powered on already.',
    ]);
  });

  it('tells what the server cannot reach', () => {
    const reasons = (['disconnected', 'orphaned', 'inaccessible', 'invalid'] satisfies Reachability[]).map(
      (reachability) => line({ kind: 'unreachable', reachability, advisory: false }),
    );
    assert.deepEqual(reasons, [
      "The server can't reach this VM's host.",
      "This VM's host no longer knows it.",
      "The server can't reach this VM's files.",
      "The server can't read this VM's configuration.",
    ]);
  });

  it('tells what the server says that it cannot do', () => {
    const reasons = (
      [
        'snapshotsUnsupported',
        'memoryUnsupported',
        'quiesceUnsupported',
        'restoreUnsupported',
        'multipleUnsupported',
        'faultTolerance',
      ] satisfies Limitation[]
    ).map((limitation) => line({ kind: 'limitation', limitation, advisory: true }));
    assert.deepEqual(reasons, [
      'The server says that this VM supports no snapshots.',
      'The server says that this VM supports no snapshots with memory.',
      "The server says that this VM can't be quiesced.",
      "The server says that this VM can't be restored.",
      'The server says that this VM supports only one snapshot.',
      'It is protected by Fault Tolerance.',
    ]);
  });
});

describe('busy', () => {
  const plan = planFor({ kind: 'take' });

  it('tells what runs, since when and whose it is, and offers to wait', () => {
    const task = serverTask('t', { progressPercent: 43, startedBy: 'CORP\\veeam', startedAtMs: testNowMs - 3_780_000 });
    assert.deepEqual(busyText(plan, task, context), {
      message: "'SQL01' is busy: Remove snapshot, 43%, by CORP\\veeam since 14:02.",
      detail: '',
      buttons: [
        { title: 'Run When Done', value: 'wait' },
        { title: 'Show', value: 'show' },
      ],
    });
  });

  it('leaves out what the server does not tell', () => {
    const waiting = serverTask('t', { startedBy: undefined, startedAtMs: undefined, queuedAtMs: testNowMs });
    assert.equal(taskInWords(waiting, context), 'Remove snapshot, since 15:05');
    assert.equal(
      taskInWords(serverTask('t', { startedAtMs: testNowMs - 86_400_000 }), context),
      'Remove snapshot, by CORP\\jdoe since 21 Nov 15:05',
    );
  });

  it('knows a task that no server lists yet', () => {
    assert.equal(busyText(plan, undefined, context).message, "'SQL01' is busy with another task of this window.");
  });
});

describe('changed meanwhile', () => {
  const changed = (before: PlanFacts, now: PlanFacts) => {
    const confirmed = planFor({ kind: 'deleteAll' }, before);
    const latest = planFor({ kind: 'deleteAll' }, now);
    return changedText(connection, latest, comparePlans(confirmed, latest), context);
  };

  it('tells one change in the sentence itself', () => {
    const three = { vm: { snapshots: chain('a', 'b', 'c') } };
    const one = { vm: { snapshots: chain('a') } };
    const two = { vm: { snapshots: chain('a', 'b') } };
    assert.deepEqual(changed(one, two), {
      message: "'SQL01' changed while you were deciding: 1 snapshot was added.",
      detail: '',
      buttons: [{ title: 'Review Again', value: 'review' }],
    });
    const change = (before: PlanFacts, now: PlanFacts): string => changed(before, now).message.split(': ')[1] ?? '';
    assert.equal(change(one, three), '2 snapshots were added.');
    assert.equal(change(two, one), '1 snapshot was deleted.');
    assert.equal(change(three, one), '2 snapshots were deleted.');
    const { roots } = chain('a', 'b');
    assert.equal(
      change(two, { vm: { snapshots: { roots, currentId: roots[0]?.id } } }),
      'it was restored to another snapshot.',
    );
    const renamed = roots.map((root) => ({ ...root, name: 'other' }));
    assert.equal(change(two, { vm: { snapshots: { ...chain('a', 'b'), roots: renamed } } }), 'a snapshot was edited.');
    assert.equal(change(two, { vm: { ...two.vm, powerState: 'off' } }), 'it was powered off.');
    assert.equal(change({ vm: { ...two.vm, powerState: 'off' } }, two), 'it was powered on.');
    assert.equal(change(two, { vm: { ...two.vm, powerState: 'suspended' } }), 'it was suspended.');
    assert.equal(change(two, { vm: { ...two.vm, needsConsolidation: true } }), 'its disks need consolidation now.');
    assert.equal(change({ vm: { ...two.vm, needsConsolidation: true } }, two), 'its disks were consolidated.');
  });

  it('lists several changes, and what is in the way now', () => {
    const text = changed(
      { vm: { snapshots: chain('a') } },
      { vm: { snapshots: chain('a', 'b'), powerState: 'off', isTemplate: true } },
    );
    assert.equal(text.message, "'SQL01' changed while you were deciding.");
    assert.deepEqual(text.detail.split('\n'), [
      '1 snapshot was added',
      'it was powered off',
      'It is a template. Convert it to a virtual machine first.',
    ]);
  });
});
