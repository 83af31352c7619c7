import assert from 'node:assert/strict';
import { systemClock } from '../../src/common/clock';
import type { TrustProblem } from '../../src/vsphere/soap/certificate';
import { EditorTransport } from '../../src/vsphere/soap/editorTransport';
import type { NodeTransport } from '../../src/vsphere/soap/nodeTransport';
import { PooledTransport } from '../../src/vsphere/soap/pooledTransport';
import { defaultTransportLimits, type Lane } from '../../src/vsphere/soap/transport';
import { CertificateFailure, TransportError } from '../../src/vsphere/soap/transportError';
import type { TrustPolicy } from '../../src/vsphere/soap/trust';
import {
  type CertificateAuthority,
  makeAuthority,
  makeCertificate,
  type ServerCertificate,
  unfitCertificates,
} from '../../src/simulator/devCertificates';
import { ConnectProxy, patchHttpsLikeAnEditor } from '../support/proxies';
import { ScriptedServer, SilentTlsServer } from '../support/scriptedServer';

// On 127.0.0.2: an editor leaves 127.0.0.1 alone, so what passes there may fail everywhere else.

const secret = 'the-password-and-cookie';

let authority: CertificateAuthority;
let good: ServerCertificate;
const cleanUp: (() => void | Promise<void>)[] = [];

before(async () => {
  authority = await makeAuthority();
  good = await makeCertificate({ issuer: authority });
});

afterEach(async () => {
  for (const act of cleanUp.splice(0).reverse()) {
    await act();
  }
});

interface Way {
  readonly title: string;
  readonly prepare: () => Promise<void>;
  readonly Kind: typeof PooledTransport | typeof EditorTransport;
}

const ways: readonly Way[] = [
  { title: 'pooled', prepare: () => Promise.resolve(), Kind: PooledTransport },
  { title: 'editor, outside of an editor', prepare: () => Promise.resolve(), Kind: EditorTransport },
  {
    title: 'editor, without a proxy',
    prepare: () => {
      cleanUp.push(patchHttpsLikeAnEditor());
      return Promise.resolve();
    },
    Kind: EditorTransport,
  },
  {
    title: 'editor, through a proxy',
    prepare: async () => {
      const proxy = await ConnectProxy.start();
      cleanUp.push(() => proxy.close());
      cleanUp.push(patchHttpsLikeAnEditor(proxy.port));
    },
    Kind: EditorTransport,
  },
];

function open(Kind: Way['Kind'], port: number, trust: TrustPolicy, extraCaPem?: string): NodeTransport {
  const transport = new Kind({
    endpoint: { host: '127.0.0.2', port, useTls: true },
    trust,
    extraCaPem,
    clock: systemClock,
    limits: defaultTransportLimits,
  });
  cleanUp.push(() => {
    transport.dispose();
  });
  return transport;
}

async function send(transport: NodeTransport, lane: Lane = 'call'): Promise<string> {
  let text = '';
  await transport.send(
    { method: 'POST', path: '/sdk', headers: { Cookie: secret }, body: secret, lane, silenceLimitMs: 20_000 },
    () => ({
      write: (chunk) => {
        text += chunk.toString();
      },
      end: () => undefined,
    }),
  );
  return text;
}

async function start(certificate: ServerCertificate): Promise<ScriptedServer> {
  const server = await ScriptedServer.start((_request, response) => response.end('ok'), { certificate });
  cleanUp.push(() => server.close());
  return server;
}

async function startSilent(certificate: ServerCertificate): Promise<SilentTlsServer> {
  const server = await SilentTlsServer.start(certificate);
  cleanUp.push(() => server.close());
  return server;
}

async function refuses(sent: Promise<unknown>, problem: TrustProblem, certificate: ServerCertificate): Promise<void> {
  await assert.rejects(sent, (error) => {
    assert.ok(error instanceof CertificateFailure, String(error));
    assert.equal(error.problem, problem);
    assert.equal(error.certificate.sha256, certificate.sha256);
    assert.equal(error.mayHaveArrived, false);
    return true;
  });
}

