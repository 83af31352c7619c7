import assert from 'node:assert/strict';
import type { SnapshotTree } from '../../../../src/hypervisor/model/snapshot';
import { type ConfirmationContext, confirmationText, safetySnapshotName } from '../../../../src/ui/text/confirmations';
import { maxDetailLines } from '../../../../src/ui/text/modalText';
import { chain, datastore, disk, objectId, snapshot, snapshotId, testNowMs } from '../../../support/domainBuilders';
import { type PlanFacts, planFor } from '../../../support/planBuilder';
import { paris } from '../../../support/rowFixtures';

const day = 86_400_000;
const gigabyte = 1024 ** 3;
const context: ConfirmationContext = { formats: paris, nowMs: testNowMs, offerSnapshotFirst: true };

/** 'before KB5034' of 19 November, three more after it, 'nightly' the current one. */
const fourSnapshots: SnapshotTree = {
  roots: [
    snapshot('base', {
      createdAtMs: testNowMs - 41 * day,
      children: [
        snapshot('before KB5034', {
          createdAtMs: Date.UTC(2026, 10, 19, 8, 12),
          children: [
            snapshot('third', {
              children: [snapshot('nightly', { createdAtMs: Date.UTC(2026, 10, 21, 17, 40) })],
            }),
          ],
        }),
      ],
    }),
  ],
  currentId: snapshotId('nightly'),
};

/** `a` - `b` is where the VM is; `x` - `y` is another branch. */
const forked: SnapshotTree = {
  roots: [
    snapshot('a', {
      createdAtMs: testNowMs - 12 * day,
      children: [
        snapshot('b', { createdAtMs: testNowMs - 5 * day }),
        snapshot('x', {
          createdAtMs: testNowMs - 4 * day,
          children: [snapshot('y', { createdAtMs: Date.UTC(2026, 10, 22, 9, 1) })],
        }),
      ],
    }),
  ],
  currentId: snapshotId('b'),
};

