import type { Row } from '../protocol/toPage';
import { layoutRails, type Rail } from './rails';

/** Columns by which rows can be sorted. In any order but that of the tree there are no branches to see. */
export type SortColumn = 'name' | 'created' | 'own' | 'cumulative';

export interface Sorting {
  readonly column: SortColumn;
  readonly isDescending: boolean;
}

/** A row as it stands in the grid. */
export interface VisibleRow {
  readonly row: Row;
  readonly level: number;
  /** Place among the rows of its list, from 1. */
  readonly position: number;
  readonly listLength: number;
  /** Unset for a row without branches under it. */
  readonly isExpanded: boolean | undefined;
  /** Unset while the rows are sorted. */
  readonly rail: Rail | undefined;
}

/** The rows that are to be seen, in their order. */
export function visibleRows(
  rows: readonly Row[],
  collapsed: ReadonlySet<string>,
  sorting: Sorting | undefined,
): VisibleRow[] {
  return sorting === undefined ? asTree(rows, collapsed) : sorted(rows, sorting);
}

/** The next order when the head of a column is chosen: upwards, downwards, the tree again. */
export function nextSorting(now: Sorting | undefined, column: SortColumn): Sorting | undefined {
  if (now?.column !== column) {
    return { column, isDescending: false };
  }
  return now.isDescending ? undefined : { column, isDescending: true };
}

function asTree(rows: readonly Row[], collapsed: ReadonlySet<string>): VisibleRow[] {
  const shown: Row[] = [];
  let hiddenBelow = Number.POSITIVE_INFINITY;
  const parents = new Set<string>();
  for (const [index, row] of rows.entries()) {
    const next = rows[index + 1];
    if (next !== undefined && next.level > row.level) {
      parents.add(row.id);
    }
    if (row.level > hiddenBelow) {
      continue;
    }
    hiddenBelow = collapsed.has(row.id) && parents.has(row.id) ? row.level : Number.POSITIVE_INFINITY;
    shown.push(row);
  }
  const rails = layoutRails(shown);
  const places = placesInLists(shown);
  return shown.map((row, index) => ({
    row,
    level: row.level,
    ...(places[index] as Place),
    isExpanded: parents.has(row.id) ? !collapsed.has(row.id) : undefined,
    rail: rails[index],
  }));
}

interface Place {
  readonly position: number;
  readonly listLength: number;
}

function placesInLists(rows: readonly Row[]): Place[] {
  const positions: number[] = [];
  const lists: { length: number }[] = [];
  const open: { length: number }[] = [];
  for (const { level } of rows) {
    open.length = Math.min(open.length, level);
    const list = (open[level - 1] ??= { length: 0 });
    lists.push(list);
    positions.push(++list.length);
  }
  return positions.map((position, index) => ({ position, listLength: lists[index]?.length ?? 1 }));
}

function sorted(rows: readonly Row[], { column, isDescending }: Sorting): VisibleRow[] {
  const sign = isDescending ? -1 : 1;
  const ordered = [...rows].sort((a, b) => {
    // What has no value is no snapshot, and stays at the end.
    const missing = Number(a.kind !== 'snapshot') - Number(b.kind !== 'snapshot');
    return missing !== 0 ? missing : sign * compare(a, b, column);
  });
  return ordered.map((row, index) => ({
    row,
    level: 1,
    position: index + 1,
    listLength: ordered.length,
    isExpanded: undefined,
    rail: undefined,
  }));
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compare(a: Row, b: Row, column: SortColumn): number {
  switch (column) {
    case 'name':
      return collator.compare(a.name, b.name);
    case 'created':
      return (a.createdAtMs ?? 0) - (b.createdAtMs ?? 0);
    case 'own':
      return (a.ownBytes ?? 0) - (b.ownBytes ?? 0);
    case 'cumulative':
      return (a.cumulativeBytes ?? 0) - (b.cumulativeBytes ?? 0);
  }
}
