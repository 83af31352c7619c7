import { integerBetween, pick, type Random } from '../random/random';
import type { SnapshotSpec } from './snapshotHistory';

export interface RandomTreeOptions {
  /** Snapshots at most; default: 12. */
  readonly maxSnapshots?: number;
  /** Snapshots on a way at most; default: 6. */
  readonly maxDepth?: number;
}

interface Draft extends SnapshotSpec {
  readonly children: Draft[];
  readonly depth: number;
  ageDays: number;
  isCurrent?: boolean;
}

const names = ['before update', 'nightly', 'clean', 'x', 'a/b', '100 %', ''] as const;

/** A random tree of snapshots, the same for the same numbers: several roots, branches and equal names included. */
export function randomSnapshots(random: Random, options: RandomTreeOptions = {}): SnapshotSpec[] {
  const count = integerBetween(random, 0, options.maxSnapshots ?? 12);
  const roots: Draft[] = [];
  const all: Draft[] = [];
  for (let number = 0; number < count; number++) {
    const parents = all.filter((draft) => draft.depth < (options.maxDepth ?? 6));
    const parent = parents.length === 0 || random() < 0.15 ? undefined : pick(random, parents);
    const draft: Draft = {
      name: pick(random, names) || `snapshot ${number}`,
      description: random() < 0.5 ? '' : `number ${number}`,
      state: pick(random, ['poweredOff', 'poweredOff', 'poweredOn'] as const),
      quiesced: false,
      writtenGb: integerBetween(random, 1, 40) / 10,
      // In the order of their making: a parent is older than its children.
      ageDays: count - number,
      depth: (parent?.depth ?? 0) + 1,
      children: [],
    };
    (parent?.children ?? roots).push(draft);
    all.push(draft);
  }
  if (all.length > 0) {
    pick(random, all).isCurrent = true;
  }
  return roots;
}
