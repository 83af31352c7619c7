import assert from 'node:assert/strict';
import { HypervisorError } from '../../../../src/hypervisor/errors';
import type { OperationKind } from '../../../../src/hypervisor/model/operation';
import type { Plan } from '../../../../src/hypervisor/plan/plan';
import type { BulkRow } from '../../../../src/operations/bulk/bulkRequest';
import { tallyOf } from '../../../../src/operations/bulk/bulkTally';
import { ChangedError } from '../../../../src/operations/bulk/changedError';
import type { OperationGroup, TrackedOperation } from '../../../../src/operations/trackedOperation';
import { type NameNotes, noNotes, reviewId, reviewSections } from '../../../../src/ui/text/bulkReview';
import { memoryByDatastore, quiescible, withoutMemory } from '../../../../src/ui/text/bulkTake';
import {
  bulkDone,
  bulkOutcome,
  bulkProgress,
  bulkTitle,
  bulkTyped,
  leftBehindText,
  restoredAndOff,
} from '../../../../src/ui/text/bulkTexts';
import { describeGroup, describeMember } from '../../../../src/ui/text/groupedRows';
import { chain, datastore, disk, objectId, serverTask, testNowMs } from '../../../support/domainBuilders';
import { tracked } from '../../../support/operationBuilder';
import { type PlanFacts, planFor } from '../../../support/planBuilder';
import { connectionWith, paris } from '../../../support/rowFixtures';

const context = { formats: paris, nowMs: testNowMs };

function row(name: string, plans: readonly Plan[], facts: Partial<BulkRow> = {}): BulkRow {
  const [plan] = plans;
  const operations = plans.map(({ operation }) => operation);
  return {
    target: { connection: connectionWith(), vmId: plan?.vm.id ?? objectId(name), vmName: name, operations },
    outlook: { kind: 'planned', plans },
    isProtected: false,
    ...facts,
  };
}

function deleteAll(name: string, facts: PlanFacts = {}): BulkRow {
  const id = objectId(`vm of ${name}`);
  return row(name, [
    planFor({ kind: 'deleteAll' }, { ...facts, vm: { id, snapshots: chain('a', 'b', 'c'), ...facts.vm } }),
  ]);
}

function list(rows: readonly BulkRow[], notes: NameNotes = noNotes): string[] {
  return reviewSections(rows, notes, context).flatMap(({ heading, rows: inside }) => [
    `# ${heading}`,
    ...inside.map(
      ({ label, description, isTicked, isBlocked }) =>
        `${isBlocked ? '-' : isTicked ? 'x' : 'o'} ${label}: ${description}`,
    ),
  ]);
}

describe('the list that is reviewed', () => {
  it('says of each VM what goes, what it needs and where it is', () => {
    const space = [{ datastoreId: objectId('ds-1'), bytes: 38 * 1024 ** 3 }];
    assert.deepEqual(list([deleteAll('SQL01', { space }), deleteAll('WEB02', { vm: { snapshots: chain('only') } })]), [
      '# Ready',
      'x SQL01: 3 snapshots · up to 38 GB on ds-1 · vc-paris',
      "x WEB02: 'only' · vc-paris",
    ]);
  });

  it('unticks what is discouraged and what cannot be, with the reason', () => {
    const gone = new HypervisorError('gone', 'm', ({ vmName }) => `'${vmName ?? ''}' no longer exists.`);
    const rows = [
      deleteAll('BUSY', { detail: { activeTasks: [serverTask('t', { progressPercent: 43 })] } }),
      deleteAll('OK'),
      deleteAll('MAIL', { vm: { snapshots: chain('VEEAM BACKUP x') } }),
      deleteAll('ASK', { vm: { question: 'Really?' } }),
      row('GONE', [], { outlook: { kind: 'unreadable', error: gone } }),
      { ...deleteAll('PROD'), isProtected: true },
    ];
    const shown = list(rows);
    assert.deepEqual(
      shown.map((line) => line.slice(0, 8)),
      ['# Ready', 'x OK: 3 ', 'x PROD: ', '# Left o', 'o MAIL: ', 'o ASK: 3', '# Blocke', '- BUSY: ', '- GONE: '],
    );
    assert.match(shown[2] ?? '', /protected/);
    assert.match(shown[4] ?? '', /'VEEAM BACKUP x' belongs to a backup product/);
    assert.match(shown[5] ?? '', /advised against: It waits for an answer/);
    assert.match(shown[7] ?? '', /blocked: It is busy: Remove snapshot, 43%/);
    assert.match(shown[8] ?? '', /blocked: 'GONE' no longer exists\./);
  });

  it('says to which snapshot a VM is restored, how it is then, and what is newer', () => {
    const restore = (power: 'on' | 'off'): BulkRow =>
      row('SQL01', [planFor({ kind: 'restoreLatest' }, { vm: { snapshots: chain('a'), powerState: power } })]);
    assert.match(list([restore('on')])[1] ?? '', /^x SQL01: to 'a' \(1h\) · is stopped · /);
    assert.match(list([restore('off')])[1] ?? '', /· stays off · /);
  });

  it('says what a take needs', () => {
    const take = row('SQL01', [
      planFor({ kind: 'take' }, { detail: { datastores: [datastore('DS-03', { id: objectId('ds-1') })] } }),
    ]);
    assert.deepEqual(list([take]), ['# Ready', 'x SQL01: 8 GB · DS-03 · vc-paris']);
    const raw = row('ORA01', [
      planFor({ kind: 'take' }, { detail: { disks: [disk('Hard disk 2', { physicalRaw: true })] } }),
    ]);
    assert.match(list([raw])[1] ?? '', /^- ORA01: 8 GB · .*blocked: 'Hard disk 2' is a raw device/);
  });

  it('names in its headings what was not found and what is not clear', () => {
    const twins = ['one', 'two'].map((place) => deleteAll(place));
    const notes: NameNotes = {
      notFound: ['WEB99', 'a', 'b', 'c', 'd', 'e'],
      ambiguous: new Map(twins.map(({ target }) => [reviewId(target), 'SQL01'])),
    };
    const shown = list([deleteAll('OK'), ...twins], notes);
    assert.deepEqual(
      shown.filter((line) => line.startsWith('#')),
      ['# Not found: WEB99, a, b, c, d and 1 more · Ready', '# 2 VMs are named SQL01'],
    );
    assert.ok(
      shown.slice(-2).every((line) => line.startsWith('o ')),
      'nobody knows which one was meant',
    );
  });
});

