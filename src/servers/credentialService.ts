import * as l10n from '@vscode/l10n';
import type { Disposable } from '../common/disposable';
import { Emitter } from '../common/event';
import type { Logger, Redactor } from '../common/logger';
import { HypervisorError } from '../hypervisor/errors';
import type { ServerId } from '../hypervisor/model/ids';
import { type CredentialStore, CredentialStoreError } from './credentialStore';
import { HeldPassword } from './heldPassword';
import type { PasswordGuard } from './passwordGuard';
import type { ProfileStore } from './profileStore';
import { emptyStore, type RemovalReport, type StoreFailure, storeFailure } from './passwordRemoval';
import { messageOf, passwordUnavailable } from './serverErrors';
import { accountOf, type CredentialStoreId, type ServerProfile } from './serverProfile';
import { type CredentialStores, StoreChain, type StoreChoice, type StorePreference } from './storeChain';
import { deleteSurely, readSurely, writeSurely } from './storeAccess';

/** Where a password went, so that the person can be told. */
export interface StoreReport extends StoreChoice {
  readonly serverId: ServerId;
  /** Stores in which an older copy stayed because it could not be removed. */
  readonly leftBehind: readonly StoreFailure[];
}

/** An account that other servers use, offered when a server is added. */
export interface KnownAccount {
  readonly userName: string;
  readonly servers: readonly { readonly id: ServerId; readonly label: string; readonly hasPassword: boolean }[];
}

/**
 * Keeps the passwords of servers in the best store that works and knows which one that is.
 *
 * @remarks A password that was entered for this window only goes before the stored one. Passwords leave as
 * {@link HeldPassword}, which the caller disposes.
 */
export class CredentialService implements Disposable {
  private readonly stored = new Emitter<StoreReport>();
  private readonly chain: StoreChain;
  /** Changes go one after the other: each reads what is there before it replaces it. */
  private lastChange: Promise<unknown> = Promise.resolve();

  readonly onDidStore = this.stored.event;

  constructor(
    private readonly stores: CredentialStores,
    preference: () => StorePreference,
    private readonly profiles: ProfileStore,
    private readonly guard: PasswordGuard,
    private readonly redactor: Redactor,
    private readonly logger: Logger,
  ) {
    this.chain = new StoreChain(stores, preference, redactor, logger);
  }

  /** Takes a password that somebody typed. */
  hold(text: string): HeldPassword {
    return new HeldPassword(text, this.redactor);
  }

  /** Whether there may be a password, without asking any store. */
  mayHave(profile: ServerProfile): boolean {
    return (
      profile.credentialStore === 'osKeychain' || profile.credentialStore === 'vscode' || this.hasForSession(profile)
    );
  }

  /** Whether the password of this window goes before the stored one. */
  hasForSession(profile: ServerProfile): boolean {
    return this.stores.session.has(accountOf(profile));
  }

  /**
   * The password of a server; undefined when there is none.
   *
   * @throws {@link HypervisorError} of kind `passwordUnavailable` when its store is locked or does not answer.
   */
  async find(profile: ServerProfile): Promise<HeldPassword | undefined> {
    const account = accountOf(profile);
    const ofSession = await this.stores.session.get(account);
    if (ofSession !== undefined) {
      return this.hold(ofSession);
    }
    if (profile.credentialStore === 'none' || profile.credentialStore === 'session') {
      return undefined;
    }
    const store = this.stores[profile.credentialStore];
    try {
      const found = await readSurely(store, account);
      return found === undefined ? undefined : this.hold(found);
    } catch (error) {
      throw passwordUnavailable(store.label, store.id === 'osKeychain', error);
    }
  }

  /** Where a password would go now. */
  async destination(): Promise<StoreChoice> {
    return await this.chain.destination();
  }

  /**
   * Stores the password of a server in the first store that takes it, then removes older copies elsewhere.
   *
   * @throws {@link HypervisorError} of kind `gone` when the server was removed meanwhile; nothing is kept then.
   */
  async store(profile: ServerProfile, password: HeldPassword): Promise<StoreReport> {
    requireText(password);
    return await this.exclusively(() => this.storeNow(profile, password));
  }

