import { CancelledError } from '../common/cancellation';
import type { Disposable } from '../common/disposable';
import { HypervisorError } from '../hypervisor/errors';
import type { CredentialService } from './credentialService';
import type { HeldPassword } from './heldPassword';
import type { PasswordGuard } from './passwordGuard';
import type { PasswordPrompt, PasswordReason } from './prompts';
import { messageOf, passwordNeeded, refusedBefore } from './serverErrors';
import type { ServerProfile } from './serverProfile';
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
  private held: { readonly password: HeldPassword; readonly origin: Origin } | undefined;
  private mayAsk: boolean;

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
   * @throws {@link HypervisorError} of kind `passwordNeeded`, `passwordUnavailable` or `loginRefused` when nobody may be
   * asked; CancelledError when the person gives up.
   */
  async get(): Promise<string> {
    if (this.held !== undefined && this.isStale(this.held.origin)) {
      this.drop();
    }
    this.held ??= await this.obtain();
    return this.held.password.reveal();
  }

  /** The server took it: a typed password is kept as the person wished, and nobody is asked any more. */
  async accepted(): Promise<void> {
    this.mayAsk = false;
    if (this.held?.origin.kind !== 'typed') {
      return;
    }
    const { password, origin } = this.held;
    const { credentials, guard, logger } = this.services;
    const profile = this.profile();
    if (origin.save) {
      try {
        await credentials.store(profile, password);
        const isSession = credentials.hasForSession(profile);
        this.held = {
          password,
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
    this.held = { password, origin: { kind: 'session' } };
  }

  /** The server refused it: it is not used again, by no window. */
  async refused(): Promise<void> {
    const { credentials, guard } = this.services;
    const origin = this.held?.origin;
    this.drop();
    if (origin?.kind === 'stored') {
      await guard.refused(this.profile().id, origin.version);
    } else if (origin?.kind === 'session') {
      await credentials.dropFromSession(this.profile());
    }
  }

  dispose(): void {
    this.drop();
  }

  /** Whether another password was stored since, or this one was refused in another window. */
  private isStale(origin: Origin): boolean {
    const { guard } = this.services;
    const { id } = this.profile();
    return origin.kind === 'stored' && (guard.version(id) !== origin.version || guard.isRefused(id));
  }

  private async obtain(): Promise<{ password: HeldPassword; origin: Origin }> {
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

  private async askOrThrow(
    reason: PasswordReason,
    error: unknown,
  ): Promise<{ password: HeldPassword; origin: Origin }> {
    if (!this.mayAsk) {
      throw error;
    }
    return await this.ask(reason);
  }

  private async ask(reason: PasswordReason): Promise<{ password: HeldPassword; origin: Origin }> {
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
