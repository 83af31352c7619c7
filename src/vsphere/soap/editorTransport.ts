import type { ClientRequest } from 'node:http';
import * as http from 'node:http';
import * as https from 'node:https';
import type { RequestOptions } from 'node:https';
import { NodeTransport, type NodeRequest, type TransportOptions } from './nodeTransport';
import type { Lane } from './transport';

// An agent gives each connection the session of the one before it, unless the request says something itself. A resumed
// session has no certificate that could be compared with a pin.
const noResumption = { session: undefined };

/**
 * Reaches the server the way the editor's own requests go, through its proxy and with its certificates.
 *
 * @remarks The editor replaces `https.request`, throws the caller's agent away and ignores TLS options set on it. So
 * there is none, and everything about TLS stands on the request. Every call makes a new connection.
 */
export class EditorTransport extends NodeTransport {
  constructor(options: TransportOptions) {
    super(options, false);
  }

  protected override open(request: NodeRequest, _lane: Lane, rejectUnauthorized: boolean): ClientRequest {
    if (!this.options.endpoint.useTls) {
      return http.request(request);
    }
    const options: RequestOptions = {
      ...request,
      rejectUnauthorized,
      ...(this.authorities !== undefined && { ca: this.authorities }),
      ...noResumption,
    };
    return https.request(options);
  }
}
