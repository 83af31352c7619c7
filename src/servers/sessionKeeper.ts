import { CancelledError, isCancelled } from '../common/cancellation';
import type { Clock } from '../common/clock';
import type { Disposable } from '../common/disposable';
import { Emitter } from '../common/event';
import type { Logger } from '../common/logger';
import type { HypervisorClient, ServerIdentity } from '../hypervisor/client';
import type { ConnectionState } from '../hypervisor/connection';
import type { HypervisorError } from '../hypervisor/errors';
import type { InventoryStore } from '../hypervisor/inventory/inventoryStore';
import type { RunningTasks } from '../hypervisor/inventory/runningTasks';
import { ConnectAttempt } from './connectAttempt';
import type { PasswordReason } from './prompts';
import { mayRecover, reconnectDelayMs } from './reconnectPolicy';
import { formatHostPort, sameAddress } from './serverAddress';
import { asHypervisorError } from './serverErrors';
import { sameEndpoint, type ServerProfile } from './serverProfile';
import { SessionCloser } from './sessionCloser';
import { SessionFeeds } from './sessionFeeds';
import type { OpenedSession, SignIn } from './signIn';
import { WakeDetector } from './wakeDetector';

export interface ConnectOptions {
  /** Whether the person waits for it and may be asked. */
  readonly interactive: boolean;
  /** Asks for the password at once, whatever is stored, and even when there is a session. */
  readonly ask?: PasswordReason;
}

export interface SessionKeeperServices {
  readonly signIn: SignIn;
  readonly clock: Clock;
  /** Gives a number in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}

interface Session {
  readonly opened: OpenedSession;
  readonly feeds: SessionFeeds;
}

/**
 * Opens sessions with one server, feeds the stores from the one that is open, and brings it back when it breaks.
 *
 * @remarks Has at most one session and one attempt to open one. What an older attempt or session still says is ignored.
 */
export class SessionKeeper {
  private readonly stateChanged = new Emitter<ConnectionState>();
  private readonly wake: WakeDetector;
  private readonly closer: SessionCloser;
  private current: ConnectionState = { kind: 'disconnected' };
  private session: Session | undefined;
  private attempt: ConnectAttempt | undefined;
  private retry: Disposable | undefined;
  private failedAttempts = 0;
  private lostAt: number | undefined;
  private lastServer: { readonly identity: ServerIdentity; readonly profile: ServerProfile } | undefined;

  readonly onDidChangeState = this.stateChanged.event;

  /** @param profile - gives the profile as it is now */
  constructor(
    private readonly profile: () => ServerProfile,
    private readonly inventory: InventoryStore,
    private readonly runningTasks: RunningTasks,
    private readonly services: SessionKeeperServices,
  ) {
    this.closer = new SessionCloser(services.clock, services.logger);
    this.wake = new WakeDetector(services.clock, () => {
      this.log('The clock has jumped.');
      this.refresh();
    });
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** The client of the present session. */
  get client(): HypervisorClient | undefined {
    return this.session?.opened.client;
  }

  /** Whether a session may yet come without anybody doing anything. */
  get isTrying(): boolean {
    return this.attempt !== undefined || this.retry !== undefined;
  }

  /** Whether the attempt that is under way, if there is one, is one for which the person waits. */
  get isTryingForPerson(): boolean {
    return this.attempt?.isInteractive === true;
  }

  /** Since when what is shown may be out of date; undefined before the first session and while live. */
  get lostAtMs(): number | undefined {
    return this.lostAt;
  }

  /** What the server said about itself at the last login. */
  get identity(): ServerIdentity | undefined {
    return this.lastServer?.identity;
  }

  /** Opens a session unless there is one. @throws as {@link SignIn.open}. */
  async connect(options: ConnectOptions): Promise<void> {
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

  /** Connects in the background, at once. An attempt that is under way goes on. The outcome is the state. */
  retryNow(): void {
    this.retry?.dispose();
    this.retry = undefined;
    if (this.attempt === undefined) {
      this.startAttempt({ interactive: false });
    }
  }

  /** Ends what there is and connects anew in the background. */
  startOver(): void {
    this.endSession();
    this.stopTrying();
    this.retryNow();
  }

  /** Reads everything again, for somebody who doubts what is shown; without a session, tries to open one at once. */
  refresh(): void {
    this.failedAttempts = 0;
    if (this.session !== undefined) {
      this.log('Everything is read again.');
      this.forgetTasks();
      this.setState({ kind: 'loading' });
      this.inBackground('read everything again', this.session.feeds.restart());
    } else if (this.attempt?.isInteractive !== true) {
      this.stopTrying();
      this.retryNow();
    }
  }

  /** Ends the session and every attempt to get one. */
  letGo(): void {
    this.stopTrying();
    this.endSession();
    this.wake.stop();
    this.failedAttempts = 0;
    if (this.current.kind !== 'disconnected') {
      this.setState({ kind: 'disconnected' });
    }
  }

  /** Resolves when every session that was ended has logged out, or has taken too long for it. Never rejects. */
  async closed(): Promise<void> {
    await this.closer.settled();
  }

  private startAttempt({ interactive, ask }: ConnectOptions): ConnectAttempt {
    const before = this.current;
    const attempt = new ConnectAttempt(
      interactive,
      (signal) => this.services.signIn.open(this.profile().id, { interactive, ask, signal }),
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
    } else if (this.lostAt !== undefined && mayRecover(known)) {
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
      this.tell(() => {
        this.inventory.clear();
      });
    }
    this.lastServer = server;
    const feeds = new SessionFeeds(opened.client, this.inventory, this.runningTasks, clock, logger, {
      onComplete: () => {
        this.failedAttempts = 0;
        this.lostAt = undefined;
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
    if (!sameEndpoint(opened.profile, this.profile())) {
      // Edited while it was connecting.
      this.startOver();
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
    const sinceMs = this.lostAt ?? clock.now();
    this.setState({ kind: 'reconnecting', sinceMs, attempt: this.failedAttempts, error });
  }

  private giveUp(error: HypervisorError): void {
    this.wake.stop();
    this.logFailure('Not connected', error);
    this.setState({ kind: 'failed', sinceMs: this.lostAt ?? this.services.clock.now(), error });
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
      this.lostAt ??= this.services.clock.now();
      session.feeds.dispose();
      this.close(session.opened);
      this.forgetTasks();
    }
  }

  private close(opened: OpenedSession): void {
    opened.dispose();
    this.closer.close(opened.client, formatHostPort(opened.profile));
  }

  /** What still runs on the server is unknown until it tells again. */
  private forgetTasks(): void {
    this.tell(() => {
      this.runningTasks.clear();
    });
  }

  private setState(state: ConnectionState): void {
    this.current = state;
    this.tell(() => {
      this.stateChanged.fire(state);
    });
  }

  /** Does what others listen to. A mistake in a view is no reason to lose the connection. */
  private tell(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.services.logger.error('A listener to a connection failed', error);
    }
  }

  private get where(): string {
    return formatHostPort(this.profile());
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
