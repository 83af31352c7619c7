import { setImmediate } from 'node:timers/promises';

import { type Clock, ManualClock } from '../../src/common/clock';
import { Emitter } from '../../src/common/event';
import { describeErrorChain, type Logger, Redactor, redactingLogger } from '../../src/common/logger';
import type { HypervisorClient, InventorySink, ServerIdentity, TaskSink } from '../../src/hypervisor/client';
import { CertificateError, type CertificateProblem, type CertificateSummary } from '../../src/hypervisor/errors';
import type { ServerId } from '../../src/hypervisor/model/ids';
import type { ClientFactory, ClientRequest } from '../../src/servers/clientFactory';
import { CredentialService } from '../../src/servers/credentialService';
import { GuardedStore, type Vault } from '../../src/servers/guardedStore';
import { PasswordGuard } from '../../src/servers/passwordGuard';
import { ProfileStore } from '../../src/servers/profileStore';
import type { PasswordRequest, TypedPassword } from '../../src/servers/prompts';
import type { NewServerProfile } from '../../src/servers/serverProfile';
import { ServerRegistry } from '../../src/servers/serverRegistry';
import { SessionStore } from '../../src/servers/sessionStore';
import { SignIn } from '../../src/servers/signIn';
import type { StorePreference } from '../../src/servers/storeChain';
import type { JsonValue, StatePort } from '../../src/servers/statePort';
import { TrustService } from '../../src/servers/trustService';
import { Lever, ScriptedClient } from './scriptedHypervisor';

/** Lets everything happen that waits for nothing but promises. */
export async function turn(): Promise<void> {
  await setImmediate();
}

/** A log that can be searched. Redacts as the real one does. */
export class RecordingLog {
  readonly lines: string[] = [];
  readonly logger: Logger;

  constructor(redactor = new Redactor()) {
    const sink = (message: string, error?: unknown): void => {
      this.lines.push(error === undefined ? message : `${message}\n${describeErrorChain(error)}`);
    };
    this.logger = redactingLogger({ trace: sink, debug: sink, info: sink, warn: sink, error: sink }, redactor);
  }

  get text(): string {
    return this.lines.join('\n');
  }
}

/** State that several windows share, as JSON text. */
export class MemoryState implements StatePort {
  readonly entries = new Map<string, string>();
  failure: Error | undefined;
  private readonly changed = new Emitter<string>();
  readonly onDidChange = this.changed.event;

  get(key: string): unknown {
    const text = this.entries.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async set(key: string, value: JsonValue | undefined): Promise<void> {
    await Promise.resolve();
    if (this.failure !== undefined) {
      throw this.failure;
    }
    if (value === undefined) {
      this.entries.delete(key);
    } else {
      this.entries.set(key, JSON.stringify(value));
    }
    this.changed.fire(key);
  }

  /** The same state as another window sees it: without being told of changes. */
  silently(): StatePort {
    return { get: (key) => this.get(key), set: (key, value) => this.set(key, value) };
  }
}

/** A vault whose moods a test decides. */
export class MemoryVault implements Vault {
  readonly entries = new Map<string, string>();
  /** Answers as a locked keyring does: nothing there, nothing deleted, no writing. */
  isLocked = false;
  /** Rejects everything. */
  failure: Error | undefined;
  /** Calls wait for it. */
  gate: Promise<void> | undefined;
  /** What it makes of a password that it keeps. */
  distort: (password: string) => string = (password) => password;
  canList = true;

  async get(account: string): Promise<string | undefined> {
    await this.pass();
    return this.isLocked ? undefined : this.entries.get(account);
  }

  async set(account: string, password: string): Promise<void> {
    await this.pass();
    if (this.isLocked) {
      throw new Error('Cannot create an item in a locked collection');
    }
    this.entries.set(account, this.distort(password));
  }

  async delete(account: string): Promise<boolean> {
    await this.pass();
    return this.isLocked ? false : this.entries.delete(account);
  }

