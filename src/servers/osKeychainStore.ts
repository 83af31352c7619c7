import * as l10n from '@vscode/l10n';
import type { CredentialStore } from './credentialStore';
import { GuardedStore, type GuardedStoreOptions, type Vault } from './guardedStore';
import type { KeychainApi } from './keytarLoader';

/** Under which the entries appear in the keychain's own program. Changing it would lose every stored password. */
export const keychainService = 'vSphere Snapshots';

/**
 * Passwords in the keychain of the operating system: macOS Keychain, Windows Credential Manager, or what answers as
 * Secret Service on Linux (GNOME Keyring, KWallet).
 *
 * @param load - gives the library; called at the first use, and again after it has thrown
 */
export function osKeychainStore(load: () => KeychainApi, options: GuardedStoreOptions): CredentialStore {
  return new GuardedStore('osKeychain', () => l10n.t('the OS keychain'), new KeychainVault(load), options);
}

class KeychainVault implements Vault {
  private loaded: KeychainApi | undefined;

  constructor(private readonly load: () => KeychainApi) {}

  async get(account: string): Promise<string | undefined> {
    return (await this.api().getPassword(keychainService, account)) ?? undefined;
  }

  async set(account: string, password: string): Promise<void> {
    await this.api().setPassword(keychainService, account, password);
  }

  async delete(account: string): Promise<boolean> {
    return await this.api().deletePassword(keychainService, account);
  }

  async list(): Promise<readonly string[]> {
    // There is no call for the accounts alone; the passwords that come with them are dropped here.
    return (await this.api().findCredentials(keychainService)).map(({ account }) => account);
  }

  private api(): KeychainApi {
    this.loaded ??= this.load();
    return this.loaded;
  }
}