describe('confirmations: restore', () => {
  const restore = (tree: SnapshotTree, id: string, facts: PlanFacts = {}, changes: Partial<ConfirmationContext> = {}) =>
    confirmationText(planFor({ kind: 'restore', snapshotId: id }, { ...facts, vm: { snapshots: tree, ...facts.vm } }), {
      ...context,
      ...changes,
    });

  it('says what is restored, lost, what comes then and what stays', () => {
    assert.deepEqual(restore(fourSnapshots, 'before KB5034'), {
      message: "Restore 'SQL01' to 'before KB5034'?",
      detail: [
        'Taken 19 Nov 2026 09:12 (3 days ago), disks only.',
        "Lost: all changes made after the current snapshot 'nightly' (21 Nov 18:40). They are in no snapshot.",
        'Then: powered off. The VM is running now and stops at once, without a guest shutdown.',
        'Kept: all 4 snapshots.',
      ].join('\n'),
      buttons: [
        { title: 'Take Snapshot, Then Restore', value: 'snapshotFirst' },
        { title: 'Restore', value: 'go' },
      ],
    });
  });

  it('offers no snapshot first to whoever has switched that off', () => {
    assert.deepEqual(restore(fourSnapshots, 'base', {}, { offerSnapshotFirst: false }).buttons, [
      { title: 'Restore', value: 'go' },
    ]);
  });

  it('says how it goes on with memory', () => {
    const tree: SnapshotTree = {
      roots: [snapshot('m', { createdAtMs: Date.UTC(2026, 10, 19, 8, 12), hasMemory: true, powerState: 'on' })],
      currentId: snapshotId('m'),
    };
    assert.deepEqual(restore(tree, 'm').detail.split('\n'), [
      'Taken 19 Nov 2026 09:12 (3 days ago), with memory.',
      "Lost: all changes made after the current snapshot 'm' (19 Nov 09:12). They are in no snapshot.",
      'Then: running as at 19 Nov 09:12, without a reboot.',
      'Kept: the snapshot.',
    ]);
  });

  it('tells the state that a VM goes to from every state that it may be in', () => {
    const then = (now: 'on' | 'off' | 'suspended', target: 'off' | 'suspended'): string | undefined => {
      const tree = { roots: [snapshot('s', { powerState: target })], currentId: snapshotId('s') };
      return restore(tree, 's', { vm: { powerState: now } })
        .detail.split('\n')
        .find((line) => line.startsWith('Then:'));
    };
    assert.equal(then('off', 'off'), 'Then: powered off, as it is now.');
    assert.equal(
      then('suspended', 'off'),
      'Then: powered off. The VM is suspended now; what it had in memory is lost.',
    );
    assert.equal(then('off', 'suspended'), 'Then: suspended as at 21 Nov 15:05.');
    assert.equal(
      then('on', 'suspended'),
      'Then: suspended as at 21 Nov 15:05. The VM is running now and stops at once, without a guest shutdown.',
    );
  });

  it('says that the whole present state is lost when no snapshot is current', () => {
    const lines = restore({ ...fourSnapshots, currentId: undefined }, 'base').detail.split('\n');
    assert.equal(lines[1], 'Lost: the present state; it is in no snapshot.');
  });

  it('names the disks that stay as they are', () => {
    const disks = [disk('Hard disk 1'), disk('Hard disk 3', { independent: true })];
    assert.match(
      restore(fourSnapshots, 'base', { detail: { disks } }).detail,
      /\nNot restored: Hard disk 3 \(independent\)\.$/,
    );
    const many = [1, 2, 3, 4, 5].map((number) => disk(`Hard disk ${number}`, { independent: true }));
    assert.match(
      restore(fourSnapshots, 'base', { detail: { disks: many } }).detail,
      /\nNot restored: Hard disk 1, Hard disk 2, Hard disk 3 and 2 more \(independent\)\.$/,
    );
  });

  it('warns of the domain where a Windows guest goes back more than 30 days', () => {
    const detail = { windowsGuest: true };
    assert.match(restore(fourSnapshots, 'base', { detail }).detail, /\nDomain trust may be broken\.$/);
    assert.doesNotMatch(restore(fourSnapshots, 'before KB5034', { detail }).detail, /Domain/);
    assert.doesNotMatch(restore(fourSnapshots, 'base').detail, /Domain/);
  });

  it('offers no snapshot first where the chain has no room for it', () => {
    const deep = (depth: number): SnapshotTree => chain(...Array.from({ length: depth }, (_, index) => `s${index}`));
    assert.equal(restore(deep(30), 's1').buttons.length, 2);
    assert.equal(restore(deep(31), 's1').buttons.length, 1);
    assert.equal(restore(deep(32), 's1').buttons.length, 1);
    assert.equal(restore(deep(3), 's1', { detail: { maxSnapshots: 3 } }).buttons.length, 1);
  });

  it('offers no snapshot first where none can be taken', () => {
    const disks = [disk('Hard disk 1', { physicalRaw: true })];
    assert.deepEqual(restore(fourSnapshots, 'base', { detail: { disks } }).buttons, [
      { title: 'Restore', value: 'go' },
    ]);
  });

  it('begins with the backup product whose snapshot it is', () => {
    const tree = chain('VEEAM BACKUP TEMPORARY SNAPSHOT');
    assert.equal(
      restore(tree, 'VEEAM BACKUP TEMPORARY SNAPSHOT').detail.split('\n')[0],
      "This snapshot belongs to a backup product (name matches 'VEEAM BACKUP'). A backup may be running.",
    );
  });

  it('names the vCenter behind an ESXi', () => {
    assert.match(
      restore(fourSnapshots, 'base', { detail: { managedBy: '10.0.0.5' } }).detail,
      /\nThe vCenter '10\.0\.0\.5' manages this ESXi and may interfere: connect to it instead\.$/,
    );
  });

  it('names the current snapshot for the latest, and a newer one on another branch', () => {
    const text = confirmationText(planFor({ kind: 'restoreLatest' }, { vm: { snapshots: forked } }), context);
    assert.equal(text.message, "Restore 'SQL01' to 'b'?");
    assert.equal(text.detail.split('\n').at(-1), "A newer snapshot exists on another branch: 'y' (22 Nov 10:01).");
    const onTip = confirmationText(planFor({ kind: 'restoreLatest' }, { vm: { snapshots: fourSnapshots } }), context);
    assert.doesNotMatch(onTip.detail, /newer/);
  });
});

