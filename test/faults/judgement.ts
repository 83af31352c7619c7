import type { OperationState } from '../../src/operations/trackedOperation';

/** What the laboratory does to a VM. `takeMemory` is a take with memory. */
export type Deed =
  | 'take'
  | 'takeMemory'
  | 'edit'
  | 'restore'
  | 'restoreLatest'
  | 'delete'
  | 'deleteWithChildren'
  | 'deleteAll'
  | 'consolidate'
  | 'powerOn';

export const deeds: readonly Deed[] = [
  'take',
  'takeMemory',
  'edit',
  'restore',
  'restoreLatest',
  'delete',
  'deleteWithChildren',
  'deleteAll',
  'consolidate',
  'powerOn',
];

/** The method that each deed comes down to, on the wire. */
export const writeMethods: Readonly<Record<Deed, string>> = {
  take: 'CreateSnapshotEx_Task',
  takeMemory: 'CreateSnapshotEx_Task',
  edit: 'RenameSnapshot',
  restore: 'RevertToSnapshot_Task',
  restoreLatest: 'RevertToCurrentSnapshot_Task',
  delete: 'RemoveSnapshot_Task',
  deleteWithChildren: 'RemoveSnapshot_Task',
  deleteAll: 'RemoveAllSnapshots_Task',
  consolidate: 'ConsolidateVMDisks_Task',
  powerOn: 'PowerOnVM_Task',
};

/** A snapshot as the person's tree shows it, or as the server has it. */
export interface SeenSnapshot {
  /** Its bare id on the server. */
  readonly id: string;
  readonly name: string;
  readonly children: readonly SeenSnapshot[];
}

/** A VM as the person sees it. */
export interface SeenVm {
  readonly power: string;
  readonly needsConsolidation: boolean;
  readonly currentId: string | undefined;
  readonly snapshots: readonly SeenSnapshot[];
}

/** What is about to be done, to whom. */
export interface Announcement {
  readonly deed: Deed;
  readonly vmId: string;
  readonly vmName: string;
  /** The snapshot that is meant, where one is. */
  readonly snapshotId: string | undefined;
  /** Name that a take or an edit gives. */
  readonly newName: string | undefined;
}

/** What the person was told in the end. */
export interface Claim {
  /** `refused`: it was not even sent, because the VM could not be read or the plan has blockers. */
  readonly state: OperationState | 'refused';
  /** In the person's words; undefined when all is well. */
  readonly sentence: string | undefined;
  /** How the fault shows that it has struck, where only the server can tell: the outcome of a call in its log. */
  readonly expectedOutcome: { readonly method: string; readonly outcome: string } | undefined;
  /** Type of the error with which the server's task is to have ended. */
  readonly expectedTaskError: string | undefined;
  /** Whether the proxy says that its fault struck; undefined when the proxy had no part in it. */
  readonly proxyFired: boolean | undefined;
}

/** What the judge finds. */
export interface Verdict {
  readonly outcome: 'survived' | 'wrong';
  readonly note: string;
}

/** Questions to the judge, and its answers, by number. */
export type JudgeRequest =
  | { readonly number: number; readonly ask: 'begin'; readonly announcement: Announcement }
  | { readonly number: number; readonly ask: 'sees'; readonly vmId: string; readonly seen: SeenVm | undefined }
  | { readonly number: number; readonly ask: 'lists'; readonly names: readonly string[] }
  | { readonly number: number; readonly ask: 'end'; readonly vmId: string; readonly claim: Claim };

export interface JudgeAnswer {
  readonly number: number;
  readonly verdict?: Verdict;
  /** To `sees` and `lists`: whether that is how things are. */
  readonly isTrue?: boolean;
  readonly error?: string;
}

/** One row of what the laboratory writes. */
export interface Cell {
  readonly operation: string;
  readonly fault: string;
  /** Where exactly: offset, call, moment. */
  readonly where: string;
  readonly outcome: Verdict['outcome'];
  readonly note: string;
}

/** Stands in the note of a cell whose fault did not strike. */
export const notStruck = 'the fault did not strike';
