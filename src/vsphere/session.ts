import * as l10n from '@vscode/l10n';
import { throwIfCancelled } from '../common/cancellation';
import type { Clock } from '../common/clock';
import type { Disposable } from '../common/disposable';
import type { Logger } from '../common/logger';
import { HypervisorError } from '../hypervisor/errors';
import { chooseVersion, chooseVersionUpTo, VersionListReader } from './apiVersion';
import { notAServer, notConnected } from './connectionErrors';
import { FaultError } from './faults/faultError';
import { translateError } from './faults/translateFault';
import { type CallOptions, type Caller, type SoapClient, UncertainReplyError } from './soapClient';
import { ManagedObjectReference, type MethodType } from './vim/schema';
import { untilAborted } from './untilAborted';
import {
  CurrentTime,
  Login,
  Logout,
  RetrieveServiceContent,
  type ServiceContent,
  type UserSession,
} from './vim/service';

export interface SessionOptions {
  readonly userName: string;
  /** Asked at every login, after the server has proved who it is. */
  readonly getPassword: () => Promise<string>;
  /** Language of the server's own messages: `en_US`. */
  readonly locale: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The session with its objects (views, collectors, filters) was lost and a new one has taken its place. Whoever has
 * created such objects has to start over.
 */
export class SessionRenewedError extends Error {
  override readonly name = 'SessionRenewedError';
}

export interface SessionCallOptions extends CallOptions {
  /** The call is about an object that lives in the session only, so that it cannot be repeated in another one. */
  readonly sessionBound?: boolean;
}

const serviceInstance = new ManagedObjectReference('ServiceInstance', 'ServiceInstance');

// vCenter ends sessions that are idle for 30 minutes; others set less.
const keepAliveMs = 600_000;

// Nobody waits for a server that does not let go.
const logoutLimitMs = 3_000;

/**
 * A signed-in session. Signs in again by itself, once, when the server has forgotten it.
 *
 * @remarks A login that was refused is never tried again, here or by anybody who uses this session: a few more would
 * lock the account.
 */
export class Session implements Caller {
  private current: { readonly content: ServiceContent; readonly user: UserSession } | undefined;
  private logins = 0;
  private renewal: Promise<void> | undefined;
  private end: HypervisorError | undefined;
  private keepAlive: Disposable | undefined;
  private locale: string | undefined;

  private constructor(
    private readonly client: SoapClient,
    private readonly options: SessionOptions,
  ) {
    this.locale = options.locale;
  }

  /**
   * Finds out what the server is and speaks, and signs in. A login that has left is waited for even when `signal` is
   * aborted: whoever gives up has to close what comes of it.
   */
  static async open(client: SoapClient, options: SessionOptions, signal?: AbortSignal): Promise<Session> {
    const session = new Session(client, options);
    await session.negotiate(signal);
    await session.signIn(signal);
    return session;
  }

  get content(): ServiceContent {
    return this.signedIn.content;
  }

  get user(): UserSession {
    return this.signedIn.user;
  }

  get apiVersion(): string {
    return this.client.version;
  }

  /** Counts logins: objects of the session that were made under another number are gone. */
  get epoch(): number {
    return this.logins;
  }

  async call<P extends object, R>(
    method: MethodType<P, R>,
    target: ManagedObjectReference,
    args: P,
    options: SessionCallOptions = {},
  ): Promise<R> {
    this.assertUsable();
    const { epoch } = this;
    try {
      return await this.client.call(method, target, args, options);
    } catch (error) {
      if (!FaultError.is(error, 'NotAuthenticated')) {
        throw error;
      }
    }
    await this.renew(epoch, options.signal);
    if (options.sessionBound === true) {
      throw new SessionRenewedError('the session was renewed');
    }
    // Right for writes too: with this very fault the server has refused the call before doing anything.
    return await this.client.call(method, target, args, options);
  }

