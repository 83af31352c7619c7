import { CancelledError, isCancelled } from '../common/cancellation';
import type { Clock } from '../common/clock';
import type { Disposable } from '../common/disposable';
import { Emitter } from '../common/event';
import type { Logger } from '../common/logger';
import type { HypervisorClient, ServerIdentity } from '../hypervisor/client';
import type { ConnectionState, HypervisorConnection } from '../hypervisor/connection';
import type { HypervisorError } from '../hypervisor/errors';
import { InventoryStore } from '../hypervisor/inventory/inventoryStore';
import { RunningTasks } from '../hypervisor/inventory/runningTasks';
import type { ServerId } from '../hypervisor/model/ids';
import { ConnectAttempt } from './connectAttempt';
import type { CredentialService } from './credentialService';
import { IdleTimer } from './idleTimer';
import type { PasswordGuard } from './passwordGuard';
import type { PasswordReason } from './prompts';
import { mayRecover, reconnectDelayMs } from './reconnectPolicy';
import { formatHostPort, sameAddress } from './serverAddress';
import { asHypervisorError, notConnected } from './serverErrors';
import { fitToShow, sameEndpoint, type ServerProfile } from './serverProfile';
import { SessionCloser } from './sessionCloser';
import { SessionFeeds } from './sessionFeeds';
import type { OpenedSession, SignIn } from './signIn';
import { waitFor } from './waitFor';
import { WakeDetector } from './wakeDetector';

/** What a connection works with. */
export interface ConnectionServices {
  readonly signIn: SignIn;
  readonly credentials: CredentialService;
  readonly guard: PasswordGuard;
  readonly clock: Clock;
  /** Gives a number in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** After how many minutes hidden the session ends; 0 never. */
  readonly idleMinutes: () => number;
}

export interface ConnectOptions {
  /** Whether the person waits for it and may be asked. */
  readonly interactive: boolean;
  /** Asks for the password at once, whatever is stored, and even when there is a session. */
  readonly ask?: PasswordReason;
}

interface Session {
  readonly opened: OpenedSession;
  readonly feeds: SessionFeeds;
}

/**
 * The connection to one server: opens sessions, keeps one alive while somebody needs it, brings it back when it breaks,
 * and keeps what was read in between.
 *
 * @remarks Has at most one session and one attempt to open one. What an older attempt or session still says is ignored.
 */
export class ServerConnection implements HypervisorConnection, Disposable {
  readonly inventory = new InventoryStore();
  readonly runningTasks = new RunningTasks();
  private readonly stateChanged = new Emitter<ConnectionState>();
  private readonly idle: IdleTimer;
  private readonly wake: WakeDetector;
  private readonly closer: SessionCloser;
  private current: ConnectionState = { kind: 'disconnected' };
  private session: Session | undefined;
  private attempt: ConnectAttempt | undefined;
  private retry: Disposable | undefined;
  private failedAttempts = 0;
  /** Since when what is shown may be out of date; undefined before the first session and while live. */
  private lostAtMs: number | undefined;
  private lastServer: { readonly identity: ServerIdentity; readonly profile: ServerProfile } | undefined;
  /** The person disconnected it: it does not come back by being looked at. */
  private isPutAside = false;
  /** Version of the stored password when the connection was given up. */
  private gaveUpAtVersion: number | undefined;
  private isDisposed = false;

  readonly onDidChangeState = this.stateChanged.event;

  constructor(
    private profile: ServerProfile,
    private readonly services: ConnectionServices,
  ) {
    const { clock, idleMinutes, logger } = services;
    this.closer = new SessionCloser(clock, logger);
    this.idle = new IdleTimer(clock, idleMinutes, () => {
      this.log('Nobody has looked at it for a while; the session ends.');
      this.letGo();
    });
    this.wake = new WakeDetector(clock, () => {
      this.checkAfterSleep();
    });
  }

  get id(): ServerId {
    return this.profile.id;
  }

