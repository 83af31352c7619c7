import assert from 'node:assert/strict';
import type { SnapshotId } from '../../../../src/hypervisor/model/ids';
import type { Snapshot, SnapshotTree } from '../../../../src/hypervisor/model/snapshot';
import { allSnapshots, pathTo } from '../../../../src/hypervisor/model/snapshotTree';
import { SnapshotLayout } from '../../../../src/ui/text/snapshotRows';
import { snapshot, snapshotId, testNowMs } from '../../../support/domainBuilders';
import { seededRandom } from '../../../../src/simulator/random/random';

let clock = 0;

/** A snapshot that is younger than those written before it. */
function s(name: string, ...children: Snapshot[]): Snapshot {
  return snapshot(name, { children, createdAtMs: testNowMs - 1_000_000 + timeOf(name) });
}

/** Names stand for times: `a` is older than `b`. */
function timeOf(name: string): number {
  return name.charCodeAt(0) * 1_000 + clock;
}

function tree(current: string | undefined, ...roots: Snapshot[]): SnapshotTree {
  return { roots, currentId: current === undefined ? undefined : snapshotId(current) };
}

/** All rows as one line: `a, b [x], *`, with the number of a branch behind the name. */
function draw(given: SnapshotTree): string {
  const layout = new SnapshotLayout(given);
  const list = (under: SnapshotId | undefined): string[] =>
    layout.rowsUnder(under).map(({ snapshot: { id, name }, branch }) => {
      const nested = list(id);
      return [name, branch, nested.length === 0 ? undefined : `[${nested.join(', ')}]`]
        .filter((part) => part !== undefined)
        .join(' ');
    });
  const present = layout.presentBranch === undefined ? '*' : `* ${layout.presentBranch}`;
  return [...list(undefined), present].join(', ');
}

describe('snapshot rows', () => {
  beforeEach(() => {
    clock = 0;
  });

  it('shows a chain flat, oldest first, the present state last', () => {
    assert.equal(draw(tree('c', s('a', s('b', s('c'))))), 'a, b, c, *');
  });

  it('hangs what was taken after the present state under the row that it leaves', () => {
    assert.equal(draw(tree('b', s('a', s('b', s('x', s('y')))))), 'a, b [x, y], *');
  });

  it('keeps the line to the present state flat and indents a side branch', () => {
    assert.equal(draw(tree('b', s('a', s('b'), s('x', s('y'))))), 'a [x, y], b, *');
  });

  it('marks side branches that leave the same row, and hangs what follows under their first rows', () => {
    assert.equal(draw(tree('b', s('a', s('b'), s('x', s('y', s('z'))), s('v')))), 'a [v 1, x 2 [y, z]], b, *');
  });

  it('indents again where a side branch forks', () => {
    assert.equal(draw(tree('b', s('a', s('b'), s('x', s('y'), s('z'))))), 'a [x [y 1, z 2]], b, *');
  });

  it('says that the present state is based on no snapshot', () => {
    assert.equal(draw(tree(undefined, s('a', s('b', s('c'))))), 'a 1 [b, c], * 2');
    assert.equal(draw(tree(undefined, s('a'), s('b'))), 'a 1, b 2, * 3');
  });

  it('treats a current snapshot that is not in the tree as none', () => {
    assert.equal(draw(tree('gone', s('a'))), 'a 1, * 2');
  });

  it('marks several roots, the one that leads to the present state last', () => {
    assert.equal(draw(tree('b', s('a', s('b')), s('x', s('y')))), 'x 1 [y], a 2, b, *');
  });

  it('shows nothing but the present state without snapshots', () => {
    const layout = new SnapshotLayout(tree(undefined));
    assert.deepEqual(layout.rowsUnder(undefined), []);
    assert.equal(layout.presentBranch, undefined);
  });

  it('orders branches by time, and those of one moment by number', () => {
    const at = testNowMs;
    const fork = snapshot('a', {
      children: [
        snapshot('third', { createdAtMs: at + 2, number: 2 }),
        snapshot('second', { createdAtMs: at, number: 9 }),
        snapshot('first', { createdAtMs: at, number: 3 }),
      ],
    });
    assert.equal(draw(tree('a', fork)), 'a [first 1, second 2, third 3], *');
  });

  it('shows an identity that a server gives twice once', () => {
    assert.equal(draw(tree('a', s('a', s('b', s('a'))))), 'a [b], *');
  });

  it('lays out a chain deeper than any stack', () => {
    let deepest = snapshot('s-0');
    for (let i = 1; i < 50_000; i++) {
      deepest = snapshot(`s-${i}`, { children: [deepest] });
    }
    const layout = new SnapshotLayout({ roots: [deepest], currentId: snapshotId('s-0') });
    assert.equal(layout.rowsUnder(undefined).length, 50_000);
  });

  it('lets the tree be told from the rows again, for any tree', () => {
    const random = seededRandom(20_261_122);
    for (let round = 0; round < 400; round++) {
      const given = randomTree(random);
      const rebuilt = parentsByRows(new SnapshotLayout(given), given);
      const expected = new Map<string, string | undefined>(
        allSnapshots(given).map(({ id }) => {
          const path = pathTo(given, id);
          return [id, path[path.length - 2]?.id];
        }),
      );
      expected.set('*', pathTo(given, given.currentId).at(-1)?.id);
      assert.deepEqual(rebuilt, expected, `round ${round}: ${draw(given)}`);
    }
  });
});

/** On what each snapshot and the present state are based, by nothing but the rules that a person reads rows by. */
function parentsByRows(layout: SnapshotLayout, given: SnapshotTree): Map<string, string | undefined> {
  const parents = new Map<string, string | undefined>();
  const read = (under: SnapshotId | undefined): void => {
    let above: string | undefined = under;
    for (const { snapshot: row, branch } of layout.rowsUnder(under)) {
      parents.set(row.id, branch === undefined ? above : under);
      assert.equal(layout.parentOf(row.id), under);
      above = row.id;
      read(row.id);
    }
    if (under === undefined) {
      parents.set('*', layout.presentBranch === undefined ? above : undefined);
    }
  };
  read(undefined);
  assert.equal(parents.size, allSnapshots(given).length + 1, 'every snapshot has one row');
  return parents;
}

function randomTree(random: () => number): SnapshotTree {
  const count = Math.floor(random() * 12);
  const children = new Map<number, number[]>();
  const roots: number[] = [];
  for (let i = 0; i < count; i++) {
    const parent = i === 0 || random() < 0.1 ? undefined : Math.floor(random() * i);
    if (parent === undefined) {
      roots.push(i);
    } else {
      children.set(parent, [...(children.get(parent) ?? []), i]);
    }
  }
  const build = (index: number): Snapshot =>
    snapshot(`s${index}`, { number: index, createdAtMs: index, children: (children.get(index) ?? []).map(build) });
  const current = count === 0 || random() < 0.15 ? undefined : snapshotId(`s${Math.floor(random() * count)}`);
  return { roots: roots.map(build), currentId: current };
}
