/** What the rails need to know of a row. */
export interface RailRow {
  readonly level: number;
  /** Based on what its list hangs under, and not on the row above it. */
  readonly branches: boolean;
}

/** The lines beside a row. Lanes count from 0; the row itself stands in the lane of its level. */
export interface Rail {
  readonly lane: number;
  /** A line comes from the row above in the same lane. */
  readonly fromAbove: boolean;
  /** A line comes from the lane to the left. */
  readonly fromLeft: boolean;
  /** A line goes on below, in the same lane. */
  readonly goesOn: boolean;
  /** Lanes to the left through which a line passes from top to bottom. */
  readonly passing: readonly number[];
}

/**
 * The lines that connect each row with the one that it is based on.
 *
 * @param rows - in the order of their drawing; every row is followed by the branches that leave it
 */
export function layoutRails(rows: readonly RailRow[]): Rail[] {
  const { nextInList, lastHead } = connections(rows);
  const ancestors: number[] = [];
  return rows.map((row, index) => {
    const lane = row.level - 1;
    ancestors.length = lane;
    const isHead = lane > 0 && (row.branches || isFirstOfList(rows, index));
    const isOpen = (ancestor: number): boolean =>
      continues(rows, nextInList[ancestor]) || (lastHead[ancestor] ?? -1) > index;
    const rail: Rail = {
      lane,
      fromAbove: !isHead && !row.branches && !isFirstOfList(rows, index),
      fromLeft: isHead,
      goesOn: continues(rows, nextInList[index]) || (lastHead[index] ?? -1) > index,
      passing: ancestors.flatMap((ancestor, at) => (isOpen(ancestor) ? [at] : [])),
    };
    ancestors[lane] = index;
    return rail;
  });
}

/** Whether the row before this one in its list is missing: it hangs under another row then, or under nothing. */
function isFirstOfList(rows: readonly RailRow[], index: number): boolean {
  const level = rows[index]?.level ?? 0;
  for (let at = index - 1; at >= 0; at--) {
    const above = rows[at]?.level ?? 0;
    if (above <= level) {
      return above < level;
    }
  }
  return true;
}

function continues(rows: readonly RailRow[], next: number | undefined): boolean {
  return next !== undefined && rows[next]?.branches === false;
}

/** For each row the next one in its list, and the last row of the list under it that is based on it. */
function connections(rows: readonly RailRow[]): {
  readonly nextInList: readonly (number | undefined)[];
  readonly lastHead: readonly (number | undefined)[];
} {
  const nextInList: (number | undefined)[] = rows.map(() => undefined);
  const lastHead: (number | undefined)[] = rows.map(() => undefined);
  // By level, the last row of the list that is open there.
  const open: number[] = [];
  for (const [index, { level, branches }] of rows.entries()) {
    const lane = level - 1;
    const before = open.length > lane ? open[lane] : undefined;
    if (before !== undefined) {
      nextInList[before] = index;
    }
    const parent = lane === 0 ? undefined : open[lane - 1];
    if (parent !== undefined && (before === undefined || branches)) {
      lastHead[parent] = index;
    }
    open.length = lane;
    open[lane] = index;
  }
  return { nextInList, lastHead };
}