describe('texts about many VMs', () => {
  const kinds: readonly OperationKind[] = [
    'take',
    'restore',
    'restoreLatest',
    'delete',
    'deleteWithChildren',
    'deleteAll',
    'consolidate',
    'powerOn',
    'edit',
  ];

  it('name the count in the title', () => {
    assert.equal(bulkTitle('take', 30, paris), 'Take Snapshots of 30 VMs');
    assert.equal(bulkTitle('deleteAll', 1, paris), 'Delete All Snapshots of 1 VM');
    assert.equal(new Set(kinds.map((kind) => bulkTitle(kind, 3, paris))).size, kinds.length);
  });

  it('have typed how many snapshots go, or how many VMs are changed', () => {
    const rows = [deleteAll('a'), deleteAll('b')];
    const question = bulkTyped('deleteAll', rows, paris);
    assert.deepEqual([question.title, question.prompt], ['Delete 6 Snapshots on 2 VMs', 'Type 6 to confirm']);
    assert.ok(question.accepts(' 6 '));
    for (const wrong of ['', '2', '66', '06', 'six', '6x']) {
      assert.equal(question.accepts(wrong), false, wrong);
    }
    const restore = bulkTyped('restoreLatest', [{ ...deleteAll('a'), isProtected: true }, deleteAll('b')], paris);
    assert.deepEqual(
      [restore.title, restore.prompt],
      ['Restore 2 VMs to the Latest Snapshot', 'Type 2 to confirm. Protected: 1 VM.'],
    );
    const many = {
      ...question,
      ...bulkTyped(
        'restoreLatest',
        Array.from({ length: 1_412 }, () => deleteAll('x')),
        paris,
      ),
    };
    assert.ok(many.accepts('1,412') && many.accepts('1 412') && many.accepts('1412'));
  });

  it('count a snapshot once that goes with two of the deletes', () => {
    const facts = { vm: { snapshots: chain('a', 'b') } };
    const both = row('x', [
      planFor({ kind: 'delete', snapshotId: 'b' }, facts),
      planFor({ kind: 'deleteWithChildren', snapshotId: 'a' }, facts),
    ]);
    assert.equal(bulkTyped('deleteWithChildren', [both], paris).expected, '2');
  });

  it('tell how it went', () => {
    const tally = { ...tallyOf([]), total: 12, done: 10, failed: 2 };
    assert.equal(bulkOutcome(tally, paris), '10 of 12 VMs done, 2 failed');
    assert.equal(
      bulkOutcome({ ...tally, done: 6, unknown: 1, notStarted: 3 }, paris),
      '6 of 12 VMs done, 2 failed, 1 unknown, 3 not started',
    );
    assert.equal(bulkProgress({ ...tally, running: 4, waiting: 5, done: 1 }, paris), '3 of 12 VMs');
    assert.equal(bulkDone('take', 30, paris), 'Snapshots of 30 VMs taken');
    assert.equal(restoredAndOff(3, 3, paris), '3 VMs restored and powered off.');
    assert.equal(restoredAndOff(3, 1, paris), '3 VMs restored; one of them is powered off.');
    assert.match(
      leftBehindText(['Delete all snapshots'], 26, paris),
      /26 VMs had not been started: Delete all snapshots\./,
    );
    for (const kind of kinds) {
      assert.match(bulkDone(kind, 2, paris), /2 VMs/, kind);
    }
  });

  it('sum what memory takes by datastore, and count what cannot be', () => {
    const take = (facts: PlanFacts): BulkRow => row('x', [planFor({ kind: 'take' }, facts)]);
    const rows = [
      take({}),
      take({ detail: { toolsRunning: false } }),
      take({ vm: { powerState: 'off' } }),
      take({ detail: { disks: [disk('d', { independent: true })] } }),
    ];
    assert.deepEqual(memoryByDatastore(rows), [{ name: 'ds-1', bytes: 24 * 1024 ** 3, freeBytes: 412 * 1024 ** 3 }]);
    assert.equal(withoutMemory(rows), 1);
    assert.deepEqual(quiescible(rows), { able: 2, running: 3 });
  });
});

