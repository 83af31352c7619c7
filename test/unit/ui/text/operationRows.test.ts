import assert from 'node:assert/strict';
import { HypervisorError } from '../../../../src/hypervisor/errors';
import type { Operation } from '../../../../src/hypervisor/model/operation';
import type { TrackedOperation } from '../../../../src/operations/trackedOperation';
import {
  describeOperation,
  operationErrorContext,
  operationLabel,
  operationTooltip,
} from '../../../../src/ui/text/operationRows';
import { operationInProgress } from '../../../../src/ui/text/operationNames';
import { objectId, snapshotId, testNowMs } from '../../../support/domainBuilders';
import { tracked } from '../../../support/operationBuilder';
import { paris } from '../../../support/rowFixtures';

const context = { formats: paris, nowMs: testNowMs };
const vmId = objectId('vm-1');
const ended = { endedAtMs: testNowMs - 60_000 };

describe('rows: operations', () => {
  it('tells what, where and how far', () => {
    assert.deepEqual(describeOperation(tracked({ progressPercent: 43, cancelable: true }), context), {
      label: "Delete snapshot 'x' – SQL01",
      description: '43% · 2m · vc-paris',
      iconId: 'loading~spin',
      contextValue: ';operation;running;cancelable;',
      accessibilityLabel: "Delete snapshot 'x' – SQL01, running, 43%, 2m, vc-paris",
      collapsible: 'none',
    });
  });

  it('tells every state in words', () => {
    const cases: Partial<TrackedOperation>[] = [
      { state: 'waiting' },
      { state: 'sending' },
      { state: 'running' },
      { state: 'running', outOfTouch: true, progressPercent: 43, cancelable: true },
      { state: 'succeeded', ...ended },
      { state: 'failed', ...ended },
      { state: 'cancelled', ...ended },
      { state: 'cancelled', startedAtMs: undefined, ...ended },
      { state: 'unknown' },
    ];
    const rows = cases.map((facts) => describeOperation(tracked(facts), context));
    assert.deepEqual(
      rows.map(({ iconId, description, contextValue }) => `${iconId} | ${description} | ${contextValue}`),
      [
        'loading~spin | waiting · vc-paris | ;operation;waiting;',
        'loading~spin | sending · vc-paris | ;operation;sending;',
        'loading~spin | running · 2m · vc-paris | ;operation;running;',
        'loading~spin | out of touch · 43% · 2m · vc-paris | ;operation;running;',
        'pass | done in 1m · vc-paris | ;operation;succeeded;',
        'error | failed after 1m · vc-paris | ;operation;failed;',
        'circle-slash | stopped after 1m · vc-paris | ;operation;cancelled;',
        'circle-slash | not started · vc-paris | ;operation;cancelled;',
        'question | outcome unknown · vc-paris | ;operation;unknown;',
      ],
    );
  });

  it('counts from when it was asked for while it has not started', () => {
    const waiting = tracked({ state: 'running', startedAtMs: undefined, createdAtMs: testNowMs - 5_000 });
    assert.equal(describeOperation(waiting, context).description, 'running · 5s · vc-paris');
  });

  it('names each kind of operation', () => {
    const operations: Operation[] = [
      { kind: 'take', vmId, name: 'n', description: '', contents: 'disks' },
      { kind: 'edit', vmId, snapshotId: snapshotId('x') },
      { kind: 'restore', vmId, snapshotId: snapshotId('x') },
      { kind: 'restoreLatest', vmId },
      { kind: 'deleteWithChildren', vmId, snapshotId: snapshotId('x') },
      { kind: 'deleteAll', vmId },
      { kind: 'consolidate', vmId },
      { kind: 'powerOn', vmId },
    ];
    const named = new Set(['take', 'edit', 'restore', 'restoreLatest', 'deleteWithChildren']);
    assert.deepEqual(
      operations.map((operation) =>
        operationLabel(tracked({ operation, snapshotName: named.has(operation.kind) ? 'x' : undefined })),
      ),
      [
        "Take snapshot 'x' – SQL01",
        "Edit snapshot 'x' – SQL01",
        "Restore snapshot 'x' – SQL01",
        "Restore to latest snapshot 'x' – SQL01",
        "Delete snapshot with children 'x' – SQL01",
        'Delete all snapshots – SQL01',
        'Consolidate – SQL01',
        'Power on – SQL01',
      ],
    );
    assert.deepEqual(
      operations.map(({ kind }) => operationInProgress(kind)),
      [
        'taking snapshot',
        'editing snapshot',
        'restoring',
        'restoring',
        'deleting snapshots',
        'deleting all snapshots',
        'consolidating',
        'powering on',
      ],
    );
  });

  it('cuts the name of a snapshot, but neither for who hears it nor in the tooltip', () => {
    const operation = tracked({ snapshotName: 'Snapshot 2026-11-22 18:05' });
    const row = describeOperation(operation, context);
    assert.equal(row.label, "Delete snapshot 'Snapshot 2…-22 18:05' – SQL01");
    assert.match(row.accessibilityLabel, /^Delete snapshot 'Snapshot 2026-11-22 18:05' – SQL01, /);
    assert.equal(operationTooltip(operation, context).title, "Delete snapshot 'Snapshot 2026-11-22 18:05' – SQL01");
  });

  it('tells in its tooltip why it failed, what it was doing and when', () => {
    const error = new HypervisorError(
      'diskFull',
      'log',
      ({ vmName, snapshotName, serverLabel, attempt }) => `${attempt} ${vmName} ${snapshotName} ${serverLabel}`,
    );
    assert.deepEqual(
      operationTooltip(tracked({ state: 'failed', error, phase: 'Merging\ndisks', ...ended }), context),
      {
        title: "Delete snapshot 'x' – SQL01",
        paragraphs: [
          'delete snapshots of SQL01 x vc-paris',
          'Merging disks',
          'Started 22 Nov 2026 15:03 (14:03 UTC)',
          'Ended 22 Nov 2026 15:04 (14:04 UTC)',
        ],
      },
    );
    assert.deepEqual(operationTooltip(tracked({ outOfTouch: true }), context).paragraphs, [
      "'vc-paris' can't be asked at the moment; the task goes on there.",
      'Started 22 Nov 2026 15:03 (14:03 UTC)',
    ]);
  });

  it('gives the sentence of an error its names, fit to be shown', () => {
    const names = operationErrorContext(tracked({ vmName: 'SQL\n01', snapshotName: undefined }));
    assert.deepEqual(names, {
      serverLabel: 'vc-paris',
      userName: 'jdoe',
      vmName: 'SQL 01',
      attempt: 'delete snapshots of',
    });
  });
});
