import * as l10n from '@vscode/l10n';
import type { CredentialStore } from './credentialStore';
import { GuardedStore, type GuardedStoreOptions, type Vault } from './guardedStore';

/** The editor's own store of secrets. */
export interface SecretPort {
  get(key: string): Promise<string | undefined>;
  store(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  /** Missing where the editor cannot tell: the method is younger than the store. */
  readonly keys?: () => Promise<readonly string[]>;
}

/** Before an account in a key, so that other secrets of this product are left alone. */
const keyPrefix = 'password/';

/** Passwords in the editor's secret storage. With a remote window they stay on the person's own machine. */
export function secretStorageStore(secrets: SecretPort, options: GuardedStoreOptions): CredentialStore {
  return new GuardedStore('vscode', () => l10n.t("the editor's secret storage"), new SecretVault(secrets), options);
}

class SecretVault implements Vault {
  constructor(private readonly secrets: SecretPort) {}

  async get(account: string): Promise<string | undefined> {
    return await this.secrets.get(keyPrefix + account);
  }

  async set(account: string, password: string): Promise<void> {
    await this.secrets.store(keyPrefix + account, password);
  }

  async delete(account: string): Promise<boolean> {
    const existed = (await this.secrets.get(keyPrefix + account)) !== undefined;
    await this.secrets.delete(keyPrefix + account);
    return existed;
  }

  async list(): Promise<readonly string[] | undefined> {
    const keys = await this.secrets.keys?.();
    return keys?.filter((key) => key.startsWith(keyPrefix)).map((key) => key.slice(keyPrefix.length));
  }
}
