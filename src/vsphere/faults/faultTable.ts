import { ancestry } from './faultAncestry';
import { fileFaults } from './fileFaults';
import { generalFaults } from './generalFaults';
import type { FaultRow } from './faultRow';
import { snapshotFaults } from './snapshotFaults';

/** Every fault that means something of its own, by type. A fault that is not here means what its nearest ancestor does. */
export const faultTable: ReadonlyMap<string, FaultRow> = new Map(
  Object.entries({ ...generalFaults, ...snapshotFaults, ...fileFaults }),
);

/** The row for a fault; undefined when none of its ancestors has one. */
export function rowFor(type: string, declaredType: string | undefined): FaultRow | undefined {
  for (const each of ancestry(type, declaredType)) {
    const row = faultTable.get(each);
    if (row !== undefined) {
      return row;
    }
  }
  return undefined;
}
