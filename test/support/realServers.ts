import { systemClock, type Clock } from '../../src/common/clock';
import type { HypervisorClient } from '../../src/hypervisor/client';
import type { ClientFactory, ClientRequest } from '../../src/servers/clientFactory';
import { connect } from '../../src/vsphere/index';
import { MemoryState, WindowAround } from './serverFixtures';
import type { StatePort } from '../../src/servers/statePort';

/** Opens sessions with the product's own client, as the extension does. */
export class RealServers {
  readonly requests: ClientRequest[] = [];
  /** Authorities that are believed, in PEM. */
  extraCaPem: string | undefined;

  readonly create: ClientFactory = async (request, signal): Promise<HypervisorClient> => {
    this.requests.push(request);
    const { host, port, useTls, userName, trust, getPassword } = request;
    return await connect({
      address: { host, port, useTls },
      trust,
      extraCaPem: this.extraCaPem,
      transport: 'direct',
      isProxyConfigured: false,
      userName,
      getPassword,
      signal,
    });
  };
}

/** A window that talks to real servers in real time. */
export class RealWindow extends WindowAround<RealServers, Clock> {
  constructor(state: StatePort = new MemoryState(), name = 'a') {
    super(new RealServers(), state, systemClock, name);
  }
}
