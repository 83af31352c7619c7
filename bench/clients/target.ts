import type { Endpoint } from '../../src/vsphere/soap/transport';
import type { HypervisorClient } from '../../src/hypervisor/client';
import { connect, type TrustPolicy } from '../../src/vsphere/index';

/** The server that a client of the bench is to use. */
export interface Target {
  readonly address: Endpoint;
  readonly trust: TrustPolicy;
  readonly userName: string;
  readonly password: string;
}

/** Reads `URL USER PASSWORD SHA256` behind the name of the script. */
export function targetOf(argv: readonly string[]): Target {
  const [url, userName, password, sha256] = argv.slice(2);
  if (url === undefined || userName === undefined || password === undefined) {
    throw new Error('URL USER PASSWORD SHA256');
  }
  const { hostname, port, protocol } = new URL(url);
  return {
    address: { host: hostname, port: Number(port), useTls: protocol === 'https:' },
    trust: sha256 === undefined ? { mode: 'verify' } : { mode: 'pinned', sha256 },
    userName,
    password,
  };
}

/** Opens a session by the product's own client. */
export async function openClient({ userName, password, ...reach }: Target): Promise<HypervisorClient> {
  return await connect({
    ...reach,
    transport: 'direct',
    isProxyConfigured: false,
    userName,
    getPassword: () => Promise.resolve(password),
  });
}
