import * as l10n from '@vscode/l10n';
import type { CredentialStore } from './credentialStore';
import { GuardedStore, type GuardedStoreOptions, type Vault } from './guardedStore';
import type { KeychainApi, KeychainLibrary } from './keytarLoader';

/** Under which the entries appear in the keychain's own program. Changing it would lose every stored password. */
export const keychainService = 'vSphere Snapshots';

/**
 * Passwords in the keychain of the operating system: macOS Keychain, Windows Credential Manager, or what answers as
 * Secret Service on Linux (GNOME Keyring, KWallet).
 *
 * @remarks The library is loaded at the first use, and again after that has failed.
 */
export function osKeychainStore(library: KeychainLibrary, options: GuardedStoreOptions): CredentialStore {
  return new GuardedStore('osKeychain', () => l10n.t('the OS keychain'), new KeychainVault(library), options);
}

class KeychainVault implements Vault {
  private loaded: KeychainApi | undefined;

  constructor(private readonly library: KeychainLibrary) {}

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
    return await this.library.listAccounts(keychainService);
  }

  private api(): KeychainApi {
    this.loaded ??= this.library.load();
    return this.loaded;
  }
}
