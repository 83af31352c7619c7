import type { LabelName } from '../protocol/labels';
import type { SortColumn } from './visibleRows';

/** A column of the grid. The name, with the rails in front of it, is the first. */
export interface Column {
  readonly id: ColumnId;
  readonly label: LabelName;
  readonly sort: SortColumn | undefined;
  /** Width in pixels before anybody has changed it. */
  readonly widthPx: number;
  readonly isNumber: boolean;
}

export type ColumnId = 'name' | 'created' | 'own' | 'cumulative' | 'memory' | 'quiesced' | 'power' | 'description';

export const columns: readonly Column[] = [
  { id: 'name', label: 'columnName', sort: 'name', widthPx: 240, isNumber: false },
  { id: 'created', label: 'columnCreated', sort: 'created', widthPx: 180, isNumber: false },
  { id: 'own', label: 'columnOwn', sort: 'own', widthPx: 74, isNumber: true },
  { id: 'cumulative', label: 'columnCumulative', sort: 'cumulative', widthPx: 112, isNumber: true },
  { id: 'memory', label: 'columnMemory', sort: undefined, widthPx: 70, isNumber: false },
  { id: 'quiesced', label: 'columnQuiesced', sort: undefined, widthPx: 82, isNumber: false },
  { id: 'power', label: 'columnPower', sort: undefined, widthPx: 100, isNumber: false },
  { id: 'description', label: 'columnDescription', sort: undefined, widthPx: 260, isNumber: false },
];

const minWidthPx = 48;
const maxWidthPx = 1_200;
/** How far a key moves the edge of a column. */
export const keyStepPx = 16;

export function clampWidth(widthPx: number): number {
  return Math.round(Math.min(maxWidthPx, Math.max(minWidthPx, widthPx)));
}

/** The widths as a style sheet reads them. */
export function columnTracks(widths: Readonly<Partial<Record<ColumnId, number>>>): string {
  return columns
    .map(({ id, widthPx }) =>
      id === 'description' ? `minmax(${widths[id] ?? widthPx}px, 1fr)` : `${widths[id] ?? widthPx}px`,
    )
    .join(' ');
}
