import * as l10n from '@vscode/l10n';
import { clipEnd, formatAgeShort, formatBytes, millisecondsPerDay, oneLine } from '../../../common/text';
import type { SnapshotId } from '../../../hypervisor/model/ids';
import type { PowerState, Snapshot, SnapshotTree } from '../../../hypervisor/model/snapshot';
import { allSnapshots, countSnapshots, findSnapshot, treeDepth } from '../../../hypervisor/model/snapshotTree';
import type { SnapshotSizes } from '../../../hypervisor/model/vmDetail';
import { newSnapshotId, type VmState } from '../../../hypervisor/plan/predict';
import { formerPresentRowId, presentRowId } from '../../../webview/protocol/shapes';
import type { Row } from '../../../webview/protocol/toPage';
import { snapshotCount } from '../counts';
import { nameInRow } from '../names';
import { contextFlags, joinSpoken } from '../rowContext';
import { sizeOf } from '../snapshotSize';
import { powerInWords } from '../vmRows';
import type { ManagerContext } from './context';
import type { DrawnRow } from './drawnTree';
import { sizeParts } from './sizeParts';

// What one line of the grid can show at the widest.
const descriptionLimit = 300;

/** Identity of the row of a snapshot that does not exist yet. */
const newRowId = '*new';

/** What rows are described by besides the tree: the VM whose rows they are. */
export interface RowsOf {
  readonly vmName: string;
  /** The state that the rows show: as it is, or as it will be. */
  readonly state: VmState;
  readonly sizes: SnapshotSizes | undefined;
}

/** The drawn rows in words and figures. */
export function describeRows(drawn: readonly DrawnRow[], of: RowsOf, context: ManagerContext): Row[] {
  const bytes = new Bytes(drawn, of);
  const parents = new Set(
    drawn.flatMap((row) => (row.kind === 'snapshot' && hasKids(row.snapshot) ? row.snapshot.id : [])),
  );
  return drawn.map((row) => {
    switch (row.kind) {
      case 'snapshot':
        return snapshotRow(row.snapshot, row, of, bytes, parents, context);
      case 'present':
        return { ...placeOf(row), ...presentRow(of, bytes) };
      case 'former':
        return { ...placeOf(row), ...formerRow() };
    }
  });
}

function placeOf({ level, branches, change }: DrawnRow): Pick<Row, 'level' | 'branches' | 'change'> {
  return { level, branches, change };
}

/** `7 snapshots, 5 in the longest chain` */
export function summarizeTree(tree: SnapshotTree, { formats }: ManagerContext): string {
  const count = countSnapshots(tree);
  const depth = treeDepth(tree);
  return count === 0
    ? l10n.t('no snapshots')
    : depth === count
      ? snapshotCount(count, formats)
      : l10n.t('{0}, {1} in the longest chain', snapshotCount(count, formats), formats.count(depth));
}

function hasKids({ children }: Snapshot): boolean {
  return children.some(({ id }) => id !== formerPresentRowId);
}

function snapshotRow(
  snapshot: Snapshot,
  { level, branches, change }: DrawnRow,
  of: RowsOf,
  bytes: Bytes,
  parents: ReadonlySet<SnapshotId>,
  context: ManagerContext,
): Row {
  const { formats, nowMs } = context;
  const name = nameInRow(snapshot.name);
  const isCurrent = of.state.tree.currentId === snapshot.id;
  const isBackup = context.backupPattern(snapshot.name) !== undefined;
  const ageMs = nowMs - snapshot.createdAtMs;
  const isNew = snapshot.id === newSnapshotId;
  const marks = [
    ...(isCurrent ? [l10n.t('current')] : []),
    ...(isBackup ? [l10n.t('backup')] : []),
    ...(change === 'comes' ? [l10n.t('new')] : []),
  ];
  const power = powerInWords(snapshot.powerState);
  const figures = bytes.figuresOf(snapshot);
  return {
    id: isNew ? newRowId : snapshot.id,
    kind: 'snapshot',
    level,
    branches,
    change,
    icon: isBackup ? 'lock' : 'device-camera',
    name,
    marks,
    created: isNew ? '' : formats.dateTime(snapshot.createdAtMs),
    createdTip: isNew ? '' : `${formats.dateTimeUtc(snapshot.createdAtMs)}, ${formats.ago(ageMs)}`,
    createdAtMs: snapshot.createdAtMs,
    age: isNew ? '' : formatAgeShort(ageMs),
    ageTone: isBackup ? 'none' : ageTone(ageMs, context),
    own: figures.own,
    ownTip: figures.ownTip,
    ownBytes: figures.ownBytes,
    cumulative: figures.cumulative,
    cumulativeBytes: figures.cumulativeBytes,
    ownPercent: figures.ownPercent,
    basePercent: figures.basePercent,
    memory: snapshot.hasMemory ? l10n.t('Yes') : l10n.t('No'),
    quiesced: snapshot.quiesced ? l10n.t('Yes') : l10n.t('No'),
    power,
    description: clipEnd(oneLine(snapshot.description), descriptionLimit),
    spoken: joinSpoken(
      name,
      change === 'goes' ? l10n.t('is deleted') : undefined,
      ...marks,
      isNew ? undefined : l10n.t('taken {0}', formats.ago(ageMs)),
      figures.own === '' ? undefined : figures.own,
      snapshot.hasMemory ? l10n.t('with memory') : undefined,
      snapshot.quiesced ? l10n.t('quiesced') : undefined,
    ),
    flags: contextFlags(
      'snapshot',
      parents.has(snapshot.id) ? 'kids' : undefined,
      isCurrent ? 'current' : undefined,
      isBackup ? 'backup' : undefined,
    ),
  };
}