for (const { title, prepare, Kind } of ways) {
  describe(`trust over the ${title} transport`, () => {
    beforeEach(prepare);

    it('speaks to a server for which a given authority vouches', async () => {
      const server = await start(good);
      assert.equal(await send(open(Kind, server.port, { mode: 'verify' }, authority.certificate)), 'ok');
    });

    for (const problem of ['untrusted', 'expired', 'notYetValid', 'wrongName', 'weak'] as const) {
      it(`sends nothing when the certificate is ${problem}, and says which it was`, async () => {
        const certificate = await unfitCertificates[problem](authority);
        const server = await startSilent(certificate);
        const transport = open(Kind, server.port, { mode: 'verify' }, authority.certificate);
        for (const lane of ['call', 'wait', 'write'] as const) {
          await refuses(send(transport, lane), problem, certificate);
        }
        assert.ok(server.connections >= 3);
        assert.equal(server.receivedBytes, 0);
      });

      it(`speaks to it all the same when exactly that certificate is pinned (${problem})`, async () => {
        const certificate = await unfitCertificates[problem](authority);
        const server = await start(certificate);
        const transport = open(Kind, server.port, { mode: 'pinned', sha256: certificate.sha256 });
        for (const lane of ['call', 'wait', 'write', 'call'] as const) {
          assert.equal(await send(transport, lane), 'ok');
        }
      });
    }

    it('sends nothing when another certificate than the pinned one is shown, even one that an authority vouches for', async () => {
      const server = await startSilent(good);
      const transport = open(Kind, server.port, { mode: 'pinned', sha256: 'AB'.repeat(32) }, authority.certificate);
      for (const lane of ['call', 'wait', 'write'] as const) {
        await refuses(send(transport, lane), 'changed', good);
      }
      assert.equal(server.receivedBytes, 0);
    });

    it('looks at the certificate of every connection, not only of the first', async () => {
      const server = await ScriptedServer.start((_request, response) => response.end('ok'), { certificate: good });
      const pin = { mode: 'pinned', sha256: good.sha256.toLowerCase().replaceAll(':', '') } as const;
      const transport = open(Kind, server.port, pin);
      assert.equal(await send(transport), 'ok');
      const { port } = server;
      await server.close();
      const other = await makeCertificate({ issuer: authority });
      const impostor = await SilentTlsServer.start(other, '127.0.0.2', port);
      cleanUp.push(() => impostor.close());
      await refuses(send(transport), 'changed', other);
      assert.equal(impostor.receivedBytes, 0);
    });

    it('knows a pin on the tenth connection as on the first', async () => {
      const server = await start(good);
      const transport = open(Kind, server.port, { mode: 'pinned', sha256: good.sha256 });
      for (let i = 0; i < 10; i++) {
        assert.equal(await send(transport), 'ok');
        server.breakConnections();
      }
      assert.ok(server.connections >= 10);
    });

    it('tells a certificate without sending anything', async () => {
      const expired = await unfitCertificates.expired(authority);
      const server = await startSilent(expired);
      const probed = await open(Kind, server.port, { mode: 'verify' }, authority.certificate).probe();
      assert.equal(probed.problem, 'expired');
      assert.equal(probed.certificate.sha256, expired.sha256);
      assert.equal(probed.certificate.subject, 'CN=vc.test, O=vSphere Snapshots Tests');
      assert.equal(probed.certificate.issuer, 'CN=Test Authority, O=vSphere Snapshots Tests');
      assert.ok(probed.certificate.validToMs < Date.now());
      assert.ok(probed.certificate.validFromMs < probed.certificate.validToMs);
      const fine = await startSilent(good);
      const { problem } = await open(Kind, fine.port, { mode: 'verify' }, authority.certificate).probe();
      assert.equal(problem, undefined);
      assert.deepEqual([server.receivedBytes, fine.receivedBytes], [0, 0]);
    });

    it('says of a server without TLS that it is one', async () => {
      const server = await ScriptedServer.start((_request, response) => response.end('ok'));
      cleanUp.push(() => server.close());
      await assert.rejects(send(open(Kind, server.port, { mode: 'verify' })), (error) => {
        assert.ok(error instanceof TransportError);
        assert.deepEqual([error.failure, error.mayHaveArrived], ['notTls', false]);
        return true;
      });
      assert.equal(server.requests.length, 0);
    });
  });
}

describe('the editor transport behind a proxy that refuses', () => {
  for (const status of [407, 403, 502]) {
    it(`says so for ${status}, and nothing has left`, async () => {
      const proxy = await ConnectProxy.start(status);
      cleanUp.push(() => proxy.close());
      cleanUp.push(patchHttpsLikeAnEditor(proxy.port));
      const server = await startSilent(good);
      const transport = open(EditorTransport, server.port, { mode: 'pinned', sha256: good.sha256 });
      await assert.rejects(send(transport), (error) => {
        assert.ok(error instanceof TransportError);
        assert.deepEqual([error.failure, error.status, error.mayHaveArrived], ['proxy', status, false]);
        return true;
      });
      assert.deepEqual(proxy.asked, [`127.0.0.2:${server.port}`]);
      assert.equal(server.connections, 0);
    });
  }
});

describe('the editor transport with an agent that verifies nothing', () => {
  it('still refuses, because it looks itself', async () => {
    const certificate = await unfitCertificates.untrusted();
    const server = await startSilent(certificate);
    const https = await import('node:https');
    const original = https.default.request;
    const patched = https.default as { request: unknown };
    patched.request = (options: object) => original({ ...options, rejectUnauthorized: false });
    cleanUp.push(() => {
      patched.request = original;
    });
    await refuses(send(open(EditorTransport, server.port, { mode: 'verify' })), 'untrusted', certificate);
    assert.equal(server.receivedBytes, 0);
  });
});