  /**
   * Signs in again, unless somebody has already done so since `epoch`. Whoever comes while that goes on waits for the
   * same login.
   */
  async renew(epoch: number, signal?: AbortSignal): Promise<void> {
    this.assertUsable();
    if (this.epoch !== epoch) {
      return;
    }
    if (this.renewal === undefined) {
      this.options.logger.info('The server has ended the session. Signing in again.');
      this.renewal = this.signIn(undefined).finally(() => {
        this.renewal = undefined;
      });
    }
    await untilAborted(this.renewal, signal);
  }

  /**
   * Asks whether the session is still there, and renews it if it is not.
   *
   * @remarks For answers that may mean either that something is gone or that nobody is signed in any more.
   * @returns whether it had to be renewed
   */
  async verify(signal?: AbortSignal): Promise<boolean> {
    const { epoch } = this;
    await this.call(CurrentTime, serviceInstance, {}, { signal });
    return this.epoch !== epoch;
  }

  /** Ends the session on the server, if it can be reached soon, and here in any case. */
  async close(): Promise<void> {
    if (this.end !== undefined && this.current === undefined) {
      return;
    }
    const { current } = this;
    this.current = undefined;
    this.end ??= notConnected('the client was closed', this.client.endpoint);
    this.keepAlive?.dispose();
    const manager = current?.content.sessionManager;
    if (manager === undefined) {
      return;
    }
    const abort = new AbortController();
    const limit = this.options.clock.schedule(logoutLimitMs, () => {
      abort.abort();
    });
    try {
      await this.client.call(Logout, manager, {}, { signal: abort.signal, silenceLimitMs: logoutLimitMs });
    } catch (error) {
      this.options.logger.debug(`The session could not be ended on the server: ${String(error)}`);
    } finally {
      limit.dispose();
    }
  }

  private get signedIn(): { readonly content: ServiceContent; readonly user: UserSession } {
    if (this.current === undefined) {
      throw this.end ?? notConnected('nobody is signed in', this.client.endpoint);
    }
    return this.current;
  }

  private assertUsable(): void {
    if (this.end !== undefined) {
      throw this.end;
    }
  }

  /** Chooses the version of the API to speak, from the list that the server publishes. */
  private async negotiate(signal: AbortSignal | undefined): Promise<void> {
    const list = new VersionListReader();
    try {
      await this.client.get('/vimServiceVersions.xml', list, signal);
    } catch (error) {
      if (!isNoVersionList(error)) {
        throw error;
      }
      this.options.logger.debug(`The server publishes no list of API versions: ${String(error)}`);
    }
    if (list.versions.size > 0) {
      this.announce(chooseVersion(list.versions), [...list.versions].slice(0, 3).join(', '));
      return;
    }
    const content = await this.serviceContent(signal);
    this.announce(chooseVersionUpTo(content.about.apiVersion), content.about.apiVersion);
  }

  private async serviceContent(signal: AbortSignal | undefined): Promise<ServiceContent> {
    try {
      return await this.client.call(RetrieveServiceContent, serviceInstance, {}, { signal });
    } catch (error) {
      if (error instanceof FaultError && error.report.fault === undefined) {
        // SOAP, but of somebody else's.
        throw notAServer('a SOAP fault without detail', this.client.endpoint, error);
      }
      throw error;
    }
  }

  private announce(version: string | undefined, offered: string): void {
    if (version === undefined) {
      throw new HypervisorError(
        'unsupportedVersion',
        `the server speaks none of our API versions, but ${offered}`,
        ({ serverLabel }) =>
          l10n.t(
            "'{0}' is too old or too new. vSphere 6.5 to 8.0 is supported.",
            serverLabel ?? this.client.endpoint.host,
          ),
        { nextStep: 'editServer' },
      );
    }
    this.client.version = version;
  }

