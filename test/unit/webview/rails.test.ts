import assert from 'node:assert/strict';
import { drawTree } from '../../../src/ui/text/manager/drawnTree';
import { layoutRails, type RailRow } from '../../../src/webview/grid/rails';
import { randomSnapshots } from '../../../src/simulator/inventory/randomSnapshots';
import type { SnapshotSpec } from '../../../src/simulator/inventory/snapshotHistory';
import { seededRandom } from '../../../src/simulator/random/random';
import type { Snapshot } from '../../../src/hypervisor/model/snapshot';
import { snapshot, snapshotId } from '../../support/domainBuilders';

/** The rails as a picture: `|` passes, `o` is the row, `+` comes from the left, `.` is nothing. */
function picture(rows: readonly RailRow[]): string[] {
  return layoutRails(rows).map(({ lane, fromAbove, fromLeft, goesOn, passing }) => {
    const left = Array.from({ length: lane }, (_, at) => (passing.includes(at) ? '|' : '.')).join('');
    return `${left}${fromLeft ? '+' : ''}${fromAbove ? '^' : ''}o${goesOn ? 'v' : ''}`;
  });
}

const row = (level: number, branches = false): RailRow => ({ level, branches });

describe('rails', () => {
  it('draw a chain as one line', () => {
    assert.deepEqual(picture([row(1), row(1), row(1)]), ['ov', '^ov', '^o']);
  });

  it('bend where a branch leaves, and go on', () => {
    // a, b [x, y], c
    assert.deepEqual(picture([row(1), row(1), row(2), row(2), row(1)]), ['ov', '^ov', '|+ov', '|^o', '^o']);
  });

  it('end with the last of several branches', () => {
    // a [x 1, y 2], nothing after a
    assert.deepEqual(picture([row(1), row(2, true), row(2, true)]), ['ov', '|+o', '.+o']);
  });

  it('keep roots apart', () => {
    assert.deepEqual(picture([row(1, true), row(1, true), row(1)]), ['o', 'ov', '^o']);
  });

  it('are drawn to where they lead: every line that goes on is taken up, in random trees', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const rows = drawTree(randomTree(seed));
      const rails = layoutRails(rows);
      for (const [index, { lane, goesOn, passing }] of rails.entries()) {
        const next = rails[index + 1];
        const below = [...passing, ...(goesOn ? [lane] : [])];
        const taken = next === undefined ? [] : [...next.passing];
        if (next?.fromAbove === true) {
          taken.push(next.lane);
        }
        if (next?.fromLeft === true) {
          taken.push(next.lane - 1);
        }
        assert.deepEqual([...new Set(taken)].sort(), [...new Set(below)].sort(), `seed ${seed}, row ${index}`);
      }
    }
  });
});

function randomTree(seed: number): { roots: Snapshot[]; currentId: Snapshot['id'] | undefined } {
  let number = 0;
  let currentId: Snapshot['id'] | undefined;
  const build = (spec: SnapshotSpec): Snapshot => {
    const id = `s${++number}`;
    if (spec.isCurrent === true) {
      currentId = snapshotId(id);
    }
    return snapshot(id, { number, createdAtMs: number, children: (spec.children ?? []).map(build) });
  };
  const roots = randomSnapshots(seededRandom(seed), { maxSnapshots: 20 }).map(build);
  return { roots, currentId };
}
