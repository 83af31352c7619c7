import { Agent as HttpAgent, ClientRequest } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext, type SecureContext } from 'node:tls';
import { NodeTransport, type NodeRequest, type TransportOptions } from './nodeTransport';
import type { Lane } from './transport';

// Calls that can be under way at once. A browser's number: enough to fill a line, little enough for a busy vCenter.
const callSockets = 6;

/**
 * Reaches the server directly, over connections that are kept and used again.
 *
 * @remarks An editor replaces `https.request` and the agents that it is given by its own, which know its proxy settings
 * and keep no connection: 29 times slower for a small call. A ClientRequest that is constructed by hand is not touched.
 */
export class PooledTransport extends NodeTransport {
  private readonly agents: Readonly<Record<Lane, HttpAgent>>;

  constructor(options: TransportOptions) {
    super(options, true);
    // Parsed once: reading some 700 certificates for every connection would take longer than making it.
    const context = options.endpoint.useTls ? createSecureContext({ ca: this.authorities }) : undefined;
    this.agents = {
      call: this.agent(context, { keepAlive: true, maxSockets: callSockets }),
      wait: this.agent(context, { keepAlive: true }),
      write: this.agent(context, { keepAlive: false }),
    };
  }

  override dispose(): void {
    super.dispose();
    for (const agent of Object.values(this.agents)) {
      agent.destroy();
    }
  }

  protected override open(request: NodeRequest, lane: Lane, rejectUnauthorized: boolean): ClientRequest {
    return new ClientRequest({
      ...request,
      agent: this.agents[lane],
      ...(this.options.endpoint.useTls && { rejectUnauthorized }),
    });
  }

  private agent(context: SecureContext | undefined, options: { keepAlive: boolean; maxSockets?: number }): HttpAgent {
    return context === undefined
      ? new HttpAgent(options)
      : // A resumed session has no certificate that could be compared with a pin.
        new HttpsAgent({ ...options, secureContext: context, maxCachedSessions: 0 });
  }
}
