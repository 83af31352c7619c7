import type { Logger, Redactor } from '../common/logger';
import { type CredentialStore, CredentialStoreError } from './credentialStore';
import type { HeldPassword } from './heldPassword';
import { type StoreFailure, storeFailure } from './passwordRemoval';
import { messageOf } from './serverErrors';
import type { CredentialStoreId } from './serverProfile';
import type { SessionStore } from './sessionStore';
import { writeSurely } from './storeAccess';

/** Where the person wants passwords. `auto` takes the safest store that works. */
export type StorePreference = 'auto' | CredentialStoreId;

export interface CredentialStores {
  readonly osKeychain: CredentialStore;
  readonly vscode: CredentialStore;
  readonly session: SessionStore;
}

/** Where a password goes. */
export interface StoreChoice {
  readonly store: CredentialStoreId;
  /** The store's name for the person. */
  readonly label: string;
  /** Better stores that do not work here. */
  readonly skipped: readonly StoreFailure[];
}

const order: Readonly<Record<StorePreference, readonly CredentialStoreId[]>> = {
  auto: ['osKeychain', 'vscode', 'session'],
  // Who chose one store does not want the password in another one; the memory of the window is none.
  osKeychain: ['osKeychain', 'session'],
  vscode: ['vscode', 'session'],
  session: ['session'],
};

/** Finds the store that is to keep a password: the first one, in the order of the person's preference, that works. */
export class StoreChain {
  constructor(
    private readonly stores: CredentialStores,
    private readonly preference: () => StorePreference,
    private readonly redactor: Redactor,
    private readonly logger: Logger,
  ) {}

  /** Where a password would go now. */
  async destination(): Promise<StoreChoice> {
    const skipped: StoreFailure[] = [];
    for (const store of this.candidates()) {
      const availability = await store.probe();
      if (availability.available) {
        return { store: store.id, label: store.label, skipped };
      }
      skipped.push(storeFailure(store, availability.reason));
    }
    return { store: 'session', label: this.stores.session.label, skipped };
  }

  /**
   * Writes a password and makes sure that it can be read again.
   *
   * @param only - the one store to try, instead of the person's preference
   * @throws {@link CredentialStoreError} when no store took it.
   */
  async write(account: string, password: HeldPassword, only?: CredentialStore): Promise<StoreChoice> {
    const skipped: StoreFailure[] = [];
    let lastError: unknown;
    for (const store of only === undefined ? this.candidates() : [only]) {
      const availability = await store.probe();
      if (!availability.available) {
        skipped.push(storeFailure(store, availability.reason));
        lastError = new CredentialStoreError(store.id, availability.reason);
        continue;
      }
      try {
        await writeSurely(store, account, password, this.redactor);
        return { store: store.id, label: store.label, skipped };
      } catch (error) {
        skipped.push(storeFailure(store, error));
        lastError = error;
        this.logger.warn(`Password store ${store.id} did not take a password: ${messageOf(error)}`);
      }
    }
    throw lastError;
  }

  private candidates(): readonly CredentialStore[] {
    return order[this.preference()].map((id) => this.stores[id]);
  }
}
