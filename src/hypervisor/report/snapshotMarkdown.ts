import * as l10n from '@vscode/l10n';
import { formatBytes, oneLine } from '../../common/text';
import type { ReportRow } from './snapshotReport';

/** How the report writes dates and numbers. */
export interface ReportFormats {
  dateTime(atMs: number): string;
  age(ageMs: number): string;
  count(value: number): string;
}

/** Snapshots as a page for people: what there is in a sentence, then a table, the oldest first. */
export function toSnapshotMarkdown(rows: readonly ReportRow[], formats: ReportFormats, nowMs: number): string {
  const sorted = [...rows].sort((a, b) => a.createdAtMs - b.createdAtMs);
  const known = rows.flatMap(({ sizeBytes, growthBytes }) => (sizeBytes ?? 0) + (growthBytes ?? 0));
  const totalBytes = known.reduce((sum, bytes) => sum + bytes, 0);
  const servers = new Set(rows.map(({ server }) => server.address));
  const vms = new Set(rows.map(({ server, vmId }) => `${server.address}/${vmId}`));
  const header = [
    l10n.t('VM'),
    l10n.t('Snapshot'),
    l10n.t('Taken'),
    l10n.t('Age'),
    l10n.t('Size'),
    l10n.t('Place'),
    l10n.t('Server'),
  ];
  const lines = sorted.map((row) => [
    escaped(row.vmName),
    escaped(row.snapshotName),
    escaped(formats.dateTime(row.createdAtMs)),
    escaped(formats.age(nowMs - row.createdAtMs)),
    row.sizeBytes === undefined ? '' : formatBytes(row.sizeBytes + (row.growthBytes ?? 0)),
    escaped([row.datacenter ?? '', ...row.folders].filter((name) => name !== '').join(' / ')),
    escaped(row.server.label),
  ]);
  return [
    `# ${l10n.t('Snapshots')}`,
    '',
    l10n.t(
      'Snapshots: {0}. VMs: {1}. Servers: {2}. Size altogether: {3}. As of {4}.',
      formats.count(rows.length),
      formats.count(vms.size),
      formats.count(servers.size),
      formatBytes(totalBytes),
      formats.dateTime(nowMs),
    ),
    '',
    tableLine(header),
    tableLine(header.map(() => '---')),
    ...lines.map(tableLine),
    '',
  ].join('\n');
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A foreign text in which nothing is markup, a link or the end of a cell. */
function escaped(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_{}[\]()<>#|~&!$]/g, '\\$&')
      // Addresses become links by themselves in most of what shows Markdown.
      .replace(/:\/\//g, ':\u200b//')
      .replace(/\bwww\./gi, 'www\u200b.')
      .replace(/@/g, '@\u200b')
  );
}
