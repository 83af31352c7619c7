import assert from 'node:assert/strict';
import type { Snapshot, SnapshotTree } from '../../../src/hypervisor/model/snapshot';
import {
  allSnapshots,
  countSnapshots,
  currentDepth,
  findSnapshot,
  newestSnapshot,
  oldestSnapshot,
  pathTo,
  sameTree,
  sameTreeInAnyOrder,
  treeDepth,
  withDescendants,
} from '../../../src/hypervisor/model/snapshotTree';
import { chain, snapshot, snapshotId, testNowMs } from '../../support/domainBuilders';

// base ─┬─ a ── b (current)
//       └─ c
const branched: SnapshotTree = {
  roots: [
    snapshot('base', {
      createdAtMs: 1,
      children: [
        snapshot('a', { createdAtMs: 2, children: [snapshot('b', { createdAtMs: 3 })] }),
        snapshot('c', { createdAtMs: 4 }),
      ],
    }),
  ],
  currentId: snapshotId('b'),
};
const none: SnapshotTree = { roots: [], currentId: undefined };

const ids = (snapshots: readonly Snapshot[]): string[] => snapshots.map((each) => each.id);

describe('snapshot trees', () => {
  it('list parents before children and keep the order of siblings', () => {
    assert.deepEqual(ids(allSnapshots(branched)), ['base', 'a', 'b', 'c']);
    assert.deepEqual(ids(withDescendants(branched.roots[0]?.children[0] as Snapshot)), ['a', 'b']);
    assert.equal(countSnapshots(none), 0);
  });

  it('find by identity, and nothing for an unknown or missing one', () => {
    assert.equal(findSnapshot(branched, snapshotId('c'))?.name, 'c');
    assert.equal(findSnapshot(branched, snapshotId('x')), undefined);
    assert.equal(findSnapshot(branched, undefined), undefined);
  });

  it('give the path from the root, empty when there is none', () => {
    assert.deepEqual(ids(pathTo(branched, snapshotId('b'))), ['base', 'a', 'b']);
    assert.deepEqual(pathTo(branched, snapshotId('gone')), []);
    assert.deepEqual(pathTo(branched, undefined), []);
  });

  it('measure depth as vSphere counts it', () => {
    assert.equal(treeDepth(none), 0);
    assert.equal(treeDepth(branched), 3);
    assert.equal(currentDepth(branched), 3);
    assert.equal(currentDepth({ ...branched, currentId: undefined }), 0);
    assert.equal(currentDepth({ ...branched, currentId: snapshotId('c') }), 2);
  });

  it('know the newest and the oldest wherever they are, and settle equal times by number', () => {
    assert.equal(newestSnapshot(branched)?.id, 'c');
    assert.equal(oldestSnapshot(branched)?.id, 'base');
    assert.equal(newestSnapshot(none), undefined);
    const twins: SnapshotTree = {
      roots: [snapshot('x', { number: 2, createdAtMs: 9 }), snapshot('y', { number: 1, createdAtMs: 9 })],
      currentId: undefined,
    };
    assert.equal(newestSnapshot(twins)?.id, 'x');
  });

  it('survive a chain deeper than any call stack', () => {
    let deepest = snapshot('leaf');
    for (let i = 0; i < 50_000; i++) {
      deepest = snapshot(`s${i}`, { children: [deepest] });
    }
    const deep: SnapshotTree = { roots: [deepest], currentId: snapshotId('leaf') };
    assert.equal(countSnapshots(deep), 50_001);
    assert.equal(treeDepth(deep), 50_001);
    assert.equal(pathTo(deep, deep.currentId).length, 50_001);
    assert.equal(sameTree(deep, { ...deep, roots: [{ ...deepest }] }), true);
  });
});

describe('sameTree', () => {
  const base = chain('a', 'b');
  const changes: Partial<Record<keyof Snapshot, Partial<Snapshot>>> = {
    id: { id: snapshotId('other') },
    number: { number: 99 },
    name: { name: 'renamed' },
    description: { description: 'new' },
    createdAtMs: { createdAtMs: testNowMs },
    powerState: { powerState: 'on' },
    hasMemory: { hasMemory: true },
    quiesced: { quiesced: true },
    children: { children: [] },
  };
  for (const [field, change] of Object.entries(changes)) {
    it(`sees a difference in ${field}`, () => {
      const [root] = base.roots;
      assert.equal(sameTree(base, { ...base, roots: [{ ...(root as Snapshot), ...change }] }), false);
    });
  }

  it('sees the current snapshot and the number of roots', () => {
    assert.equal(sameTree(base, { ...base, currentId: snapshotId('a') }), false);
    assert.equal(sameTree(base, { ...base, roots: [...base.roots, snapshot('c')] }), false);
    assert.equal(sameTree(base, structuredClone(base)), true);
  });
});

describe('sameTreeInAnyOrder', () => {
  const reversed: SnapshotTree = {
    ...branched,
    roots: branched.roots.map((root) => ({ ...root, children: [...root.children].reverse() })),
  };

  it('does not mind the order of siblings', () => {
    assert.equal(sameTree(branched, reversed), false);
    assert.equal(sameTreeInAnyOrder(branched, reversed), true);
    assert.equal(sameTreeInAnyOrder(none, none), true);
  });

  it('minds facts, parents, the current one, and what is there', () => {
    const [root] = branched.roots;
    const moved: SnapshotTree = {
      ...branched,
      roots: [{ ...(root as Snapshot), children: [] }, ...(root?.children ?? [])],
    };
    assert.equal(sameTreeInAnyOrder(branched, moved), false);
    assert.equal(sameTreeInAnyOrder(branched, { ...branched, currentId: snapshotId('a') }), false);
    assert.equal(sameTreeInAnyOrder(branched, chain('base', 'a', 'b')), false);
    assert.equal(sameTreeInAnyOrder(chain('a'), { ...chain('a'), roots: [snapshot('a', { name: 'renamed' })] }), false);
  });
});
