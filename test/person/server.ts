import type { Simulator } from '../../src/simulator/simulator';
import { peerProgram } from '../support/peers/peerPrograms';
import { isServerKind, serverKindVariable, type ServerKind } from '../support/servers/serverKind';
import { type PeerPrograms, startTestServer, type TestServer } from '../support/servers/testServer';

function peers(): PeerPrograms {
  const vcsim = peerProgram('vcsim');
  const govc = peerProgram('govc');
  if (vcsim === undefined || govc === undefined) {
    throw new Error('vcsim and govc are missing.');
  }
  return { vcsim, govc };
}

/** The kind of server for which the scenarios run. */
export function serverKind(): ServerKind {
  const kind = process.env[serverKindVariable] ?? '';
  if (!isServerKind(kind)) {
    throw new Error(`${serverKindVariable} says "${kind}". \`npm run test:person\` sets it.`);
  }
  return kind;
}

/** The embedded vCenter behind a server. @throws Error when the scenarios run for another kind */
export function simulatorOf({ simulator }: TestServer): Simulator {
  if (simulator === undefined) {
    throw new Error('These scenarios are for the embedded vCenter alone.');
  }
  return simulator;
}

/** Gives the tests of a `describe` one server between them, of the kind for which the scenarios run. */
export function useServer(): () => TestServer {
  let server: TestServer | undefined;
  before(async () => {
    server = await startTestServer(serverKind(), peers);
  });
  after(async () => {
    await server?.stop();
  });
  return () => {
    if (server === undefined) {
      throw new Error('There is a server only while the tests run.');
    }
    return server;
  };
}
