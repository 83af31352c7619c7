import { CancelledError } from '../common/cancellation';
import type { Disposable } from '../common/disposable';
import { HypervisorError } from '../hypervisor/errors';
import type { CredentialService } from './credentialService';
import type { HeldPassword } from './heldPassword';
import type { PasswordGuard } from './passwordGuard';
import type { PasswordPrompt, PasswordReason } from './prompts';
import { connectionLost, messageOf, passwordNeeded, refusedBefore } from './serverErrors';
import { accountOf, sameEndpoint, type ServerProfile } from './serverProfile';
import type { Logger } from '../common/logger';

/** How far a password source may go. */
export interface PasswordSourceOptions {
  /** Whether the person may be asked, during the first login only. */
  readonly interactive: boolean;
  /** Asks the person at once, whatever is stored. */
  readonly ask?: PasswordReason | undefined;
  readonly signal: AbortSignal;
}

/** Where the password that is in use came from. A typed one is kept only after the server has accepted it. */
type Origin =
  | { readonly kind: 'typed'; readonly save: boolean }
  | { readonly kind: 'session' }
  | { readonly kind: 'stored'; readonly version: number };

interface Obtained {
  readonly password: HeldPassword;
  readonly origin: Origin;
}

/** What a {@link PasswordSource} works with. */
export interface PasswordServices {
  readonly credentials: CredentialService;
  readonly guard: PasswordGuard;
  readonly prompt: PasswordPrompt;
  readonly logger: Logger;
}

/**
 * Gives one session its password, at the first login and at those that the session needs later, and learns whether the
 * server took it. Never gives out a stored password that the server has refused, in whatever window that was.
 */
export class PasswordSource implements Disposable {
  private held: (Obtained & { readonly account: string }) | undefined;
  private mayAsk: boolean;
  private isDisposed = false;

  /** @param profile - gives the profile as it is now */
  constructor(
    private readonly profile: () => ServerProfile,
    private readonly services: PasswordServices,
    private readonly options: PasswordSourceOptions,
  ) {
    this.mayAsk = options.interactive;
  }

  /**
   * The password.
   *
   * @param asked - the profile with which the session was opened that asks
   * @throws {@link HypervisorError} of kind `passwordNeeded`, `passwordUnavailable` or `loginRefused` when nobody may be
   * asked; `connectionLost` when the profile leads elsewhere by now; CancelledError when the person gives up.
   */
  async get(asked: ServerProfile): Promise<string> {
    this.requireSame(asked);
    if (this.held !== undefined && (this.isStale(this.held.origin) || this.held.account !== accountOf(asked))) {
      this.drop();
    }
    if (this.held === undefined) {
      const obtained = await this.obtain();
      // Looking for it may have taken as long as a person takes to type.
      if (this.isDisposed) {
        obtained.password.dispose();
        throw new CancelledError();
      }
      this.drop();
      this.held = { ...obtained, account: accountOf(asked) };
      this.requireSame(asked);
    }
    return this.held.password.reveal();
  }

  /** The server took it: a typed password is kept as the person wished, and nobody is asked any more. */
  async accepted(): Promise<void> {
    this.mayAsk = false;
    if (this.held?.origin.kind !== 'typed') {
      return;
    }
    const { password, origin, account } = this.held;
    const { credentials, guard, logger } = this.services;
    const profile = this.profile();
    if (account !== accountOf(profile)) {
      // The server was edited at the last moment; the password belongs to what it was.
      return;
    }
    if (origin.save) {
      try {
        await credentials.store(profile, password);
        const isSession = credentials.hasForSession(profile);
        this.held = {
          password,
          account,
          origin: isSession ? { kind: 'session' } : { kind: 'stored', version: guard.version(profile.id) },
        };
        return;
      } catch (error) {
        if (HypervisorError.find(error, 'gone') !== undefined) {
          throw error;
        }
        // The person is signed in, and that must not end because the password could not be kept.
        logger.warn(`The password could not be stored: ${messageOf(error)}`);
      }
    }
    await credentials.keepForSession(profile, password);
    this.held = { password, account, origin: { kind: 'session' } };
  }

  /** The server refused it: it is not used again, by no window. */
  async refused(): Promise<void> {
    const { credentials, guard } = this.services;
    const { held } = this;
    const profile = this.profile();
    this.drop();
    if (held?.origin.kind === 'stored') {
      await guard.refused(profile.id, held.origin.version);
    } else if (held?.origin.kind === 'session' && held.account === accountOf(profile)) {
      await credentials.dropFromSession(profile);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.drop();
  }

  /** A server that was edited while it was being connected must not be sent the password of what it was changed to. */
  private requireSame(asked: ServerProfile): void {
    if (!sameEndpoint(asked, this.profile())) {
      throw connectionLost('the server was edited meanwhile');
    }
  }

  /** Whether another password was stored since, or this one was refused in another window. */
  private isStale(origin: Origin): boolean {
    const { guard } = this.services;
    const { id } = this.profile();
    return origin.kind === 'stored' && (guard.version(id) !== origin.version || guard.isRefused(id));
  }

  private async obtain(): Promise<Obtained> {
    const { credentials, guard } = this.services;
    const profile = this.profile();
    if (this.options.ask !== undefined && this.mayAsk) {
      return await this.ask(this.options.ask);
    }
    const kind = credentials.hasForSession(profile) ? 'session' : 'stored';
    if (kind === 'stored' && guard.isRefused(profile.id)) {
      return await this.askOrThrow('refused', refusedBefore(profile.host));
    }
    const version = guard.version(profile.id);
    let password: HeldPassword | undefined;
    try {
      password = await credentials.find(profile);
    } catch (error) {
      if (HypervisorError.find(error, 'passwordUnavailable') === undefined) {
        throw error;
      }
      return await this.askOrThrow('unavailable', error);
    }
    return password === undefined
      ? await this.askOrThrow('missing', passwordNeeded(profile.label, profile.userName))
      : { password, origin: kind === 'session' ? { kind } : { kind, version } };
  }

  private async askOrThrow(reason: PasswordReason, error: unknown): Promise<Obtained> {
    if (!this.mayAsk) {
      throw error;
    }
    return await this.ask(reason);
  }

  private async ask(reason: PasswordReason): Promise<Obtained> {
    const { credentials, prompt } = this.services;
    const { label, host, userName } = this.profile();
    const { store, label: storeLabel } = await credentials.destination();
    const typed = await prompt.askPassword(
      {
        serverLabel: label,
        host,
        userName,
        reason,
        destinationLabel: store === 'session' ? undefined : storeLabel,
      },
      this.options.signal,
    );
    if (typed === undefined || this.options.signal.aborted) {
      throw new CancelledError();
    }
    return { password: credentials.hold(typed.text), origin: { kind: 'typed', save: typed.save } };
  }

  private drop(): void {
    this.held?.password.dispose();
    this.held = undefined;
  }
}
