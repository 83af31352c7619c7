import type { JournalRecord } from './journalRecord';

/** What windows that are gone have left behind, for this window alone to take over. */
export interface LeftBehind {
  /** Records of each window, in the order in which they were written. */
  readonly journals: readonly { readonly window: string; readonly records: readonly JournalRecord[] }[];
  /** To be called when everything that matters has been noted anew: nobody gets to see these again. */
  settle(): Promise<void>;
}

/** Where a window's journal is kept. Only one window writes to it. */
export interface JournalStore {
  /**
   * Adds records, in the order of the calls.
   *
   * @param isVital - resolves only when they survive a power failure
   * @throws Error when they cannot be written
   */
  append(records: readonly JournalRecord[], isVital: boolean): Promise<void>;
  /** What windows have left behind that are gone; undefined when there is nothing. @throws Error when it cannot be read. */
  takeLeftBehind(): Promise<LeftBehind | undefined>;
}

/** Keeps nothing. */
export const noJournalStore: JournalStore = {
  append: () => Promise.resolve(),
  takeLeftBehind: () => Promise.resolve(undefined),
};
