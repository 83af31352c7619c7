import type { PowerState } from '../model/snapshot';
import { type CsvValue, toCsv } from './csv';
import type { ReportRow } from './snapshotReport';

const bytesPerMib = 1024 ** 2;

/** One column: its title and what stands in it. */
interface Column {
  readonly title: string;
  readonly value: (row: ReportRow, localTime: (atMs: number) => string) => CsvValue;
}

// RVTools' sheet vSnapshot, column for column: scripts and templates of change boards read it. Not localised, therefore.
const rvToolsColumns: readonly Column[] = [
  { title: 'VM', value: ({ vmName }) => vmName },
  { title: 'Powerstate', value: ({ powerState }) => powerStates[powerState] },
  { title: 'Name', value: ({ snapshotName }) => snapshotName },
  { title: 'Description', value: ({ description }) => description },
  { title: 'Date / time', value: ({ createdAtMs }, localTime) => localTime(createdAtMs) },
  { title: 'Filename', value: ({ file }) => file },
  { title: 'Size MiB (vmsn)', value: ({ fileBytes }) => toMib(fileBytes) },
  { title: 'Size MiB (total)', value: ({ sizeBytes }) => toMib(sizeBytes) },
  { title: 'Quiesced', value: ({ quiesced }) => quiesced },
  { title: 'State', value: ({ snapshotPowerState }) => powerStates[snapshotPowerState] },
  { title: 'Annotation', value: ({ annotation }) => annotation },
  { title: 'Datacenter', value: ({ datacenter }) => datacenter },
  { title: 'Cluster', value: ({ cluster }) => cluster },
  { title: 'Host', value: ({ host }) => host },
  { title: 'Folder', value: ({ folders }) => folders.join('/') },
  { title: 'OS (config file)', value: ({ configuredGuest }) => configuredGuest },
  { title: 'OS (Tools)', value: ({ runningGuest }) => runningGuest },
  { title: 'VM ID', value: ({ vmId }) => vmId },
  { title: 'VM UUID', value: ({ vmUuid }) => vmUuid },
  { title: 'VI SDK Server', value: ({ server }) => server.address },
  { title: 'VI SDK UUID', value: ({ server }) => server.instanceId },
];

const ownColumns: readonly Column[] = [
  { title: 'Creator', value: ({ creator }) => creator },
  { title: 'Age days', value: ({ ageDays }) => ageDays },
  { title: 'Chain depth', value: ({ chainDepth }) => chainDepth },
  { title: 'Is current', value: ({ isCurrent }) => isCurrent },
  { title: 'Has memory', value: ({ hasMemory }) => hasMemory },
  { title: 'Growth MiB', value: ({ growthBytes }) => toMib(growthBytes) },
  { title: 'Needs consolidation', value: ({ needsConsolidation }) => needsConsolidation },
  { title: 'Snapshot id', value: ({ snapshotId }) => snapshotId },
];

const columns = [...rvToolsColumns, ...ownColumns];

/**
 * Snapshots as RVTools exports them, with columns of our own behind its own.
 *
 * @param localTime - a time as `2026/11/19 09:12:00`, which is how RVTools writes it
 */
export function toSnapshotCsv(rows: readonly ReportRow[], localTime: (atMs: number) => string): string {
  return toCsv(
    columns.map(({ title }) => title),
    rows.map((row) => columns.map(({ value }) => value(row, localTime))),
  );
}

const powerStates: Readonly<Record<PowerState, string>> = {
  on: 'poweredOn',
  off: 'poweredOff',
  suspended: 'suspended',
};

/** With two decimals, so that a snapshot of a few kilobytes is not nothing. */
function toMib(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : Math.round((bytes / bytesPerMib) * 100) / 100;
}