describe('confirmations: delete', () => {
  const remove = (tree: SnapshotTree, id: string, facts: PlanFacts = {}) =>
    confirmationText(
      planFor({ kind: 'delete', snapshotId: id }, { ...facts, vm: { snapshots: tree, ...facts.vm } }),
      context,
    );

  it('says that the present state stays, and how many snapshots', () => {
    const sizes = {
      bySnapshot: new Map([
        [snapshotId('base'), { diskBytes: 38 * gigabyte, memoryBytes: 0.2 * gigabyte, liveBytes: 0 }],
      ]),
      totalBytes: 0,
      leftoverBytes: 0,
      measuredAtMs: testNowMs,
    };
    assert.deepEqual(remove(fourSnapshots, 'base', { detail: { sizes } }), {
      message: "Delete snapshot 'base' of 'SQL01'?",
      detail: [
        'Taken 12 Oct 2026 (41 days ago), 38.2 GB.',
        'The VM keeps its present state; you can no longer return to this point.',
        '3 snapshots below it stay.',
        "Merging can take long and slow the VM. This can't be undone.",
      ].join('\n'),
      buttons: [{ title: 'Delete', value: 'go' }],
    });
  });

  it('leaves out a size that is not known, and counts one in the singular', () => {
    const lines = remove(fourSnapshots, 'third').detail.split('\n');
    assert.equal(lines[0], 'Taken 21 Nov 2026 (1 day ago).');
    assert.equal(lines[2], '1 snapshot below it stays.');
    assert.equal(remove(fourSnapshots, 'nightly').detail.split('\n').length, 3);
  });

  it('says on the tip of a side branch that its data is lost', () => {
    assert.equal(remove(forked, 'y').detail.split('\n')[1], 'Its data is on no other branch and is lost.');
    assert.equal(
      remove(forked, 'x').detail.split('\n')[1],
      'The VM keeps its present state; you can no longer return to this point.',
    );
  });

  it('lists by name what goes with its children', () => {
    const text = confirmationText(
      planFor({ kind: 'deleteWithChildren', snapshotId: 'base' }, { vm: { snapshots: fourSnapshots } }),
      context,
    );
    assert.deepEqual(text, {
      message: "Delete 'base' and the 3 snapshots below it?",
      detail: [
        "Of 'SQL01':",
        "'base' (41 days)",
        "'before KB5034' (3 days)",
        "'third' (1 day)",
        "'nightly' (20 hours)",
        'The VM keeps its present state.',
      ].join('\n'),
      buttons: [{ title: 'Delete 4 Snapshots', value: 'go' }],
    });
  });

  it('speaks of one child in the singular, and of none as of one snapshot', () => {
    const withChildren = (id: string) =>
      confirmationText(planFor({ kind: 'deleteWithChildren', snapshotId: id }, { vm: { snapshots: forked } }), context);
    assert.equal(withChildren('x').message, "Delete 'x' and the snapshot below it?");
    assert.deepEqual(withChildren('x').buttons, [{ title: 'Delete 2 Snapshots', value: 'go' }]);
    assert.equal(withChildren('y').message, "Delete snapshot 'y' of 'SQL01'?");
  });

  it('counts the names for which there is no room', () => {
    const tree = chain(...Array.from({ length: 14 }, (_, index) => `s${index}`));
    const lines = confirmationText(
      planFor({ kind: 'deleteWithChildren', snapshotId: 's0' }, { vm: { snapshots: tree } }),
      context,
    ).detail.split('\n');
    assert.equal(lines.length, maxDetailLines);
    assert.equal(lines[10], 'and 5 more');
    assert.equal(lines[9], "'s8' (6 hours)");
  });
});

