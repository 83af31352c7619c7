import type { Redactor } from '../common/logger';
import { type CredentialStore, CredentialStoreError } from './credentialStore';
import { HeldPassword } from './heldPassword';

// What it takes to rely on a store: a keychain may be locked and answer "nothing there", and may keep something else
// than it was given (measured: libsecret cuts a password at a NUL character, and no store keeps half a surrogate pair).

/**
 * Reads a password, so that undefined means that there is none.
 *
 * @throws {@link CredentialStoreError} when the store is locked or unavailable.
 */
export async function readSurely(store: CredentialStore, account: string): Promise<string | undefined> {
  const found = await store.get(account);
  if (found !== undefined && found !== '') {
    return found;
  }
  await requireAvailable(store);
  // Proving that it is available may have unlocked it.
  const again = await store.get(account);
  return again === '' ? undefined : again;
}

/**
 * Writes a password and reads it back. What the account held before is put back when the store did not keep the new one.
 *
 * @throws {@link CredentialStoreError}
 */
export async function writeSurely(
  store: CredentialStore,
  account: string,
  password: HeldPassword,
  redactor: Redactor,
): Promise<void> {
  const before = await store.get(account);
  const old = before === undefined || before === '' ? undefined : new HeldPassword(before, redactor);
  try {
    await store.set(account, password.reveal());
    if ((await store.get(account)) !== password.reveal()) {
      if (old === undefined) {
        await store.delete(account);
      } else {
        await store.set(account, old.reveal());
      }
      throw new CredentialStoreError(store.id, 'it did not keep the password as it was given');
    }
  } finally {
    old?.dispose();
  }
}

/** Deletes a password and makes sure that it is gone. @throws {@link CredentialStoreError} */
export async function deleteSurely(store: CredentialStore, account: string): Promise<void> {
  if (!(await store.delete(account))) {
    await requireAvailable(store);
    await store.delete(account);
  }
}

async function requireAvailable(store: CredentialStore): Promise<void> {
  const availability = await store.probe(true);
  if (!availability.available) {
    throw new CredentialStoreError(store.id, availability.reason);
  }
}
