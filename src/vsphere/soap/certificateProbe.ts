import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { CancelledError, onAbort } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import { type PeerCertificate, presentedCertificate, problemOf, type TrustProblem } from './certificate';
import { TransportError, toTransportError } from './transportError';
import { refusalCode } from './trust';

export interface ProbedCertificate {
  readonly certificate: PeerCertificate;
  /** Undefined when an authority vouches for it. */
  readonly problem: TrustProblem | undefined;
}

export interface ProbeOptions {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads the certificate that a server presents. The request is given up as soon as the handshake is over, so not a byte
 * of it is sent.
 *
 * @param open - makes a request, not ended yet, whose TLS accepts any certificate
 * @throws TransportError when there is no TLS to be had; CancelledError.
 */
export function probeCertificate(open: () => ClientRequest, options: ProbeOptions): Promise<ProbedCertificate> {
  return new Promise((resolve, reject) => {
    const request = open();
    const end = (settle: () => void): void => {
      timer.dispose();
      subscription.dispose();
      request.destroy();
      settle();
    };
    const fail = (error: unknown): void => {
      end(() => {
        reject(error instanceof CancelledError ? error : toTransportError(error, false));
      });
    };
    const timer = options.clock.schedule(options.limitMs, () => {
      fail(new TransportError('noAnswer', 'no connection in time', { mayHaveArrived: false }));
    });
    const subscription = onAbort(options.signal, () => {
      fail(new CancelledError());
    });
    request.on('error', fail);
    request.on('close', () => {
      fail(new Error('the connection was closed'));
    });
    request.on('socket', (socket: Socket) => {
      if (!('getPeerCertificate' in socket)) {
        fail(new TransportError('proxy', 'the connection is not a TLS connection', { mayHaveArrived: false }));
        return;
      }
      const tls = socket as TLSSocket & { readonly secureConnecting?: boolean };
      const read = (): void => {
        const presented = presentedCertificate(tls);
        if (presented === undefined) {
          fail(new TransportError('notTls', 'the certificate of the server cannot be read', { mayHaveArrived: false }));
          return;
        }
        const problem = tls.authorized ? undefined : problemOf(refusalCode(tls), presented, options.clock.now());
        end(() => {
          resolve({ certificate: presented.summary, problem });
        });
      };
      if (tls.secureConnecting === true) {
        tls.once('secureConnect', read);
      } else {
        read();
      }
    });
  });
}
