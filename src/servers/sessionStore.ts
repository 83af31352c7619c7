import * as l10n from '@vscode/l10n';
import type { Redactor } from '../common/logger';
import type { CredentialStore, StoreAvailability } from './credentialStore';
import { HeldPassword } from './heldPassword';

/** Passwords in the memory of this window, until it is closed or reloaded. Always works. */
export class SessionStore implements CredentialStore {
  readonly id = 'session';
  private readonly passwords = new Map<string, HeldPassword>();

  constructor(private readonly redactor: Redactor) {}

  get label(): string {
    return l10n.t('the memory of this window');
  }

  /** Whether a password is kept, without reading it. */
  has(account: string): boolean {
    return this.passwords.has(account);
  }

  probe(): Promise<StoreAvailability> {
    return Promise.resolve({ available: true });
  }

  get(account: string): Promise<string | undefined> {
    return Promise.resolve(this.passwords.get(account)?.reveal());
  }

  async set(account: string, password: string): Promise<void> {
    await this.delete(account);
    this.passwords.set(account, new HeldPassword(password, this.redactor));
  }

  delete(account: string): Promise<boolean> {
    this.passwords.get(account)?.dispose();
    return Promise.resolve(this.passwords.delete(account));
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.passwords.keys()]);
  }
}
