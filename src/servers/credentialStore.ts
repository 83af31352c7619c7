import type { CredentialStoreId } from './serverProfile';

/** Whether a store can be relied on now; if not, why, in the words of whoever refused. */
export type StoreAvailability = { readonly available: true } | { readonly available: false; readonly reason: string };

/** A place that keeps passwords, under accounts of the form `user@address:port`. */
export interface CredentialStore {
  readonly id: CredentialStoreId;
  /** Its name for the person, fit for the middle of a sentence: `the OS keychain`. */
  readonly label: string;

  /**
   * Proves, by writing, reading and deleting something, that the store keeps what it is given.
   *
   * @param fresh - asks again even if the answer is known
   */
  probe(fresh?: boolean): Promise<StoreAvailability>;

  /**
   * The password, or undefined when the store answers that it has none.
   *
   * @remarks A locked keychain answers the same. Only a probe that succeeds afterwards makes undefined mean "absent".
   * @throws {@link CredentialStoreError}
   */
  get(account: string): Promise<string | undefined>;

  /** @throws {@link CredentialStoreError}; then nothing of the password stays behind, not even when the store answers late. */
  set(account: string, password: string): Promise<void>;

  /** Whether there was something to delete; as with `get`, false proves nothing. @throws {@link CredentialStoreError} */
  delete(account: string): Promise<boolean>;

  /** Accounts under which something of ours is kept; undefined when the store cannot tell. @throws {@link CredentialStoreError} */
  list(): Promise<readonly string[] | undefined>;
}

/** A store refused or did not answer. The message never holds what was to be stored. */
export class CredentialStoreError extends Error {
  override readonly name = 'CredentialStoreError';

  constructor(
    readonly store: CredentialStoreId,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}
