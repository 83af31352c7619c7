import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../../common/text';
import type { SnapshotTree } from '../../../hypervisor/model/snapshot';
import { allSnapshots } from '../../../hypervisor/model/snapshotTree';
import type { DatastoreFact, SnapshotSize, SnapshotSizes } from '../../../hypervisor/model/vmDetail';
import { presentRowId } from '../../../webview/protocol/shapes';
import type { PageParts } from '../../../webview/protocol/toPage';
import { nameInRow } from '../names';
import { joinFacts } from '../rowContext';
import type { ManagerContext } from './context';

type Growth = NonNullable<PageParts['growth']>;
type Bar = Growth['bars'][number];

// More bars than this are a pattern and no longer a picture.
const maxBars = 24;

/** What the snapshots of a VM occupy, as a picture with its text; null while nobody knows, or there is nothing. */
export function growthText(
  tree: SnapshotTree,
  sizes: SnapshotSizes | undefined,
  datastores: readonly DatastoreFact[],
  context: ManagerContext,
): PageParts['growth'] {
  const { formats, nowMs } = context;
  const snapshots = allSnapshots(tree);
  if (sizes === undefined || (snapshots.length === 0 && sizes.leftoverBytes === 0)) {
    return null;
  }
  const measured = snapshots.flatMap(({ id, name, createdAtMs }) => {
    const size = sizes.bySnapshot.get(id);
    return size === undefined ? [] : [{ id, name, createdAtMs, size }];
  });
  const largest = Math.max(1, sizes.leftoverBytes, ...measured.map(({ size }) => sum(size)));
  const shown = [...measured]
    .sort((a, b) => sum(b.size) - sum(a.size))
    .slice(0, maxBars)
    .sort((a, b) => a.createdAtMs - b.createdAtMs);
  const left = measured.length - shown.length;
  return {
    summary: summary(sizes, datastores),
    bars: [
      ...shown.map(({ id, name, size }): Bar => ({
        id,
        name: nameInRow(name),
        segments: segments(size, largest),
        text: barText(size),
      })),
      ...leftoverBar(sizes, largest),
    ],
    more: left === 0 ? '' : l10n.t('and {0} smaller ones', formats.count(left)),
    datastores: datastores.map((datastore) => storeText(datastore, sizes, datastores.length === 1)),
    measured:
      sizes.measuredAtMs === 0 ? '' : l10n.t('Measured by the server {0}', formats.since(sizes.measuredAtMs, nowMs)),
  };
}

function sum({ diskBytes, memoryBytes, liveBytes }: SnapshotSize): number {
  return diskBytes + memoryBytes + liveBytes;
}

/** `38.2 GB in all, 9% of the 412 GB that are free` */
function summary({ totalBytes }: SnapshotSizes, datastores: readonly DatastoreFact[]): string {
  const free = datastores.reduce((bytes, { freeBytes }) => bytes + freeBytes, 0);
  return free === 0
    ? l10n.t('{0} in all', formatBytes(totalBytes))
    : l10n.t(
        '{0} in all, as much as {1}% of the {2} that are free',
        formatBytes(totalBytes),
        Math.round((totalBytes / free) * 100),
        formatBytes(free),
      );
}

function segments(size: SnapshotSize, largest: number): Bar['segments'] {
  const parts = [
    { kind: 'disk', bytes: size.diskBytes },
    { kind: 'memory', bytes: size.memoryBytes },
    { kind: 'live', bytes: size.liveBytes },
  ] as const;
  return parts.flatMap(({ kind, bytes }) => (bytes <= 0 ? [] : [{ kind, percent: (bytes / largest) * 100 }]));
}

function barText(size: SnapshotSize): string {
  return joinFacts(
    formatBytes(sum(size)),
    size.diskBytes > 0 ? l10n.t('disk changes {0}', formatBytes(size.diskBytes)) : undefined,
    size.memoryBytes > 0 ? l10n.t('memory {0}', formatBytes(size.memoryBytes)) : undefined,
    size.liveBytes > 0 ? l10n.t('changes since then {0}', formatBytes(size.liveBytes)) : undefined,
  );
}

function leftoverBar({ leftoverBytes }: SnapshotSizes, largest: number): Bar[] {
  return leftoverBytes === 0
    ? []
    : [
        {
          id: presentRowId,
          name: l10n.t('Leftover disks'),
          segments: [{ kind: 'leftover', percent: (leftoverBytes / largest) * 100 }],
          text: l10n.t('{0} that belong to no snapshot', formatBytes(leftoverBytes)),
        },
      ];
}

/** @param isOnly - with several datastores nobody says how the snapshots are spread over them */
function storeText(
  { name, capacityBytes, freeBytes }: DatastoreFact,
  { totalBytes }: SnapshotSizes,
  isOnly: boolean,
): Growth['datastores'][number] {
  const share = (bytes: number): number =>
    capacityBytes === 0 ? 0 : Math.min(100, Math.max(0, (bytes / capacityBytes) * 100));
  const used = capacityBytes - freeBytes;
  const own = isOnly ? Math.min(totalBytes, used) : 0;
  return {
    name: nameInRow(name),
    text: l10n.t('{0} free of {1}', formatBytes(freeBytes), formatBytes(capacityBytes)),
    usedPercent: share(used - own),
    snapshotPercent: share(own),
  };
}
