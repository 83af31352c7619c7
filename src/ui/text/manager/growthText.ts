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
import { sizeParts } from './sizeParts';

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
  const measured = snapshots.flatMap((snapshot) => {
    const size = sizes.bySnapshot.get(snapshot.id);
    return size === undefined ? [] : [{ snapshot, size }];
  });
  const largest = Math.max(1, sizes.leftoverBytes, ...measured.map(({ size }) => sum(size)));
  const shown = [...measured]
    .sort((a, b) => sum(b.size) - sum(a.size))
    .slice(0, maxBars)
    .sort((a, b) => a.snapshot.createdAtMs - b.snapshot.createdAtMs);
  const left = measured.length - shown.length;
  return {
    summary: summary(sizes, datastores),
    bars: [
      ...shown.map(({ snapshot, size }): Bar => ({
        id: snapshot.id,
        name: nameInRow(snapshot.name),
        segments: segments(size, largest),
        text: joinFacts(formatBytes(sum(size)), sizeParts(size, snapshot)),
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
  if (free === 0) {
    return l10n.t('{0} in all', formatBytes(totalBytes));
  }
  const percent = Math.round((totalBytes / free) * 100);
  return percent === 0
    ? l10n.t('{0} in all, less than 1% of the {1} that are free', formatBytes(totalBytes), formatBytes(free))
    : l10n.t(
        '{0} in all, as much as {1}% of the {2} that are free',
        formatBytes(totalBytes),
        percent,
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