  private async signIn(signal: AbortSignal | undefined): Promise<void> {
    this.keepAlive?.dispose();
    // A request that still names the old session could be refused for it.
    this.client.forgetSession();
    const content = await this.serviceContent(signal);
    this.assertSameServer(content);
    const manager = content.sessionManager;
    if (manager === undefined) {
      throw notAServer(`${content.about.fullName} offers no way to sign in`, this.client.endpoint);
    }
    const user = await this.login(manager, signal);
    this.current = { content, user };
    this.client.hadSession = true;
    if (this.end !== undefined) {
      // Closed meanwhile.
      await this.close();
      throw this.end;
    }
    this.logins++;
    const { fullName, build, instanceUuid } = content.about;
    this.options.logger.info(
      `Signed in to ${fullName} (build ${build}, instance ${instanceUuid ?? 'unknown'}), API ${this.apiVersion}.`,
    );
    this.scheduleKeepAlive(keepAliveMs);
  }

  private async login(manager: ManagedObjectReference, signal: AbortSignal | undefined): Promise<UserSession> {
    const password = await this.options.getPassword();
    throwIfCancelled(signal);
    try {
      return await this.tryLogin(manager, password, signal);
    } catch (error) {
      if (error instanceof UncertainReplyError) {
        throw error.cause;
      }
      if (FaultError.isA(error, 'InvalidLogin')) {
        this.end = translateError(error) as HypervisorError;
        throw this.end;
      }
      if (FaultError.is(error, 'NoPermission')) {
        throw new HypervisorError(
          'loginNotAllowed',
          'the account has no permission on the server',
          ({ serverLabel }) =>
            l10n.t(
              "The account may not do anything on '{0}'. Ask an administrator for a role there.",
              serverLabel ?? this.client.endpoint.host,
            ),
          { cause: error, nextStep: 'editServer' },
        );
      }
      throw translateError(error);
    }
  }

  private async tryLogin(
    manager: ManagedObjectReference,
    password: string,
    signal: AbortSignal | undefined,
  ): Promise<UserSession> {
    const { userName } = this.options;
    if (this.locale !== undefined) {
      try {
        return await this.client.call(
          Login,
          manager,
          { userName, password, locale: this.locale },
          loginOptions(signal),
        );
      } catch (error) {
        if (!FaultError.is(error, 'InvalidLocale')) {
          throw error;
        }
        // The server's own language then. It has not looked at the password.
        this.locale = undefined;
      }
    }
    return await this.client.call(Login, manager, { userName, password }, loginOptions(signal));
  }

  private assertSameServer({ about }: ServiceContent): void {
    const before = this.current?.content.about.instanceUuid;
    if (before !== undefined && about.instanceUuid !== before) {
      this.end = new HypervisorError(
        'sessionEnded',
        `another server answers now: instance ${about.instanceUuid ?? 'unknown'} in place of ${before}`,
        ({ serverLabel }) =>
          l10n.t("Another server answers now at the address of '{0}'.", serverLabel ?? this.client.endpoint.host),
        { nextStep: 'connect' },
      );
      throw this.end;
    }
  }

  private scheduleKeepAlive(afterMs: number): void {
    const { clock, logger } = this.options;
    this.keepAlive = clock.schedule(afterMs, () => {
      const idleMs = clock.now() - this.client.lastSentMs;
      if (idleMs < keepAliveMs) {
        this.scheduleKeepAlive(keepAliveMs - idleMs);
        return;
      }
      this.scheduleKeepAlive(keepAliveMs);
      this.verify().catch((error: unknown) => {
        logger.debug(`The session could not be kept alive: ${String(error)}`);
      });
    });
  }
}

/** Never repeated by the transport: nobody could say how many of the few allowed attempts were used. */
function loginOptions(signal: AbortSignal | undefined): CallOptions {
  return { lane: 'write', signal };
}

/** Answers to the question for the versions after which it makes sense to go on. */
function isNoVersionList(error: unknown): boolean {
  return (
    error instanceof HypervisorError &&
    (error.kind === 'notAServer' || error.kind === 'badReply' || error.kind === 'serverUnavailable')
  );
}