  /** Keeps a password for this window only. The stored one stays as it is. */
  async keepForSession(profile: ServerProfile, password: HeldPassword): Promise<void> {
    requireText(password);
    await this.stores.session.set(accountOf(profile), password.reveal());
  }

  async dropFromSession(profile: ServerProfile): Promise<void> {
    await this.stores.session.delete(accountOf(profile));
  }

  /**
   * Moves the stored password of a server to where the preference wants it. It is removed from the old store after the
   * new one has given it back. Nothing happens when none is stored or it is there already: what was entered for this
   * window only stays so.
   *
   * @throws {@link HypervisorError} of kind `passwordUnavailable` when either store fails; it is then where it was.
   */
  async moveToPreferred(profile: ServerProfile): Promise<StoreReport | undefined> {
    const isForSession = profile.credentialStore === 'session';
    if (profile.credentialStore === 'none' || (!isForSession && this.hasForSession(profile))) {
      return undefined;
    }
    const { store, skipped } = await this.destination();
    const [missed] = skipped;
    if (store === 'session' && missed !== undefined && !isForSession) {
      // A stored password must not end in the memory of a window because the store that is wanted does not work today.
      throw passwordUnavailable(missed.label, missed.store === 'osKeychain', new Error(missed.reason));
    }
    const target = this.stores[store];
    if (target.id === profile.credentialStore) {
      return undefined;
    }
    const password = await this.find(profile);
    if (password === undefined) {
      return undefined;
    }
    try {
      return await this.exclusively(async () => {
        const choice = await this.chain.write(accountOf(profile), password, target);
        return await this.settle(profile, choice);
      });
    } catch (error) {
      throw error instanceof CredentialStoreError
        ? passwordUnavailable(target.label, target.id === 'osKeychain', error)
        : error;
    } finally {
      password.dispose();
    }
  }

  /**
   * Keeps the password of `from`, in the store that it names, under the account of `to` as well. The two are the same
   * server before and after its address was edited. Nothing happens when there is none.
   *
   * @throws {@link HypervisorError} of kind `passwordUnavailable`.
   */
  async copy(from: ServerProfile, to: ServerProfile): Promise<void> {
    const password = await this.find(from);
    if (password === undefined) {
      return;
    }
    const store =
      this.stores[from.credentialStore === 'none' || this.hasForSession(from) ? 'session' : from.credentialStore];
    try {
      await this.exclusively(() => writeSurely(store, accountOf(to), password, this.redactor));
    } catch (error) {
      throw passwordUnavailable(store.label, store.id === 'osKeychain', error);
    } finally {
      password.dispose();
    }
  }

  /**
   * Deletes what is kept under the account of a profile, from this window and from the store that it names.
   *
   * @throws {@link HypervisorError} of kind `passwordUnavailable` when the store did not do it.
   */
  async erase(profile: ServerProfile): Promise<void> {
    await this.exclusively(() => this.eraseNow(profile));
  }

  /**
   * Removes the password of a server from this window and from its store.
   *
   * @throws {@link HypervisorError} of kind `passwordUnavailable` when the store did not do it; the profile then still
   * says where the password is.
   */
  async forget(profile: ServerProfile): Promise<void> {
    await this.exclusively(async () => {
      await this.eraseNow(profile);
      if (profile.credentialStore !== 'none' && this.profiles.get(profile.id) !== undefined) {
        await this.profiles.update(profile.id, { credentialStore: 'none' });
      }
    });
  }

  /** Removes every password of this product from every store, those of servers that are no longer listed included. */
  async removeAll(): Promise<RemovalReport> {
    return await this.exclusively(async () => {
      const reports: RemovalReport[] = [];
      for (const store of [this.stores.osKeychain, this.stores.vscode, this.stores.session]) {
        const users = this.profiles.all().filter(({ credentialStore }) => credentialStore === store.id);
        const report = await emptyStore(store, users.map(accountOf));
        for (const profile of users.filter((user) => report.gone.includes(accountOf(user)))) {
          await this.profiles.update(profile.id, { credentialStore: 'none' });
        }
        reports.push(report);
      }
      return {
        removed: reports.reduce((sum, { removed }) => sum + removed, 0),
        failures: reports.flatMap(({ failures }) => failures),
      };
    });
  }