  async list(): Promise<readonly string[] | undefined> {
    await this.pass();
    return this.canList ? (this.isLocked ? [] : [...this.entries.keys()]) : undefined;
  }

  private async pass(): Promise<void> {
    await this.gate;
    if (this.failure !== undefined) {
      throw this.failure;
    }
  }
}

/** A server as a person would add it. */
export function newProfile(facts: Partial<NewServerProfile> = {}): NewServerProfile {
  return {
    label: 'vc-paris',
    host: 'vc-paris.corp',
    port: 443,
    useTls: true,
    userName: 'jdoe',
    trust: { mode: 'verify' },
    isProtected: false,
    isReadOnly: false,
    isDemo: false,
    credentialStore: 'none',
    ...facts,
  };
}

export function certificate(letter = 'A', facts: Partial<CertificateSummary> = {}): CertificateSummary {
  return {
    subject: `CN=vc-paris.corp, O=${letter}`,
    issuer: 'CN=CA',
    validFromMs: Date.UTC(2025, 0, 1),
    validToMs: Date.UTC(2035, 0, 1),
    sha256: Array.from({ length: 32 }, () => letter + letter).join(':'),
    ...facts,
  };
}

export function certificateError(problem: CertificateProblem, summary = certificate()): CertificateError {
  return new CertificateError(problem, summary, undefined, `certificate is ${problem}`, () => `It is ${problem}.`);
}

/** A client whose feeds a test drives. */
export class FedClient extends ScriptedClient {
  override readonly identity: ServerIdentity;
  inventorySink: InventorySink | undefined;
  taskSink: TaskSink | undefined;
  inventoryFeed = new Lever<void>();
  feedsStarted = 0;
  closes = 0;
  onClose: () => Promise<void> = () => Promise.resolve();
  /** Whether the feeds end when they are told to, as they should. */
  obeysAbort = true;

  constructor(
    readonly request: ClientRequest,
    identity: Partial<ServerIdentity> = {},
  ) {
    super();
    this.identity = {
      product: 'vCenter',
      version: '8.0.3',
      instanceId: 'one',
      userName: 'CORP\\jdoe',
      ...identity,
    };
  }

  override watchInventory(sink?: InventorySink, signal?: AbortSignal): Promise<void> {
    this.inventorySink = sink;
    this.feedsStarted++;
    const feed = new Lever<void>();
    this.inventoryFeed = feed;
    this.endOnAbort(feed, signal);
    return feed.promise;
  }

  override watchTasks(sink?: TaskSink, signal?: AbortSignal): Promise<void> {
    this.taskSink = sink;
    const feed = new Lever<void>();
    this.endOnAbort(feed, signal);
    return feed.promise;
  }

  override async close(): Promise<void> {
    this.closes++;
    await this.onClose();
  }

  private endOnAbort(feed: Lever<void>, signal: AbortSignal | undefined): void {
    signal?.addEventListener('abort', () => {
      if (this.obeysAbort) {
        feed.resolve();
      }
    });
  }
}

/** Answers attempts to connect, each as the test has said for it. What is not said works, if the password is right. */
export class ScriptedServers {
  readonly clients: FedClient[] = [];
  readonly requests: ClientRequest[] = [];
  /** Passwords that were tried, as `host user password`. */
  readonly logins: string[] = [];
  identity: Partial<ServerIdentity> = {};
  /** Comes before the login; throws what reaching the server is to fail with. */
  onReach: (request: ClientRequest, signal: AbortSignal) => void | Promise<void> = () => undefined;
  /** Throws what the login is to fail with. */
  onLogin: (request: ClientRequest, password: string) => void = () => undefined;

  readonly create = async (request: ClientRequest, signal: AbortSignal): Promise<HypervisorClient> => {
    this.requests.push(request);
    await this.onReach(request, signal);
    const password = await request.getPassword();
    this.logins.push(`${request.host} ${request.userName} ${password}`);
    this.onLogin(request, password);
    const client = new FedClient(request, this.identity);
    this.clients.push(client);
    return client;
  };