  get label(): string {
    return fitToShow(this.profile.label);
  }

  get userName(): string {
    return this.profile.userName;
  }

  get isReadOnly(): boolean {
    return this.profile.isReadOnly;
  }

  get isProtected(): boolean {
    return this.profile.isProtected;
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** What the server said about itself at the last login. */
  get identity(): ServerIdentity | undefined {
    return this.lastServer?.identity;
  }

  client(): HypervisorClient {
    if (this.session === undefined) {
      throw this.notConnected();
    }
    return this.session.opened.client;
  }

  async whenConnected(signal?: AbortSignal): Promise<HypervisorClient> {
    const look = (): HypervisorClient | undefined =>
      this.session === undefined && (this.attempt !== undefined || this.retry !== undefined)
        ? undefined
        : this.client();
    return await waitFor(this.onDidChangeState, look, signal);
  }

  hold(): Disposable {
    return this.idle.hold();
  }

  /**
   * Opens a session unless there is one. Resolves when signed in; the inventory comes in afterwards.
   *
   * @throws HypervisorError, which the state then holds too; CancelledError when the person gave up or the attempt was
   * overtaken by a disconnect or a newer attempt.
   */
  async connect(options: ConnectOptions): Promise<void> {
    if (this.isDisposed) {
      throw this.notConnected();
    }
    this.isPutAside = false;
    if (options.ask === undefined) {
      if (this.session !== undefined) {
        return;
      }
      // An attempt in the background asks nobody; the person gets one of his own.
      if (this.attempt !== undefined && (this.attempt.isInteractive || !options.interactive)) {
        await this.attempt.outcome;
        return;
      }
    }
    this.stopTrying();
    await this.startAttempt(options).outcome;
  }

  /** Ends the session until the person connects again. Resolves when the server has been told, or cannot be. */
  async disconnect(): Promise<void> {
    this.isPutAside = true;
    this.letGo();
    await this.closer.settled();
  }

  /** Says whether a view that shows the server is visible. Connects by itself when one appears and nobody has to be asked. */
  setVisible(visible: boolean): void {
    const appears = visible && !this.idle.isVisible;
    this.idle.setVisible(visible);
    if (!appears || this.isPutAside || this.isDisposed) {
      return;
    }
    const { current } = this;
    if (current.kind === 'reconnecting') {
      this.retryNow();
    } else if (
      (current.kind === 'disconnected' && this.services.credentials.mayHave(this.profile)) ||
      (current.kind === 'failed' && (mayRecover(current.error) || current.error.kind === 'passwordUnavailable'))
    ) {
      this.retryNow();
    }
  }

  /** Takes over what was changed in the profile, here or in another window. */
  updateProfile(profile: ServerProfile): void {
    const before = this.profile;
    this.profile = profile;
    const failure = this.current.kind === 'failed' ? this.current.error : undefined;
    const isTrustChanged = JSON.stringify(before.trust) !== JSON.stringify(profile.trust);
    const isConnecting = this.retry !== undefined || this.attempt?.isInteractive === false;
    // An attempt for which the person waits finds out by itself.
    if (!sameEndpoint(before, profile) && (this.session !== undefined || isConnecting || failure !== undefined)) {
      this.endSession();
      this.stopTrying();
      this.retryNow();
    } else if (failure?.kind === 'certificate' && isTrustChanged) {
      this.retryNow();
    }
  }

  /** Tries again if what it was given up for may be over: another password was stored, perhaps in another window. */
  reconsider(): void {
    const { guard, credentials } = this.services;
    const { current } = this;
    if (
      current.kind === 'failed' &&
      (current.error.kind === 'loginRefused' || current.error.kind === 'passwordNeeded') &&
      guard.version(this.id) !== this.gaveUpAtVersion &&
      credentials.mayHave(this.profile)
    ) {
      this.retryNow();
    }
  }

  /** Ends everything. {@link closed} resolves when the server has been told. */
  dispose(): void {
    this.isDisposed = true;
    this.letGo();
    this.stateChanged.dispose();
  }

  /** Resolves when every session that was ended has logged out, or has taken too long for it. Never rejects. */
  async closed(): Promise<void> {
    await this.closer.settled();
  }

  private startAttempt({ interactive, ask }: ConnectOptions): ConnectAttempt {
    const before = this.current;
    const attempt = new ConnectAttempt(
      interactive,
      (signal) => this.services.signIn.open(this.id, { interactive, ask, signal }),
      (opened) => {
        this.close(opened);
      },
      {
        onOpened: (opened) => {
          this.attempt = undefined;
          this.adopt(opened);
        },
        onFailed: (error) => {
          this.attempt = undefined;
          return this.attemptFailed(error, before);
        },
      },
    );
    this.attempt = attempt;
    this.idle.start();
    if (this.session === undefined && (interactive || before.kind !== 'reconnecting')) {
      this.setState({ kind: 'connecting' });
    }
    return attempt;
  }

  /** Settles the state after an attempt without a session. Returns what its caller is told. */
  private attemptFailed(error: unknown, before: ConnectionState): Error {
    const isGivenUp = isCancelled(error);
    const known = asHypervisorError(error);
    if (this.session !== undefined || this.retry !== undefined) {
      // It was to replace a session: that one still works, or is coming back by itself.
    } else if (isGivenUp) {
      const earlier = before.kind === 'failed' || before.kind === 'reconnecting' ? before : undefined;
      this.setState(
        earlier === undefined
          ? { kind: 'disconnected' }
          : { kind: 'failed', sinceMs: earlier.sinceMs, error: earlier.error },
      );
    } else if (this.lostAtMs !== undefined && mayRecover(known)) {
      this.retryLater(known);
    } else {
      this.giveUp(known);
    }
    return isGivenUp ? new CancelledError() : known;
  }

  private adopt(opened: OpenedSession): void {
    const { clock, logger } = this.services;
    const { identity } = opened.client;
    this.stopTrying();
    this.endSession();
    const server = { identity, profile: opened.profile };
    if (this.lastServer !== undefined && !isSameServer(this.lastServer, server)) {
      this.log('Another server answers than before; what was read from that one is dropped.');
      this.inventory.clear();
    }
    this.lastServer = server;
    const feeds = new SessionFeeds(opened.client, this.inventory, this.runningTasks, clock, logger, {
      onComplete: () => {
        this.failedAttempts = 0;
        this.lostAtMs = undefined;
        if (this.current.kind !== 'live') {
          this.setState({ kind: 'live' });
        }
      },
      onBroken: (error) => {
        this.broken(session, error);
      },
    });
    const session: Session = { opened, feeds };
    this.session = session;
    this.log(`Signed in to ${identity.product} ${identity.version}.`);
    this.wake.start();
    this.setState({ kind: 'loading' });
    if (this.session !== session) {
      // Whoever heard of it has ended it.
      return;
    }
    if (!sameEndpoint(opened.profile, this.profile)) {
      // Edited while it was connecting.
      this.endSession();
      this.retryNow();
      return;
    }
    feeds.start();
  }

  private broken(session: Session, error: unknown): void {
    const known = asHypervisorError(error);
    this.logFailure('The connection broke', known);
    if (known.kind === 'loginRefused') {
      // The mark for other windows is made in the background; this window has stopped already.
      this.inBackground('mark a refused password', session.opened.refused());
    }
    this.endSession();
    if (mayRecover(known)) {
      this.retryLater(known);
    } else {
      this.giveUp(known);
    }
  }

  private retryLater(error: HypervisorError): void {
    this.failedAttempts++;
    const { clock, random } = this.services;
    const delayMs = reconnectDelayMs(this.failedAttempts, random);
    this.log(`Attempt ${this.failedAttempts} to reconnect in ${Math.round(delayMs / 1_000)} s: ${error.message}`);
    this.retry = clock.schedule(delayMs, () => {
      this.retryNow();
    });
    this.wake.start();
    const sinceMs = this.lostAtMs ?? clock.now();
    this.setState({ kind: 'reconnecting', sinceMs, attempt: this.failedAttempts, error });
  }

  /** Connects in the background, at once. An attempt that is under way goes on. The outcome is the state. */
  private retryNow(): void {
    this.retry?.dispose();
    this.retry = undefined;
    if (this.attempt === undefined) {
      this.startAttempt({ interactive: false });
    }
  }

  private giveUp(error: HypervisorError): void {
    const { clock, guard } = this.services;
    this.wake.stop();
    this.gaveUpAtVersion = guard.version(this.id);
    this.idle.stop();
    this.logFailure('Not connected', error);
    this.setState({ kind: 'failed', sinceMs: this.lostAtMs ?? clock.now(), error });
  }

  /** The clock has jumped: finds out at once what still works. */
  private checkAfterSleep(): void {
    this.failedAttempts = 0;
    if (this.session !== undefined) {
      this.log('The clock has jumped; everything is read again.');
      this.runningTasks.clear();
      this.setState({ kind: 'loading' });
      this.inBackground('read everything again', this.session.feeds.restart());
    } else if (this.attempt?.isInteractive !== true) {
      this.stopTrying();
      this.retryNow();
    }
  }

  /** Ends the session and every attempt to get one. */
  private letGo(): void {
    this.stopTrying();
    this.endSession();
    this.wake.stop();
    this.idle.stop();
    this.failedAttempts = 0;
    if (this.current.kind !== 'disconnected') {
      this.setState({ kind: 'disconnected' });
    }
  }

  private stopTrying(): void {
    const { attempt } = this;
    this.attempt = undefined;
    attempt?.giveUp();
    this.retry?.dispose();
    this.retry = undefined;
  }

  private endSession(): void {
    const { session } = this;
    if (session !== undefined) {
      this.session = undefined;
      this.lostAtMs ??= this.services.clock.now();
      session.feeds.dispose();
      this.close(session.opened);
      // What still runs on the server is unknown until it tells again.
      this.runningTasks.clear();
    }
  }

  private close(opened: OpenedSession): void {
    opened.dispose();
    this.closer.close(opened.client, formatHostPort(opened.profile));
  }

  private setState(state: ConnectionState): void {
    this.current = state;
    try {
      this.stateChanged.fire(state);
    } catch (error) {
      // A mistake in a view is no reason to lose the connection.
      this.services.logger.error('A listener to the state of a connection failed', error);
    }
  }

  private notConnected(): HypervisorError {
    return notConnected(this.label, this.lostAtMs, this.current.kind === 'failed' ? this.current.error : undefined);
  }

  private get where(): string {
    return formatHostPort(this.profile);
  }

  private inBackground(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.services.logger.error(`[${this.where}] Could not ${what}`, error);
    });
  }

  private logFailure(what: string, error: HypervisorError): void {
    if (error.kind === 'server') {
      // Not understood: everything that is known of it may be needed.
      this.services.logger.error(`[${this.where}] ${what}`, error);
    } else {
      this.services.logger.warn(`[${this.where}] ${what}: ${error.kind}: ${error.message}`);
    }
  }

  private log(message: string): void {
    this.services.logger.info(`[${this.where}] ${message}`);
  }
}

function isSameServer(
  a: { readonly identity: ServerIdentity; readonly profile: ServerProfile },
  b: { readonly identity: ServerIdentity; readonly profile: ServerProfile },
): boolean {
  return (
    a.identity.product === b.identity.product &&
    a.identity.instanceId === b.identity.instanceId &&
    // A server that does not tell who it is, as an ESXi, is known by its address alone.
    (a.identity.instanceId !== undefined || sameAddress(a.profile, b.profile))
  );
}
