import type { VisibleRow } from './visibleRows';

/** What a key does in the grid. */
export type GridMove =
  | { readonly kind: 'focus'; readonly id: string }
  | { readonly kind: 'toggle'; readonly id: string }
  | { readonly kind: 'none' };

// As in the editor's own lists, a page is what is about to be seen at once.
const pageRows = 10;

/** What a key does from a row, by the pattern of tree grids whose rows have the focus. Undefined: it is no key of the grid. */
export function moveByKey(
  rows: readonly VisibleRow[],
  focusedId: string | undefined,
  key: string,
): GridMove | undefined {
  const at = Math.max(
    0,
    rows.findIndex(({ row }) => row.id === focusedId),
  );
  const current = rows[at];
  const to = (index: number): GridMove => {
    const target = rows[Math.min(rows.length - 1, Math.max(0, index))];
    return target === undefined ? { kind: 'none' } : { kind: 'focus', id: target.row.id };
  };
  switch (key) {
    case 'ArrowDown':
      return to(at + 1);
    case 'ArrowUp':
      return to(at - 1);
    case 'PageDown':
      return to(at + pageRows);
    case 'PageUp':
      return to(at - pageRows);
    case 'Home':
      return to(0);
    case 'End':
      return to(rows.length - 1);
    case 'ArrowRight':
      if (current?.isExpanded === false) {
        return { kind: 'toggle', id: current.row.id };
      }
      return current?.isExpanded === true ? to(at + 1) : { kind: 'none' };
    case 'ArrowLeft': {
      if (current?.isExpanded === true) {
        return { kind: 'toggle', id: current.row.id };
      }
      const level = current?.level ?? 1;
      for (let above = at - 1; above >= 0; above--) {
        if ((rows[above]?.level ?? 0) < level) {
          return to(above);
        }
      }
      return { kind: 'none' };
    }
    default:
      return undefined;
  }
}

/** The next row whose name begins with what was typed, from the focused one on and around. */
export function findByTyping(
  rows: readonly VisibleRow[],
  focusedId: string | undefined,
  typed: string,
): string | undefined {
  const wanted = typed.toLocaleLowerCase();
  const from = Math.max(
    0,
    rows.findIndex(({ row }) => row.id === focusedId),
  );
  // While a word is being typed the row that fits already stays.
  const first = typed.length > 1 ? from : from + 1;
  for (let step = 0; step < rows.length; step++) {
    const candidate = rows[(first + step) % rows.length];
    if (candidate?.row.name.toLocaleLowerCase().startsWith(wanted) === true) {
      return candidate.row.id;
    }
  }
  return undefined;
}
