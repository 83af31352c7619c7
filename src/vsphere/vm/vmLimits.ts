import type { OperationKind } from '../../hypervisor/model/operation';
import type { PowerState } from '../../hypervisor/model/snapshot';
import type { Limitation } from '../../hypervisor/model/vmDetail';

// Why a server or its configuration rules an operation out. All of it is advice: the server has the last word.

/** The flags of `capability` that concern snapshots; unset where the server says nothing. */
export interface SnapshotCapabilities {
  readonly snapshotOperationsSupported: boolean | undefined;
  readonly multipleSnapshotsSupported: boolean | undefined;
  readonly poweredOffSnapshotsSupported: boolean | undefined;
  readonly memorySnapshotsSupported: boolean | undefined;
  readonly revertToSnapshotSupported: boolean | undefined;
  readonly quiescedSnapshotsSupported: boolean | undefined;
}

const faultToleranceOff: ReadonlySet<string> = new Set(['notConfigured', 'disabled']);

/**
 * What the VM or its host cannot do.
 *
 * @remarks A server that fills in no flags says false everywhere, as vcsim does. So a flag counts only beside others
 * that show that the flags mean something.
 */
export function limitationsOf(
  flags: SnapshotCapabilities,
  powerState: PowerState,
  faultToleranceState: string | undefined,
): Set<Limitation> {
  const found = new Set<Limitation>();
  if (faultToleranceState !== undefined && !faultToleranceOff.has(faultToleranceState)) {
    found.add('faultTolerance');
  }
  if (flags.snapshotOperationsSupported !== true) {
    const { snapshotOperationsSupported, ...others } = flags;
    if (snapshotOperationsSupported === false && Object.values(others).includes(true)) {
      found.add('snapshotsUnsupported');
    }
    return found;
  }
  if (powerState === 'off' && flags.poweredOffSnapshotsSupported === false) {
    found.add('snapshotsUnsupported');
  }
  if (flags.multipleSnapshotsSupported === false) {
    found.add('multipleUnsupported');
  }
  if (flags.memorySnapshotsSupported === false) {
    found.add('memoryUnsupported');
  }
  if (flags.quiescedSnapshotsSupported === false) {
    found.add('quiesceUnsupported');
  }
  if (flags.revertToSnapshotSupported === false) {
    found.add('restoreUnsupported');
  }
  return found;
}

const operationsByMethod: ReadonlyMap<string, readonly OperationKind[]> = new Map<string, readonly OperationKind[]>([
  ['CreateSnapshot_Task', ['take']],
  ['CreateSnapshotEx_Task', ['take']],
  ['RenameSnapshot', ['edit']],
  ['RevertToSnapshot_Task', ['restore']],
  ['RevertToCurrentSnapshot_Task', ['restoreLatest']],
  ['RemoveSnapshot_Task', ['delete', 'deleteWithChildren']],
  ['RemoveAllSnapshots_Task', ['deleteAll']],
  ['ConsolidateVMDisks_Task', ['consolidate']],
  ['PowerOnVM_Task', ['powerOn']],
]);

/**
 * Operations whose methods are switched off. What is missing proves nothing: methods of snapshots are not listed by every
 * server.
 */
export function disabledOperations(disabledMethods: readonly string[]): Set<OperationKind> {
  return new Set(disabledMethods.flatMap((method) => operationsByMethod.get(method) ?? []));
}

/** The value of the option `snapshot.maxSnapshots`: how many snapshots a chain of this VM may have. */
export function maxSnapshotsOf(option: unknown): number | undefined {
  const { value } = (option ?? {}) as { readonly value?: unknown };
  const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}