function presentRow(of: RowsOf, bytes: Bytes): Omit<Row, 'level' | 'branches' | 'change'> {
  const { tree, powerState } = of.state;
  const current = findSnapshot(tree, tree.currentId);
  const name = l10n.t('You are here');
  const power = powerInWords(powerState);
  const where =
    tree.roots.length === 0
      ? undefined
      : current === undefined
        ? l10n.t('on no snapshot')
        : l10n.t('after {0}', nameInRow(current.name));
  return {
    ...emptyCells,
    ...bytes.ofPresent(),
    id: presentRowId,
    kind: 'present',
    icon: 'target',
    name,
    marks: current === undefined && tree.roots.length > 0 ? [l10n.t('on no snapshot')] : [],
    power,
    spoken: joinSpoken(name, l10n.t('present state of {0}', nameInRow(of.vmName)), power, where),
    flags: contextFlags('present'),
  };
}

function formerRow(): Omit<Row, 'level' | 'branches' | 'change'> {
  const name = l10n.t('Present state');
  const lost = l10n.t('lost');
  return {
    ...emptyCells,
    id: formerPresentRowId,
    kind: 'former',
    icon: 'target',
    name,
    marks: [lost],
    spoken: joinSpoken(name, lost),
    flags: contextFlags('former'),
  };
}

const emptyCells = {
  created: '',
  createdTip: '',
  createdAtMs: null,
  age: '',
  ageTone: 'none',
  own: '',
  ownTip: '',
  ownBytes: null,
  cumulative: '',
  cumulativeBytes: null,
  ownPercent: 0,
  basePercent: 0,
  memory: '',
  quiesced: '',
  power: '',
  description: '',
} as const;

function ageTone(ageMs: number, { warnAfterDays, oldAfterDays }: ManagerContext): Row['ageTone'] {
  const days = ageMs / millisecondsPerDay;
  if (days >= oldAfterDays) {
    return 'old';
  }
  return days >= warnAfterDays ? 'warn' : 'none';
}

type Figures = Pick<
  Row,
  'own' | 'ownTip' | 'ownBytes' | 'cumulative' | 'cumulativeBytes' | 'ownPercent' | 'basePercent'
>;

/** What snapshots occupy, each for itself and together with those that it is based on. */
class Bytes {
  private readonly cumulative = new Map<SnapshotId, number>();
  private readonly largest: number;

  constructor(
    drawn: readonly DrawnRow[],
    private readonly of: RowsOf,
  ) {
    const snapshots = drawn.flatMap((row) => (row.kind === 'snapshot' ? [row.snapshot] : []));
    const parents = new Map<SnapshotId, SnapshotId>();
    for (const parent of snapshots) {
      for (const child of parent.children) {
        parents.set(child.id, parent.id);
      }
    }
    // Parents before their children, which the order of drawing does not promise.
    for (const { id } of allSnapshots({
      roots: snapshots.filter((each) => !parents.has(each.id)),
      currentId: undefined,
    })) {
      const below = parents.get(id);
      this.cumulative.set(
        id,
        (sizeOf(of.sizes, id) ?? 0) + (below === undefined ? 0 : (this.cumulative.get(below) ?? 0)),
      );
    }
    this.largest = Math.max(1, ...this.cumulative.values());
  }

  figuresOf(snapshot: Snapshot): Figures {
    const { id } = snapshot;
    const size = this.of.sizes?.bySnapshot.get(id);
    const own = sizeOf(this.of.sizes, id);
    if (size === undefined || own === undefined) {
      return noFigures;
    }
    const all = this.cumulative.get(id) ?? own;
    return {
      own: formatBytes(own),
      ownTip: sizeParts(size, snapshot),
      ownBytes: own,
      cumulative: formatBytes(all),
      cumulativeBytes: all,
      ownPercent: (own / this.largest) * 100,
      basePercent: Math.max(0, ((all - own) / this.largest) * 100),
    };
  }

  ofPresent(): Pick<Figures, 'ownTip'> {
    const { currentId } = this.of.state.tree;
    const live = currentId === undefined ? 0 : (this.of.sizes?.bySnapshot.get(currentId)?.liveBytes ?? 0);
    return { ownTip: live === 0 ? '' : l10n.t('changes since then {0}', formatBytes(live)) };
  }
}

const noFigures: Figures = {
  own: '',
  ownTip: '',
  ownBytes: null,
  cumulative: '',
  cumulativeBytes: null,
  ownPercent: 0,
  basePercent: 0,
};

/** A power state for the head of the panel. */
export function powerIcon(powerState: PowerState): string {
  switch (powerState) {
    case 'on':
      return 'vm-running';
    case 'off':
      return 'vm-outline';
    case 'suspended':
      return 'vm';
  }
}
