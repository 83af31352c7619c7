import { isIPv4 } from 'node:net';
import * as l10n from '@vscode/l10n';
import { type Clock, systemClock } from '../common/clock';
import { type Logger, nullLogger } from '../common/logger';
import type { HypervisorClient } from '../hypervisor/client';
import { oldestVersion } from './apiVersion';
import { translateError } from './faults/translateFault';
import { invalidInput } from './inputErrors';
import { defaultWaitLimits, type WaitLimits } from './property/collector';
import { defaultReaderLimits, type PropertyReaderLimits } from './property/propertyReader';
import { Session } from './session';
import { SoapClient } from './soapClient';
import { EditorTransport } from './soap/editorTransport';
import type { NodeTransport } from './soap/nodeTransport';
import { PooledTransport } from './soap/pooledTransport';
import { defaultTransportLimits, type Endpoint, type TransportLimits } from './soap/transport';
import type { TrustPolicy } from './soap/trust';
import { untilAborted } from './untilAborted';
import { VsphereClient } from './vsphereClient';

/**
 * How to reach the server: `direct` over connections of our own, `editor` the way the editor's own requests go. `auto` is
 * `editor` when a proxy is configured, and `direct` without one, because that is many times faster.
 */
type TransportMode = 'auto' | 'direct' | 'editor';

type ClientLimits = TransportLimits & WaitLimits & PropertyReaderLimits;

/** How a server is reached and has to prove itself. */
interface ReachOptions {
  /** Plain HTTP is refused for anything but this machine. */
  readonly address: Endpoint;
  readonly trust: TrustPolicy;
  /** Certificates, in PEM, of authorities that are believed beside those of Node and of the operating system. */
  readonly extraCaPem?: string | undefined;
  readonly transport: TransportMode;
  /** Whether requests to this server have to go through a proxy, as far as the caller knows. */
  readonly isProxyConfigured: boolean;
  readonly clock?: Clock;
  readonly limits?: Partial<ClientLimits>;
}

export interface ConnectOptions extends ReachOptions {
  readonly userName: string;
  /** Asked at every login, once the server has proved who it is. Its rejection is the outcome. */
  readonly getPassword: () => Promise<string>;
  readonly logger?: Logger;
  /** Language for the server's own messages, such as `en_US`; a server that does not know it uses its own. */
  readonly locale?: string | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Connects to a vCenter or ESXi and signs in.
 *
 * @throws HypervisorError that says how far it got: `nameNotFound`, `noAnswer`, `certificate` (a CertificateError),
 * `proxy`, `notAServer`, `serverUnavailable`, `unsupportedVersion`, `loginRefused`, `loginNotAllowed`; whatever
 * `getPassword` rejects with; CancelledError when the signal is aborted.
 */
export async function connect(options: ConnectOptions): Promise<HypervisorClient> {
  const { address: endpoint, clock = systemClock, logger = nullLogger, signal } = options;
  const limits = limitsOf(options);
  const transport = openTransport(options);
  const client = new SoapClient(transport, endpoint, logger, () => clock.now(), oldestVersion);
  const { userName, getPassword, locale } = options;
  const opening = Session.open(client, { userName, getPassword, locale, clock, logger }, signal);
  try {
    const session = await untilAborted(opening, signal);
    return new VsphereClient({ session, transport, endpoint, clock, logger, limits });
  } catch (error) {
    void letGo(opening, transport);
    throw translateError(error);
  }
}

/** Gives a session back that nobody waits for any more. */
async function letGo(opening: Promise<Session>, transport: NodeTransport): Promise<void> {
  try {
    await (await opening).close();
  } catch {
    // Then there is none; whoever asked for it has been told why.
  } finally {
    transport.dispose();
  }
}

function limitsOf({ limits }: ReachOptions): ClientLimits {
  return { ...defaultTransportLimits, ...defaultWaitLimits, ...defaultReaderLimits, ...limits };
}

function openTransport(options: ReachOptions): NodeTransport {
  const { address: endpoint, trust, extraCaPem, clock = systemClock } = options;
  if (!endpoint.useTls && !isLoopback(endpoint.host)) {
    throw invalidInput('plain HTTP to another machine', () =>
      l10n.t('A connection without encryption is allowed to this machine only. Use https.'),
    );
  }
  const usesEditor = options.transport === 'editor' || (options.transport === 'auto' && options.isProxyConfigured);
  const Kind = usesEditor ? EditorTransport : PooledTransport;
  return new Kind({ endpoint, trust, extraCaPem, clock, limits: limitsOf(options) });
}

/** Names other than `localhost` are not looked up: what they lead to could change. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
