import type { Clock } from '../common/clock';
import type { Logger, Redactor } from '../common/logger';
import { type CredentialStore, CredentialStoreError, type StoreAvailability } from './credentialStore';
import type { CredentialStoreId } from './serverProfile';
import { messageOf } from './serverErrors';
import { TimeLimitError, withTimeLimit } from './timeLimit';

/** What is behind a store: the bare calls, which may hang, refuse, or keep something else than they were given. */
export interface Vault {
  get(account: string): Promise<string | undefined>;
  set(account: string, password: string): Promise<void>;
  delete(account: string): Promise<boolean>;
  list(): Promise<readonly string[] | undefined>;
}

/** What every store that is built on a vault needs. */
export interface GuardedStoreOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Knows the passwords that are on their way. */
  readonly redactor: Redactor;
  /** Text that nobody can guess and that no other window uses. */
  readonly createNonce: () => string;
  /** How long one call may take. A desktop may ask the person to unlock the keychain, and the call waits for that. */
  readonly callLimitMs?: number;
}

const defaultCallLimitMs = 10_000;
/** How long an unavailable store is believed to stay so. Somebody may unlock it, but nobody wants to wait for it twice. */
const unavailableForMs = 60_000;
/** What the canary's account starts with. It has no `@`, so it is never taken for an account of a server. */
const canaryPrefix = 'availability-check-';

/** Makes a {@link CredentialStore} of a vault: limits the time of every call, probes, and cleans up after late answers. */
export class GuardedStore implements CredentialStore {
  private lastProbe: { readonly result: StoreAvailability; readonly atMs: number } | undefined;
  private probing: Promise<StoreAvailability> | undefined;
  /** Counts the writes of each account, so that a late one can see whether it is still the last. */
  private readonly writes = new Map<string, number>();

  constructor(
    readonly id: CredentialStoreId,
    private readonly labelText: () => string,
    private readonly vault: Vault,
    private readonly options: GuardedStoreOptions,
  ) {}

  get label(): string {
    return this.labelText();
  }

  async probe(fresh = false): Promise<StoreAvailability> {
    const last = this.lastProbe;
    if (last !== undefined && !fresh) {
      const ageMs = this.options.clock.now() - last.atMs;
      if (last.result.available || (ageMs >= 0 && ageMs < unavailableForMs)) {
        return last.result;
      }
    }
    this.probing ??= this.probeNow().finally(() => {
      this.probing = undefined;
    });
    return await this.probing;
  }

  async get(account: string): Promise<string | undefined> {
    return await this.limited(() => this.vault.get(account));
  }

  async set(account: string, password: string): Promise<void> {
    const write = (this.writes.get(account) ?? 0) + 1;
    this.writes.set(account, write);
    await this.limited(
      () => this.vault.set(account, password),
      () => {
        this.options.logger.info(`Password store ${this.id} answered late; what it wrote is removed.`);
        if (this.writes.get(account) === write) {
          // No later write counts on the account.
          this.removeLate(account);
        }
      },
    );
  }

  async delete(account: string): Promise<boolean> {
    return await this.limited(() => this.vault.delete(account));
  }

  async list(): Promise<readonly string[] | undefined> {
    return await this.limited(() => this.vault.list());
  }

  private async probeNow(): Promise<StoreAvailability> {
    const result = await this.tryCanary();
    this.lastProbe = { result, atMs: this.options.clock.now() };
    if (!result.available) {
      this.options.logger.info(`Password store ${this.id} is unavailable: ${result.reason}`);
    }
    return result;
  }

  private async tryCanary(): Promise<StoreAvailability> {
    const account = canaryPrefix + this.options.createNonce();
    const value = this.options.createNonce();
    try {
      await this.set(account, value);
      const read = await this.get(account);
      const deleted = await this.delete(account);
      return read === value && deleted
        ? { available: true }
        : { available: false, reason: 'it did not give back what was written to it' };
    } catch (error) {
      // After a failed read or delete the canary is still there.
      this.removeLate(account);
      return { available: false, reason: messageOf(error) };
    }
  }

  /** Removes what nobody counts on, without making anybody wait for it. */
  private removeLate(account: string): void {
    this.vault.delete(account).catch((error: unknown) => {
      this.options.logger.debug(`Password store ${this.id} kept an entry that was to be removed: ${messageOf(error)}`);
    });
  }

  private async limited<T>(call: () => Promise<T>, onLate?: (result: T) => void): Promise<T> {
    const { clock, callLimitMs = defaultCallLimitMs } = this.options;
    try {
      return await withTimeLimit(clock, callLimitMs, this.id, call(), (result) => {
        // It works after all; the next one to ask finds out.
        this.lastProbe = undefined;
        onLate?.(result);
      });
    } catch (error) {
      const said = messageOf(error);
      // A store may repeat what it was given. The error outlives the time for which the password is known as one.
      const reason = this.options.redactor.redact(said);
      this.lastProbe = error instanceof TimeLimitError ? this.unavailable(reason) : undefined;
      throw new CredentialStoreError(this.id, reason, reason === said ? error : undefined);
    }
  }

  private unavailable(reason: string): { result: StoreAvailability; atMs: number } {
    return { result: { available: false, reason }, atMs: this.options.clock.now() };
  }
}
