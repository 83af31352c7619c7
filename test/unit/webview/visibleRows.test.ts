import assert from 'node:assert/strict';
import { findByTyping, moveByKey } from '../../../src/webview/grid/gridKeys';
import { nextSorting, visibleRows } from '../../../src/webview/grid/visibleRows';
import type { Row } from '../../../src/webview/protocol/toPage';

function row(id: string, level = 1, facts: Partial<Row> = {}): Row {
  return {
    id,
    kind: id === 'here' ? 'present' : 'snapshot',
    level,
    branches: false,
    change: 'none',
    icon: 'device-camera',
    name: id,
    marks: [],
    created: '',
    createdTip: '',
    createdAtMs: 0,
    age: '',
    ageTone: 'none',
    own: '',
    ownTip: '',
    ownBytes: 0,
    cumulative: '',
    cumulativeBytes: 0,
    ownPercent: 0,
    basePercent: 0,
    memory: '',
    quiesced: '',
    power: '',
    description: '',
    spoken: '',
    flags: '',
    ...facts,
  };
}

// a, b [x [y]], c, here
const rows = [row('a'), row('b'), row('x', 2), row('y', 3), row('c'), row('here')];
const ids = (visible: readonly { readonly row: Row }[]): string[] => visible.map(({ row: { id } }) => id);

describe('rows of the grid', () => {
  it('say their place as a tree grid has to', () => {
    const visible = visibleRows(rows, new Set(), undefined);
    assert.deepEqual(
      visible.map(({ row: { id }, level, position, listLength, isExpanded }) => [
        id,
        level,
        position,
        listLength,
        isExpanded,
      ]),
      [
        ['a', 1, 1, 4, undefined],
        ['b', 1, 2, 4, true],
        ['x', 2, 1, 1, true],
        ['y', 3, 1, 1, undefined],
        ['c', 1, 3, 4, undefined],
        ['here', 1, 4, 4, undefined],
      ],
    );
  });

  it('fold up, whatever is folded below them', () => {
    assert.deepEqual(ids(visibleRows(rows, new Set(['b', 'x', 'gone', 'a']), undefined)), ['a', 'b', 'c', 'here']);
    const [, b] = visibleRows(rows, new Set(['b']), undefined);
    assert.equal(b?.isExpanded, false);
    // The line to the row that follows is not broken by it.
    assert.equal(b.rail?.goesOn, true);
  });

  it('are sorted flat, what is no snapshot last', () => {
    const sized = [row('here'), row('s10', 1, { ownBytes: 1 }), row('s9', 2, { ownBytes: 2 })];
    const byName = visibleRows(sized, new Set(), { column: 'name', isDescending: false });
    assert.deepEqual(ids(byName), ['s9', 's10', 'here']);
    assert.deepEqual(ids(visibleRows(sized, new Set(), { column: 'own', isDescending: true })), ['s9', 's10', 'here']);
    assert.deepEqual(
      byName.map(({ level, rail }) => [level, rail]),
      [
        [1, undefined],
        [1, undefined],
        [1, undefined],
      ],
    );
  });

  it('are sorted upwards, downwards, and are a tree again', () => {
    const up = nextSorting(undefined, 'created');
    const down = nextSorting(up, 'created');
    assert.deepEqual([up?.isDescending, down?.isDescending, nextSorting(down, 'created')], [false, true, undefined]);
    assert.deepEqual(nextSorting(down, 'own'), { column: 'own', isDescending: false });
  });
});

describe('keys of the grid', () => {
  const visible = visibleRows(rows, new Set(), undefined);
  const folded = visibleRows(rows, new Set(['b']), undefined);
  const focus = (id: string): unknown => ({ kind: 'focus', id });

  it('lead from row to row and stop at the ends', () => {
    assert.deepEqual(moveByKey(visible, 'a', 'ArrowDown'), focus('b'));
    assert.deepEqual(moveByKey(visible, 'a', 'ArrowUp'), focus('a'));
    assert.deepEqual(moveByKey(visible, 'a', 'End'), focus('here'));
    assert.deepEqual(moveByKey(visible, 'here', 'ArrowDown'), focus('here'));
    assert.deepEqual(moveByKey(visible, 'y', 'Home'), focus('a'));
    assert.deepEqual(moveByKey(visible, 'a', 'PageDown'), focus('here'));
  });

  it('unfold and enter, fold and leave', () => {
    assert.deepEqual(moveByKey(folded, 'b', 'ArrowRight'), { kind: 'toggle', id: 'b' });
    assert.deepEqual(moveByKey(visible, 'b', 'ArrowRight'), focus('x'));
    assert.deepEqual(moveByKey(visible, 'y', 'ArrowRight'), { kind: 'none' });
    assert.deepEqual(moveByKey(visible, 'b', 'ArrowLeft'), { kind: 'toggle', id: 'b' });
    assert.deepEqual(moveByKey(visible, 'y', 'ArrowLeft'), focus('x'));
    assert.deepEqual(moveByKey(visible, 'a', 'ArrowLeft'), { kind: 'none' });
  });

  it('leave all others alone, and survive an empty grid', () => {
    assert.equal(moveByKey(visible, 'a', 'Tab'), undefined);
    assert.equal(moveByKey(visible, 'a', 'Enter'), undefined);
    assert.deepEqual(moveByKey([], undefined, 'ArrowDown'), { kind: 'none' });
  });

  it('find a row by the beginning of its name, and go around', () => {
    assert.equal(findByTyping(visible, 'a', 'H'), 'here');
    assert.equal(findByTyping(visible, 'c', 'b'), 'b');
    assert.equal(findByTyping(visible, 'a', 'z'), undefined);
    // A second letter does not leave a row that still fits.
    assert.equal(findByTyping(visible, 'here', 'he'), 'here');
  });
});
