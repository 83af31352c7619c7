import type { CredentialStore } from './credentialStore';
import { messageOf } from './serverErrors';
import type { CredentialStoreId } from './serverProfile';
import { deleteSurely } from './storeAccess';

/** Something that a store did not do. */
export interface StoreFailure {
  readonly store: CredentialStoreId;
  /** The store's name for the person. */
  readonly label: string;
  /** As the store said it. */
  readonly reason: string;
}

/** What became of the wish to remove stored passwords. */
export interface RemovalReport {
  readonly removed: number;
  /** Accounts that are still stored; without an account, a store that could not be looked into. */
  readonly failures: readonly (StoreFailure & { readonly account?: string })[];
}

export function storeFailure(store: CredentialStore, error: unknown): StoreFailure {
  return { store: store.id, label: store.label, reason: messageOf(error) };
}

/**
 * Deletes everything of ours from a store: what it lists and, since some stores cannot list, the given accounts too.
 * Never throws; what is left is in the report.
 *
 * @returns with the accounts under which nothing is kept any more
 */
export async function emptyStore(
  store: CredentialStore,
  accounts: readonly string[],
): Promise<RemovalReport & { readonly gone: readonly string[] }> {
  const availability = await store.probe(true);
  if (!availability.available) {
    // A locked keychain lists nothing and deletes nothing, without an error.
    return { removed: 0, gone: [], failures: [storeFailure(store, availability.reason)] };
  }
  const failures: (StoreFailure & { account?: string })[] = [];
  let listed: readonly string[] | undefined;
  try {
    listed = await store.list();
  } catch (error) {
    // There may be more than the given accounts, and nobody can say.
    failures.push(storeFailure(store, error));
  }
  const gone: string[] = [];
  let removed = 0;
  for (const account of new Set([...(listed ?? []), ...accounts])) {
    try {
      const found = (await store.get(account)) !== undefined;
      await deleteSurely(store, account);
      removed += found ? 1 : 0;
      gone.push(account);
    } catch (error) {
      failures.push({ ...storeFailure(store, error), account });
    }
  }
  return { removed, gone, failures };
}
