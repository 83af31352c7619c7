import type { ReportRow } from './snapshotReport';

/** Raised when a reader of older exports would misread a new one. */
const formatVersion = 1;

/** Snapshots for programs: times in UTC, sizes in bytes, what is not known left out. */
export function toSnapshotJson(rows: readonly ReportRow[], exportedAtMs: number): string {
  const snapshots = rows.map(({ createdAtMs, folders, ...row }) => ({
    ...row,
    createdAt: new Date(createdAtMs).toISOString(),
    folder: folders.join('/'),
  }));
  return `${JSON.stringify({ formatVersion, exportedAt: new Date(exportedAtMs).toISOString(), snapshots }, undefined, 2)}\n`;
}
