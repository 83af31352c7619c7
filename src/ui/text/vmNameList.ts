import type { FindableVm } from './vmSearch';

// Whoever pastes more has pasted something else.
const maxLines = 5_000;

/** Names that somebody has listed, in their order, each once. */
export interface NameList {
  readonly names: readonly string[];
  /** Lines beyond those that are read. */
  readonly skippedLines: number;
}

/**
 * Reads a list of names, one a line or with commas between them, as people keep them in tickets and tables: blanks,
 * quotes and bullets around a name do not belong to it.
 */
export function parseNames(text: string): NameList {
  const lines = text.split(/\r\n?|\n/);
  const seen = new Set<string>();
  const names: string[] = [];
  for (const part of lines.slice(0, maxLines).flatMap((line) => line.split(/[,;\t]/))) {
    const name = part
      .trim()
      .replace(/^[-*•]\s+/, '')
      .replace(/^(["'`])(.*)\1$/, '$2')
      .trim();
    if (name !== '' && !seen.has(name)) {
      seen.add(name);
      names.push(name);
    }
  }
  return { names, skippedLines: Math.max(0, lines.length - maxLines) };
}

/** What names stand for. */
export interface NameMatches {
  /** Each VM once, in the order of the names. */
  readonly vms: readonly FindableVm[];
  readonly notFound: readonly string[];
  /** Names that several VMs bear, by the identity of each of these VMs. */
  readonly ambiguous: ReadonlyMap<string, string>;
}

/** Looks names up: to the letter where a VM is named so, else without regard to case. */
export function matchNames(names: readonly string[], vms: readonly FindableVm[]): NameMatches {
  const exact = groupBy(vms, ({ vm }) => vm.name.normalize('NFC'));
  const folded = groupBy(vms, ({ vm }) => fold(vm.name));
  const found = new Map<string, FindableVm>();
  const ambiguous = new Map<string, string>();
  const notFound: string[] = [];
  for (const name of names) {
    const candidates = exact.get(name.normalize('NFC')) ?? folded.get(fold(name)) ?? [];
    if (candidates.length === 0) {
      notFound.push(name);
    }
    for (const vm of candidates) {
      found.set(vm.id, vm);
      if (candidates.length > 1 && !ambiguous.has(vm.id)) {
        ambiguous.set(vm.id, name);
      }
    }
  }
  for (const name of names) {
    // Named to the letter beside a name that only case tells apart: then it is clear which one was meant.
    const same = exact.get(name.normalize('NFC')) ?? [];
    if (same.length === 1 && same[0] !== undefined) {
      ambiguous.delete(same[0].id);
    }
  }
  return { vms: [...found.values()], notFound, ambiguous };
}

function groupBy(vms: readonly FindableVm[], keyOf: (vm: FindableVm) => string): Map<string, FindableVm[]> {
  const groups = new Map<string, FindableVm[]>();
  for (const vm of vms) {
    const key = keyOf(vm);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [vm]);
    } else {
      group.push(vm);
    }
  }
  return groups;
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
