import type { Disposable } from '../common/disposable';
import type { Event } from '../common/event';
import type { HypervisorClient, ServerIdentity } from '../hypervisor/client';
import type { ConnectionState, HypervisorConnection } from '../hypervisor/connection';
import type { HypervisorError } from '../hypervisor/errors';
import { InventoryStore } from '../hypervisor/inventory/inventoryStore';
import { RunningTasks } from '../hypervisor/inventory/runningTasks';
import type { ServerId } from '../hypervisor/model/ids';
import type { CredentialService } from './credentialService';
import { IdleTimer } from './idleTimer';
import type { PasswordGuard } from './passwordGuard';
import { mayRecover } from './reconnectPolicy';
import { formatHostPort } from './serverAddress';
import { notConnected } from './serverErrors';
import { fitToShow, sameEndpoint, type ServerProfile } from './serverProfile';
import { type ConnectOptions, SessionKeeper, type SessionKeeperServices } from './sessionKeeper';
import { waitFor } from './waitFor';

/** What a connection works with. */
export interface ConnectionServices extends SessionKeeperServices {
  readonly credentials: CredentialService;
  readonly guard: PasswordGuard;
  /** After how many minutes hidden the session ends; 0 never. */
  readonly idleMinutes: () => number;
}

/**
 * The connection to one server, as operations and views see it. Decides when there is to be a session: when the person
 * wants one, when a view that shows the server appears, and no longer than somebody needs it.
 */
export class ServerConnection implements HypervisorConnection, Disposable {
  readonly inventory = new InventoryStore();
  readonly runningTasks = new RunningTasks();
  readonly onDidChangeState: Event<ConnectionState>;
  private readonly keeper: SessionKeeper;
  private readonly idle: IdleTimer;
  /** The person disconnected it: it does not come back by being looked at. */
  private isPutAside = false;
  /** Version of the stored password when the connection was given up. */
  private gaveUpAtVersion: number | undefined;
  private isDisposed = false;

  constructor(
    private profile: ServerProfile,
    private readonly services: ConnectionServices,
  ) {
    const { clock, idleMinutes, logger } = services;
    this.keeper = new SessionKeeper(() => this.profile, this.inventory, this.runningTasks, services);
    this.onDidChangeState = this.keeper.onDidChangeState;
    this.idle = new IdleTimer(clock, idleMinutes, () => {
      logger.info(`[${formatHostPort(this.profile)}] Nobody has looked at it for a while; the session ends.`);
      this.keeper.letGo();
    });
    this.onDidChangeState((state) => {
      this.follow(state);
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
    return this.keeper.state;
  }

  /** What the server said about itself at the last login. */
  get identity(): ServerIdentity | undefined {
    return this.keeper.identity;
  }

  client(): HypervisorClient {
    const { client } = this.keeper;
    if (client === undefined) {
      throw this.notConnected();
    }
    return client;
  }

  async whenConnected(signal?: AbortSignal): Promise<HypervisorClient> {
    const look = (): HypervisorClient | undefined =>
      this.keeper.client === undefined && this.keeper.isTrying ? undefined : this.client();
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
    await this.keeper.connect(options);
  }

  /** Ends the session until the person connects again. Resolves when the server has been told, or cannot be. */
  async disconnect(): Promise<void> {
    this.isPutAside = true;
    this.keeper.letGo();
    await this.keeper.closed();
  }

  /** Reads everything again if there is a session, and tries at once to bring back one that was lost. Asks nobody. */
  refresh(): void {
    const { kind } = this.state;
    if (kind === 'live' || kind === 'reconnecting') {
      this.keeper.refresh();
    }
  }

  /** Says whether a view that shows the server is visible. Connects by itself when one appears and nobody has to be asked. */
  setVisible(visible: boolean): void {
    const appears = visible && !this.idle.isVisible;
    this.idle.setVisible(visible);
    if (!appears || this.isPutAside || this.isDisposed) {
      return;
    }
    const { state } = this;
    if (state.kind === 'reconnecting') {
      this.keeper.retryNow();
    } else if (
      (state.kind === 'disconnected' && this.services.credentials.mayHave(this.profile)) ||
      (state.kind === 'failed' && (mayRecover(state.error) || state.error.kind === 'passwordUnavailable'))
    ) {
      this.keeper.retryNow();
    }
  }

  /** Takes over what was changed in the profile, here or in another window. */
  updateProfile(profile: ServerProfile): void {
    const before = this.profile;
    this.profile = profile;
    const failure = this.state.kind === 'failed' ? this.state.error : undefined;
    const isTrustChanged = JSON.stringify(before.trust) !== JSON.stringify(profile.trust);
    // An attempt for which the person waits finds out by itself.
    const isActive = this.keeper.client !== undefined || (this.keeper.isTrying && !this.keeper.isTryingForPerson);
    if (!sameEndpoint(before, profile) && (isActive || failure !== undefined)) {
      this.keeper.startOver();
    } else if (failure?.kind === 'certificate' && isTrustChanged) {
      this.keeper.retryNow();
    }
  }

  /** Tries again if what it was given up for may be over: another password was stored, perhaps in another window. */
  reconsider(): void {
    const { guard, credentials } = this.services;
    const { state } = this;
    if (
      state.kind === 'failed' &&
      (state.error.kind === 'loginRefused' || state.error.kind === 'passwordNeeded') &&
      guard.version(this.id) !== this.gaveUpAtVersion &&
      credentials.mayHave(this.profile)
    ) {
      this.keeper.retryNow();
    }
  }

  /** The person has just given it another password: tries again if it was given up for want of one. */
  passwordChanged(): void {
    const { state } = this;
    if (
      state.kind === 'failed' &&
      (state.error.kind === 'loginRefused' ||
        state.error.kind === 'passwordNeeded' ||
        state.error.kind === 'passwordUnavailable')
    ) {
      this.keeper.retryNow();
    }
  }

  /** Ends everything. {@link closed} resolves when the server has been told. */
  dispose(): void {
    this.isDisposed = true;
    this.keeper.letGo();
  }

  /** Resolves when every session that was ended has logged out, or has taken too long for it. Never rejects. */
  async closed(): Promise<void> {
    await this.keeper.closed();
  }

  private follow({ kind }: ConnectionState): void {
    if (kind === 'failed') {
      this.gaveUpAtVersion = this.services.guard.version(this.id);
    }
    if (kind === 'failed' || kind === 'disconnected') {
      this.idle.stop();
    } else {
      this.idle.start();
    }
  }

  private notConnected(): HypervisorError {
    const cause = this.state.kind === 'failed' ? this.state.error : undefined;
    return notConnected(this.label, this.keeper.lostAtMs, cause);
  }
}
