import * as crypto from 'node:crypto';
import * as path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { systemClock } from './common/clock';
import { type Disposable, DisposableStore } from './common/disposable';
import { type Logger, Redactor } from './common/logger';
import type { HypervisorConnection } from './hypervisor/connection';
import type { ServerId } from './hypervisor/model/ids';
import { JournalFiles } from './journal/journalFiles';
import { VmLockFiles } from './journal/vmLockFiles';
import { BulkService } from './operations/bulk/bulkService';
import type { ServerMark } from './operations/journal/journalRecord';
import { OperationJournal } from './operations/journal/operationJournal';
import { OperationHistory } from './operations/operationHistory';
import { OperationRunner } from './operations/operationRunner';
import { OperationsService } from './operations/operationsService';
import type { OperationPolicy } from './operations/policy';
import { Recovery } from './operations/recovery';
import type { VmLocks } from './operations/vmLocks';
import { AddServer } from './servers/addServer';
import { CredentialService } from './servers/credentialService';
import { keytarLibrary } from './servers/keytarLoader';
import { osKeychainStore } from './servers/osKeychainStore';
import { PasswordGuard } from './servers/passwordGuard';
import { ProfileStore } from './servers/profileStore';
import { ProtectionMarks } from './servers/protectionMarks';
import { secretStorageStore } from './servers/secretStorageStore';
import { ServerRegistry } from './servers/serverRegistry';
import { parseServerAddress } from './servers/serverAddress';
import { SessionCloser } from './servers/sessionCloser';
import { SessionStore } from './servers/sessionStore';
import { SignIn } from './servers/signIn';
import type { StatePort } from './servers/statePort';
import type { CredentialStores } from './servers/storeChain';
import { withTimeLimit } from './servers/timeLimit';
import { TrustService } from './servers/trustService';
import { mementoState } from './ui/adapters/memento';
import { bulkPolicy, operationPolicy } from './ui/adapters/operationPolicy';
import { ProtectionResolver } from './ui/adapters/protectionResolver';
import { editorSecrets } from './ui/adapters/secrets';
import { Settings } from './ui/adapters/settings';
import type { RunningDemo } from './ui/commands/demo';
import { createLog } from './ui/feedback/log';
import { passwordPrompt } from './ui/prompts/passwordPrompt';
import { trustPrompt } from './ui/prompts/trustPrompt';
import { startUi } from './ui/startUi';
import { Formats } from './ui/text/formats';
import { vsphereClients } from './vsphereClients';

/** The extension while it runs. */
export interface App extends Disposable {
  /** Ends everything and logs out of every server, but takes no longer than an editor that closes will wait. */
  shutDown(): Promise<void>;
}

// The editor ends the extension host 5 seconds after it has asked extensions to stop.
const shutDownLimitMs = 4_000;

/** Constructs the parts of the extension in order and owns them. Connects to nothing and asks nobody anything. */
export function startApp(context: vscode.ExtensionContext): App {
  // Texts of the layers that do not know the editor come from the same bundle as the editor's own.
  l10n.config({ contents: vscode.l10n.bundle ?? {} });
  const clock = systemClock;
  const parts = new DisposableStore();
  const redactor = new Redactor();
  const log = parts.add(createLog(redactor, clock));
  const { logger } = log;
  const settings = parts.add(new Settings(logger));
  const formats = new Formats(vscode.env.language);
  const globalState = mementoState(context.globalState);

  const stores = createStores(context, redactor, logger);
  const servers = createServers(globalState, stores, settings, formats, redactor, logger);
  const { profiles, credentials, registry, addServer } = servers;
  parts.add(profiles);
  parts.add(credentials);
  parts.add(registry);
  const marks = parts.add(new ProtectionMarks(globalState, profiles, logger));
  const protection = parts.add(new ProtectionResolver(settings, marks));

  const history = new OperationHistory();
  const durable = createDurable(context, registry, logger);
  const { journalFiles, journal, locks } = durable;
  const runner = new OperationRunner(history, clock, logger, journal);
  const policy = (): OperationPolicy => operationPolicy(settings, protection);
  const operations = new OperationsService(history, runner, policy, clock, logger, locks);
  const bulk = new BulkService(
    operations,
    runner,
    history,
    () => ({ ...policy(), ...bulkPolicy(settings) }),
    clock,
    logger,
  );
  const recoveryServers = {
    find: (id: ServerId) => registry.get(id),
    instanceIdOf: ({ id }: HypervisorConnection) => registry.get(id)?.identity?.instanceId,
  };
  const recovery = parts.add(new Recovery(journal, runner, history, recoveryServers, clock, logger));

  parts.add(
    startUi({
      clock,
      formats,
      logger,
      showLog: () => {
        log.show();
      },
      settings,
      globalState,
      workspaceState: mementoState(context.workspaceState),
      profiles,
      credentials,
      stores,
      registry,
      addServer,
      marks,
      protection,
      history,
      runner,
      operations,
      bulk,
      recovery,
      startDemo,
      diagnostics: {
        versions: versionsOf(context),
        logTail: () => log.tail,
        journal: () => journalFiles.export(),
        redact: (text) => redactor.redact(text),
      },
      extensionUri: context.extensionUri,
      createNonce: () => crypto.randomBytes(16).toString('hex'),
      createCode: () => String(crypto.randomInt(10_000)).padStart(4, '0'),
    }),
  );
  recovery.start().catch((error: unknown) => {
    logger.error('What an earlier window has left behind could not be taken over', error);
  });
  logger.info('Activated.');
  return {
    dispose: () => {
      parts.dispose();
    },
    shutDown: async () => {
      try {
        await withTimeLimit(
          clock,
          shutDownLimitMs,
          'Logging out',
          Promise.all([registry.shutDown(), journalFiles.close()]),
        );
      } finally {
        parts.dispose();
      }
    },
  };
}