describe('many tasks as one row', () => {
  const group: OperationGroup = {
    id: 1,
    kind: 'deleteAll',
    vmCount: 4,
    createdAtMs: testNowMs - 120_000,
    endedAtMs: undefined,
    isStopping: false,
  };
  const member = (name: string, facts: Partial<TrackedOperation> = {}): TrackedOperation =>
    tracked({
      groupId: 1,
      vmName: name,
      operation: { kind: 'deleteAll', vmId: objectId(name) },
      snapshotName: undefined,
      ...facts,
    });
  const failed = member('b', {
    state: 'failed',
    error: new HypervisorError('diskFull', 'm', () => "Datastore 'DS-03' is full."),
  });

  it('says how far it is, and what has failed so far', () => {
    const row1 = describeGroup(
      group,
      [member('a', { state: 'succeeded' }), failed, member('c'), member('d', { state: 'waiting' })],
      context,
    );
    assert.equal(row1.label, 'Delete all snapshots – 4 VMs');
    assert.equal(row1.description, '2 of 4 VMs · 1 failed · 2m');
    assert.equal(row1.iconId, 'loading~spin');
    assert.match(row1.contextValue, /;bulk;running;/);
    const stopping = describeGroup({ ...group, isStopping: true }, [member('a')], context);
    assert.match(stopping.description, /^stopping · /);
  });

  it('says how it ended', () => {
    const over = { ...group, endedAtMs: testNowMs };
    const well = describeGroup(over, [member('a', { state: 'succeeded' })], context);
    assert.deepEqual([well.description, well.iconId], ['done · 2m', 'pass']);
    const badly = describeGroup(over, [member('a', { state: 'succeeded' }), failed], context);
    assert.deepEqual([badly.description, badly.iconId], ['1 done · 1 failed · 2m', 'error']);
    assert.match(badly.contextValue, /;failed;/);
    const open = describeGroup(over, [member('a', { state: 'unknown' })], context);
    assert.equal(open.iconId, 'question');
    const stopped = describeGroup(over, [member('a', { state: 'cancelled', startedAtMs: undefined })], context);
    assert.deepEqual([stopped.description, stopped.iconId], ['0 done · 1 not started · 2m', 'circle-slash']);
    assert.match(stopped.contextValue, /;rest;/);
  });

  it('names each VM below it, with the reason where it failed', () => {
    const member1 = describeMember(failed, context);
    assert.deepEqual([member1.label, member1.description], ['b', "failed · Datastore 'DS-03' is full."]);
    const plan = planFor({ kind: 'deleteAll' }, { vm: { snapshots: chain('a') } });
    const changed = member('SQL01', {
      state: 'failed',
      startedAtMs: undefined,
      error: new ChangedError(plan, [{ kind: 'snapshotsAdded', count: 1 }]),
    });
    assert.equal(
      describeMember(changed, context).description,
      "not sent · 'SQL01' changed while you were deciding: 1 snapshot was added.",
    );
    const one = describeMember(tracked({ groupId: 1, vmName: 'SQL01', snapshotName: 'x' }), context);
    assert.equal(one.label, "SQL01 – 'x'");
  });
});