  /** The client that was opened last. */
  get last(): FedClient {
    const client = this.clients.at(-1);
    if (client === undefined) {
      throw new Error('Nothing was opened');
    }
    return client;
  }
}

/** One window: everything under src/servers put together, around the servers and the clock that the test gives. */
export class WindowAround<S extends { readonly create: ClientFactory }, C extends Clock> {
  readonly redactor = new Redactor();
  readonly log = new RecordingLog(this.redactor);
  readonly keychain = new MemoryVault();
  readonly editor = new MemoryVault();
  readonly profiles: ProfileStore;
  readonly guard: PasswordGuard;
  readonly credentials: CredentialService;
  readonly registry: ServerRegistry;
  readonly trust: TrustService;
  preference: StorePreference = 'auto';
  idleMinutes = 20;
  /** What the person was asked, and answers. Undefined gives up. */
  readonly passwordRequests: PasswordRequest[] = [];
  answerPassword: (request: PasswordRequest) => Promise<TypedPassword | undefined> | TypedPassword | undefined = () => {
    throw new Error('Nobody is to be asked for a password');
  };
  readonly trustRequests: string[] = [];
  answerTrust: (kind: 'untrusted' | 'changed') => boolean = () => {
    throw new Error('Nobody is to be asked for trust');
  };
  private ids = 0;
  private nonces = 0;

  constructor(
    readonly servers: S,
    readonly state: StatePort,
    readonly clock: C,
    name: string,
  ) {
    const { logger } = this.log;
    const { redactor } = this;
    const options = { clock, logger, redactor, createNonce: () => `${name}-nonce-${this.nonces++}` };
    this.profiles = new ProfileStore(state, () => `${name}-server-${this.ids++}`, logger);
    this.guard = new PasswordGuard(state);
    this.credentials = new CredentialService(
      {
        osKeychain: new GuardedStore('osKeychain', () => 'the OS keychain', this.keychain, options),
        vscode: new GuardedStore('vscode', () => "the editor's secret storage", this.editor, options),
        session: new SessionStore(this.redactor),
      },
      () => this.preference,
      this.profiles,
      this.guard,
      this.redactor,
      logger,
    );
    this.trust = new TrustService(
      {
        untrusted: (request) => {
          this.trustRequests.push(`${request.host} ${request.problem} ${request.certificate.sha256}`);
          return Promise.resolve(this.answerTrust('untrusted') ? 'trust' : 'cancel');
        },
        changed: (request) => {
          this.trustRequests.push(`${request.host} ${request.trusted.sha256} -> ${request.certificate.sha256}`);
          return Promise.resolve(this.answerTrust('changed') ? 'trustNew' : 'keepDisconnected');
        },
      },
      logger,
    );
    const prompt = {
      askPassword: async (request: PasswordRequest): Promise<TypedPassword | undefined> => {
        this.passwordRequests.push(request);
        return await this.answerPassword(request);
      },
    };
    const signIn = new SignIn(servers.create, this.profiles, this.trust, {
      credentials: this.credentials,
      guard: this.guard,
      prompt,
      logger,
    });
    this.registry = new ServerRegistry(this.profiles, this.credentials, this.guard, {
      signIn,
      credentials: this.credentials,
      guard: this.guard,
      clock,
      random: () => 0.5,
      logger,
      idleMinutes: () => this.idleMinutes,
    });
  }

  /** Adds a server whose password is stored. */
  async add(facts: Partial<NewServerProfile> = {}, password = 'right'): Promise<ServerId> {
    const held = this.credentials.hold(password);
    const { connection } = await this.registry.add(newProfile(facts), { password: held, save: true });
    held.dispose();
    return connection.id;
  }
}

/** A window whose servers and whose time a test decides. */
export class Window extends WindowAround<ScriptedServers, ManualClock> {
  constructor(
    servers = new ScriptedServers(),
    state: StatePort = new MemoryState(),
    clock = new ManualClock(),
    name = 'a',
  ) {
    super(servers, state, clock, name);
  }
}