/** Of what may matter to whoever is asked for help. */
function versionsOf(context: vscode.ExtensionContext): Readonly<Record<string, string>> {
  const { version } = context.extension.packageJSON as { readonly version: string };
  return {
    'vSphere Snapshots': version,
    [vscode.env.appName]: vscode.version,
    'Node.js': process.versions.node,
    system: `${process.platform} ${process.arch}`,
    'runs on': vscode.env.remoteName ?? 'this machine',
    language: vscode.env.language,
  };
}

function createStores(context: vscode.ExtensionContext, redactor: Redactor, logger: Logger): CredentialStores {
  const options = { clock: systemClock, logger, redactor, createNonce: () => crypto.randomUUID() };
  return {
    osKeychain: osKeychainStore(keytarLibrary(), options),
    vscode: secretStorageStore(editorSecrets(context.secrets), options),
    session: new SessionStore(redactor),
  };
}

/** What outlives a crash of this window, and what keeps windows out of each other's way. */
interface Durable {
  readonly journalFiles: JournalFiles;
  readonly journal: OperationJournal;
  readonly locks: VmLocks;
}

function createDurable(context: vscode.ExtensionContext, registry: ServerRegistry, logger: Logger): Durable {
  const clock = systemClock;
  const folder = path.join(context.globalStorageUri.fsPath, 'journal');
  const createNonce = (): string => crypto.randomUUID();
  const journalFiles = new JournalFiles({ folder, clock, logger, createNonce });
  const markOf = ({ id, label }: HypervisorConnection): ServerMark | undefined => {
    const connection = registry.get(id);
    // Each window has a demo of its own, which ends with it.
    return connection === undefined || registry.profile(id).isDemo
      ? undefined
      : { serverId: id, instanceId: connection.identity?.instanceId, label };
  };
  const identityOf = (connection: HypervisorConnection): string | undefined => {
    const mark = markOf(connection);
    return mark && (mark.instanceId ?? `profile ${mark.serverId}`);
  };
  return {
    journalFiles,
    journal: new OperationJournal(journalFiles, markOf, () => clock.now(), logger),
    locks: new VmLockFiles(path.join(context.globalStorageUri.fsPath, 'locks'), identityOf, {
      clock,
      logger,
      createNonce,
    }),
  };
}

/** What belongs together around the list of servers. */
interface Servers {
  readonly profiles: ProfileStore;
  readonly credentials: CredentialService;
  readonly registry: ServerRegistry;
  readonly addServer: AddServer;
}

function createServers(
  globalState: StatePort,
  stores: CredentialStores,
  settings: Settings,
  formats: Formats,
  redactor: Redactor,
  logger: Logger,
): Servers {
  const clock = systemClock;
  const profiles = new ProfileStore(globalState, () => crypto.randomUUID(), logger);
  const guard = new PasswordGuard(globalState);
  const credentials = new CredentialService(
    stores,
    () => settings.get('credentials.store'),
    profiles,
    guard,
    redactor,
    logger,
  );
  const trust = new TrustService(trustPrompt(formats, logger), logger);
  const createClient = vsphereClients(settings, logger, async (options) => {
    const { connect } = await import('./vsphere/index');
    return await connect(options);
  });
  const signIn = new SignIn(createClient, profiles, trust, { credentials, guard, prompt: passwordPrompt(), logger });
  const registry = new ServerRegistry(profiles, credentials, guard, {
    signIn,
    credentials,
    guard,
    clock,
    random: () => Math.random(),
    logger,
    idleMinutes: () => settings.get('connection.idleMinutes'),
  });
  const addServer = new AddServer(
    createClient,
    trust,
    credentials,
    profiles,
    registry,
    new SessionCloser(clock, logger),
  );
  return { profiles, credentials, registry, addServer };
}

/** Starts the embedded vCenter. It is loaded only now, and by nobody else. */
async function startDemo(): Promise<RunningDemo> {
  const { Simulator } = await import('./simulator/simulator');
  const simulator = await Simulator.start({ inventory: 'demo' });
  return {
    address: parseServerAddress(simulator.url),
    userName: simulator.user,
    password: simulator.password,
    stop: () => simulator.stop(),
  };
}