describe('confirmations: delete all', () => {
  const removeAll = (tree: SnapshotTree, facts: PlanFacts = {}) =>
    confirmationText(planFor({ kind: 'deleteAll' }, { ...facts, vm: { snapshots: tree } }), context);

  it('names what goes, what is lost on side branches, and the room that it needs', () => {
    const datastores = [datastore('ds-1', { name: 'DS-03' })];
    const space = [{ datastoreId: objectId('ds-1'), bytes: 38 * gigabyte }];
    assert.deepEqual(removeAll(forked, { detail: { datastores }, space }), {
      message: "Delete all 4 snapshots of 'SQL01'?",
      detail: [
        "'a' (12 days)",
        "'b' (5 days)",
        "'x' (4 days)",
        "'y' (5 hours)",
        "A side branch is lost: 'y'.",
        'Needs up to 38 GB on DS-03; 412 GB free.',
        'The VM keeps its present state.',
      ].join('\n'),
      buttons: [{ title: 'Delete 4 Snapshots', value: 'go' }],
    });
  });

  it('says when the room is too little', () => {
    const space = [{ datastoreId: objectId('ds-1'), bytes: 500 * gigabyte }];
    assert.match(removeAll(forked, { space }).detail, /\nNeeds up to 500 GB on ds-1; only 412 GB free\.\n/);
    const justEnough = [{ datastoreId: objectId('ds-1'), bytes: 412 * gigabyte }];
    assert.match(removeAll(forked, { space: justEnough }).detail, /\nNeeds up to 412 GB on ds-1; 412 GB free\.\n/);
  });

  it('speaks of one snapshot in the singular, and of several branches in the plural', () => {
    assert.equal(removeAll(chain('only')).message, "Delete the only snapshot of 'SQL01'?");
    assert.deepEqual(removeAll(chain('only')).buttons, [{ title: 'Delete 1 Snapshot', value: 'go' }]);
    const tips = ['test', 'beta', 'x', 'y', 'z'].map((name) => snapshot(name));
    const tree = { roots: [snapshot('a', { children: tips })], currentId: snapshotId('a') };
    assert.match(removeAll(tree).detail, /\nSide branches are lost: 'test', 'beta', 'x' and 2 more\.\n/);
  });

  it('names the snapshot of a backup product among them', () => {
    assert.equal(
      removeAll(chain('a', 'VEEAM BACKUP TEMPORARY SNAPSHOT')).detail.split('\n')[0],
      "'VEEAM BACKUP TEMPORARY SNAPSHOT' belongs to a backup product (name matches 'VEEAM BACKUP'). A backup may be running.",
    );
  });

  it('never has more lines than a small screen', () => {
    const names = Array.from({ length: 40 }, (_, index) => `VEEAM BACKUP ${index}`);
    const tips = names.map((name) => snapshot(name));
    const tree = { roots: [snapshot('a', { children: tips })], currentId: snapshotId('a') };
    const space = [1, 2, 3, 4, 5].map(() => ({ datastoreId: objectId('ds-1'), bytes: gigabyte }));
    const lines = removeAll(tree, { space, detail: { managedBy: 'vc' } }).detail.split('\n');
    assert.equal(lines.length, maxDetailLines);
    assert.equal(lines.filter((line) => line.startsWith('and ')).length, 1);
    const shown = lines.filter((line) => /^'.*\(\d+ days?\)$/.test(line)).length;
    assert.ok(lines.includes(`and ${41 - shown} more`));
  });
});

describe('confirmations: the others', () => {
  it('says what consolidating does', () => {
    const space = [{ datastoreId: objectId('ds-1'), bytes: 12.4 * gigabyte }];
    assert.deepEqual(
      confirmationText(
        planFor({ kind: 'consolidate' }, { vm: { name: 'FILE03', needsConsolidation: true }, space }),
        context,
      ),
      {
        message: "Consolidate the disks of 'FILE03'?",
        detail:
          'Leftover disks are merged; no snapshot is lost. It may take hours, slow the VM and pause it briefly at the end.\n' +
          'Needs up to 12.4 GB on ds-1; 412 GB free.',
        buttons: [{ title: 'Consolidate', value: 'go' }],
      },
    );
  });

  it('says when nothing needs consolidation', () => {
    assert.deepEqual(confirmationText(planFor({ kind: 'consolidate' }, { vm: { name: 'FILE03' } }), context), {
      message: "'FILE03' doesn't need consolidation.",
      detail: '',
      buttons: [{ title: 'Consolidate Anyway', value: 'go' }],
    });
  });

  it('warns before the snapshot of a backup product is edited', () => {
    const tree = chain('VEEAM BACKUP TEMPORARY SNAPSHOT');
    assert.deepEqual(
      confirmationText(
        planFor({ kind: 'edit', snapshotId: 'VEEAM BACKUP TEMPORARY SNAPSHOT' }, { vm: { snapshots: tree } }),
        context,
      ),
      {
        message: "Edit snapshot 'VEEAM BACKUP TEMPORARY SNAPSHOT' of 'SQL01'?",
        detail: "This snapshot belongs to a backup product (name matches 'VEEAM BACKUP'). A backup may be running.",
        buttons: [{ title: 'Edit', value: 'go' }],
      },
    );
  });

  it('asks about taking and powering on in the same form', () => {
    assert.deepEqual(confirmationText(planFor({ kind: 'take' }), context), {
      message: "Take a snapshot of 'SQL01'?",
      detail: '',
      buttons: [{ title: 'Take Snapshot', value: 'go' }],
    });
    assert.deepEqual(confirmationText(planFor({ kind: 'powerOn' }), context), {
      message: "Power on 'SQL01'?",
      detail: '',
      buttons: [{ title: 'Power On', value: 'go' }],
    });
  });
});

describe('confirmations: names', () => {
  const hostile = `${'n'.repeat(40)}\n\u202Eevil\u0000${'m'.repeat(40)}`;

  it('cuts names in the middle to 60 characters and on one line', () => {
    const tree = { roots: [snapshot('s', { name: hostile })], currentId: snapshotId('s') };
    const plan = planFor({ kind: 'restore', snapshotId: 's' }, { vm: { name: hostile, snapshots: tree } });
    const { message, detail } = confirmationText(plan, context);
    const name = `${'n'.repeat(30)}…${'m'.repeat(29)}`;
    assert.equal(message, `Restore '${name}' to '${name}'?`);
    assert.equal(detail.split('\n').length, 4);
    // eslint-disable-next-line no-control-regex -- they must not be there
    assert.doesNotMatch(message + detail, /[\u0000-\u0009\u202a-\u202e]/);
  });

  it('shows something for a name that is empty', () => {
    const tree = { roots: [snapshot('s', { name: '' })], currentId: snapshotId('s') };
    const plan = planFor({ kind: 'delete', snapshotId: 's' }, { vm: { snapshots: tree } });
    assert.equal(confirmationText(plan, context).message, "Delete snapshot '(unnamed)' of 'SQL01'?");
  });

  it('names the safety snapshot within what the vSphere Client takes', () => {
    const plan = planFor({ kind: 'restore', snapshotId: 'base' }, { vm: { snapshots: fourSnapshots } });
    assert.equal(safetySnapshotName(plan), "Before restore to 'base'");
    const tree = { roots: [snapshot('s', { name: hostile })], currentId: snapshotId('s') };
    const long = safetySnapshotName(planFor({ kind: 'restore', snapshotId: 's' }, { vm: { snapshots: tree } }));
    assert.equal([...long].length, 80);
  });
});