  /** Accounts of the saved servers, the most used first. */
  knownAccounts(): readonly KnownAccount[] {
    const accounts = new Map<string, { userName: string; servers: KnownAccount['servers'][number][] }>();
    for (const profile of this.profiles.all().filter(({ isDemo }) => !isDemo)) {
      const key = profile.userName.toLowerCase();
      const account = accounts.get(key) ?? { userName: profile.userName, servers: [] };
      account.servers.push({ id: profile.id, label: profile.label, hasPassword: this.mayHave(profile) });
      accounts.set(key, account);
    }
    return [...accounts.values()].sort((a, b) => b.servers.length - a.servers.length);
  }

  dispose(): void {
    this.stored.dispose();
  }

  private async storeNow(profile: ServerProfile, password: HeldPassword): Promise<StoreReport> {
    const choice = await this.chain.write(accountOf(profile), password);
    const stuck = choice.skipped.filter(({ store }) => store === this.storeOf(profile));
    return choice.store === 'session' && stuck.length > 0
      ? // The stored password could not be touched. It stays the stored one; this window uses the new one.
        this.report({ ...choice, serverId: profile.id, leftBehind: stuck })
      : await this.settle(profile, choice);
  }

  /** Notes that the password is in `store` now, and removes what is left of it elsewhere. */
  private async settle(profile: ServerProfile, choice: StoreChoice): Promise<StoreReport> {
    const account = accountOf(profile);
    const store = this.stores[choice.store];
    const previous = this.storeOf(profile);
    try {
      await this.profiles.update(profile.id, { credentialStore: store.id });
    } catch (error) {
      // Nobody would ever find it again.
      await this.tryErase(store, account);
      throw error;
    }
    await this.guard.passwordChanged(profile.id);
    const leftBehind: StoreFailure[] = [];
    for (const id of new Set<CredentialStoreId | 'none'>([previous, 'session'])) {
      if (id !== 'none' && id !== store.id) {
        leftBehind.push(...(await this.tryErase(this.stores[id], account)));
      }
    }
    return this.report({ ...choice, serverId: profile.id, leftBehind });
  }

  /** The store that the profile names by now. */
  private storeOf(profile: ServerProfile): CredentialStoreId | 'none' {
    return this.profiles.get(profile.id)?.credentialStore ?? profile.credentialStore;
  }

  private report(report: StoreReport): StoreReport {
    this.stored.fire(report);
    return report;
  }

  private async eraseNow(profile: ServerProfile): Promise<void> {
    await this.dropFromSession(profile);
    if (profile.credentialStore === 'none') {
      return;
    }
    const store = this.stores[profile.credentialStore];
    try {
      await deleteSurely(store, accountOf(profile));
    } catch (error) {
      throw passwordUnavailable(store.label, store.id === 'osKeychain', error);
    }
  }

  private async tryErase(store: CredentialStore, account: string): Promise<readonly StoreFailure[]> {
    try {
      await deleteSurely(store, account);
      return [];
    } catch (error) {
      this.logger.warn(`Password store ${store.id} kept an old password: ${messageOf(error)}`);
      return [storeFailure(store, error)];
    }
  }

  private async exclusively<T>(change: () => Promise<T>): Promise<T> {
    const run = this.lastChange.then(change);
    // The next change waits for this one, however it ends; its failure belongs to its caller alone.
    this.lastChange = run.catch(() => undefined);
    return await run;
  }
}

function requireText(password: HeldPassword): void {
  if (password.reveal() === '') {
    throw new HypervisorError('invalidInput', 'an empty password', () => l10n.t('Enter the password.'));
  }
}
