import { diskOf } from './diskChain';
import type { DiskFile, VmState } from './vmState';

// Links of a chain that nobody needs: no snapshot holds them, the VM does not write to them, and at most one other link
// lies on top of them. Deleting a snapshot leaves such links; merging them is what takes the time.

/** One step of a merge. */
export interface Merge {
  readonly file: DiskFile;
  /** The link on top, whose data goes into `file`; unset when `file` itself is simply deleted. */
  readonly source: DiskFile | undefined;
}

function pinnedKeys(vm: VmState): Set<number> {
  const pinned = new Set(vm.leaves.values());
  for (const snapshot of vm.snapshots) {
    for (const key of snapshot.disks.values()) {
      pinned.add(key);
    }
  }
  return pinned;
}

/** The next step that brings the disks nearer to having no leftovers. */
function nextMerge(vm: VmState): Merge | undefined {
  const pinned = pinnedKeys(vm);
  for (const file of vm.files) {
    if (pinned.has(file.key)) {
      continue;
    }
    const children = vm.files.filter((other) => other.parentKey === file.key);
    if (children.length <= 1) {
      return { file, source: children[0] };
    }
  }
  return undefined;
}

/** Whether there are disk files that belong to no snapshot and could be merged or deleted. */
export function hasLeftovers(vm: VmState): boolean {
  return nextMerge(vm) !== undefined;
}

function merged(vm: VmState, { file, source }: Merge): VmState {
  if (source === undefined) {
    return { ...vm, files: vm.files.filter((other) => other.key !== file.key) };
  }
  const capacityBytes = diskOf(vm, file.diskKey)?.capacityBytes ?? Number.MAX_SAFE_INTEGER;
  const result: DiskFile = {
    ...file,
    sizeBytes: Math.max(file.sizeBytes, Math.min(capacityBytes, file.sizeBytes + source.sizeBytes)),
  };
  const moved = (key: number): number => (key === source.key ? file.key : key);
  const movedMap = (map: ReadonlyMap<number, number>): ReadonlyMap<number, number> =>
    new Map([...map].map(([diskKey, key]) => [diskKey, moved(key)]));
  return {
    ...vm,
    files: vm.files
      .filter((other) => other.key !== source.key)
      .map((other) =>
        other.key === file.key ? result : other.parentKey === source.key ? { ...other, parentKey: file.key } : other,
      ),
    leaves: movedMap(vm.leaves),
    snapshots: vm.snapshots.map((snapshot) => ({ ...snapshot, disks: movedMap(snapshot.disks) })),
  };
}

/** What a merge costs, known before it starts. */
export interface MergeCost {
  /** Data to be copied. */
  readonly bytes: number;
  /** Space that targets gain before their sources go, by datastore id. */
  readonly spaceByDatastore: ReadonlyMap<string, number>;
}

/** Merges everything that can be merged. */
export function consolidate(vm: VmState): { readonly vm: VmState; readonly cost: MergeCost } {
  let state = vm;
  let bytes = 0;
  const spaceByDatastore = new Map<string, number>();
  for (let merge = nextMerge(state); merge !== undefined; merge = nextMerge(state)) {
    const { file, source } = merge;
    state = merged(state, merge);
    if (source !== undefined) {
      bytes += source.sizeBytes;
      const target = state.files.find((other) => other.key === file.key);
      const gained = (target?.sizeBytes ?? 0) - file.sizeBytes;
      const id = file.datastore.value;
      // Disks of one datastore are worked on one after the other, so that the greatest of them counts.
      spaceByDatastore.set(id, Math.max(spaceByDatastore.get(id) ?? 0, gained));
    }
  }
  return { vm: { ...state, consolidationNeeded: false }, cost: { bytes, spaceByDatastore } };
}
