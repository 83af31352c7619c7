import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { systemClock } from '../../src/common/clock';
import { EditorTransport } from '../../src/vsphere/soap/editorTransport';
import type { NodeTransport } from '../../src/vsphere/soap/nodeTransport';
import { PooledTransport } from '../../src/vsphere/soap/pooledTransport';
import { defaultTransportLimits, type Lane } from '../../src/vsphere/soap/transport';
import { CertificateFailure } from '../../src/vsphere/soap/transportError';
import type { TrustPolicy } from '../../src/vsphere/soap/trust';
import {
  type CertificateAuthority,
  makeAuthority,
  makeCertificate,
  type ServerCertificate,
  unfitCertificates,
} from '../../src/simulator/devCertificates';
import { ConnectProxy } from '../support/proxies';
import { ScriptedServer, SilentTlsServer } from '../support/scriptedServer';

// In the extension host `https` is the editor's own. It leaves 127.0.0.1 alone, so everything here is on 127.0.0.2.

const host = '127.0.0.2';
const lanes: readonly Lane[] = ['call', 'wait', 'write'];
const ways = { pooled: PooledTransport, editor: EditorTransport } as const;

describe('the transport in the extension host', () => {
  const cleanUp: (() => unknown)[] = [];
  let authority: CertificateAuthority;
  let good: ServerCertificate;

  before(async () => {
    authority = await makeAuthority();
    good = await makeCertificate({ issuer: authority, names: [host] });
  });

  afterEach(async () => {
    for (const act of cleanUp.splice(0).reverse()) {
      await act();
    }
  });

  function open(way: keyof typeof ways, port: number, trust: TrustPolicy, extraCaPem?: string): NodeTransport {
    const options = { endpoint: { host, port, useTls: true }, trust, extraCaPem };
    const transport = new ways[way]({ ...options, clock: systemClock, limits: defaultTransportLimits });
    cleanUp.push(() => {
      transport.dispose();
    });
    return transport;
  }

  async function send(transport: NodeTransport, lane: Lane): Promise<string> {
    let text = '';
    await transport.send(
      { method: 'POST', path: '/sdk', headers: { Cookie: 'secret' }, body: 'secret', lane, silenceLimitMs: 20_000 },
      () => ({
        write: (chunk) => {
          text += chunk.toString();
        },
        end: () => undefined,
      }),
    );
    return text;
  }

  async function serve(certificate: ServerCertificate): Promise<ScriptedServer> {
    const server = await ScriptedServer.start((_request, response) => response.end('ok'), { certificate });
    cleanUp.push(() => server.close());
    return server;
  }

  for (const way of ['pooled', 'editor'] as const) {
    it(`${way}: speaks to a server for which a given authority vouches, and to one whose certificate is pinned`, async () => {
      const server = await serve(good);
      const verified = open(way, server.port, { mode: 'verify' }, authority.certificate);
      const pinned = open(way, server.port, { mode: 'pinned', sha256: good.sha256 });
      for (const lane of lanes) {
        assert.equal(await send(verified, lane), 'ok');
        assert.equal(await send(pinned, lane), 'ok');
      }
    });

    it(`${way}: sends not one byte when nobody vouches for the certificate`, async () => {
      const server = await SilentTlsServer.start(good, host);
      cleanUp.push(() => server.close());
      const transport = open(way, server.port, { mode: 'verify' });
      for (const lane of lanes) {
        await assert.rejects(send(transport, lane), (error) => isFailure(error, 'untrusted'));
      }
      assert.ok(server.connections >= lanes.length);
      assert.equal(server.receivedBytes, 0);
    });

    it(`${way}: sends not one byte when another certificate than the pinned one is shown`, async () => {
      const server = await SilentTlsServer.start(good, host);
      cleanUp.push(() => server.close());
      const pin = { mode: 'pinned', sha256: 'AB'.repeat(32) } as const;
      const transport = open(way, server.port, pin, authority.certificate);
      for (const lane of lanes) {
        await assert.rejects(send(transport, lane), (error) => isFailure(error, 'changed'));
      }
      assert.ok(server.connections >= lanes.length);
      assert.equal(server.receivedBytes, 0);
    });

    for (const problem of ['expired', 'notYetValid', 'wrongName', 'weak'] as const) {
      it(`${way}: sends not one byte when the certificate is ${problem}, and says which it was`, async () => {
        const server = await SilentTlsServer.start(await unfitCertificates[problem](authority), host);
        cleanUp.push(() => server.close());
        const transport = open(way, server.port, { mode: 'verify' }, authority.certificate);
        for (const lane of lanes) {
          await assert.rejects(send(transport, lane), (error) => isFailure(error, problem));
        }
        assert.equal(server.receivedBytes, 0);
      });
    }

    it(`${way}: looks at the certificate of every connection, resumed sessions and changes in the middle included`, async () => {
      const server = await serve(good);
      const transport = open(way, server.port, { mode: 'pinned', sha256: good.sha256 });
      for (let connection = 1; connection <= 4; connection++) {
        assert.equal(await send(transport, 'call'), 'ok');
        server.breakConnections();
      }
      const { port } = server;
      await server.close();
      const impostor = await SilentTlsServer.start(await makeCertificate({ issuer: authority }), host, port);
      cleanUp.push(() => impostor.close());
      for (const lane of lanes) {
        await assert.rejects(send(transport, lane), (error) => isFailure(error, 'changed'));
      }
      assert.ok(impostor.connections >= lanes.length);
      assert.equal(impostor.receivedBytes, 0);
    });

    it(`${way}: follows no redirect, so that nothing that it carries goes elsewhere`, async () => {
      const elsewhere = await SilentTlsServer.start(good, host);
      cleanUp.push(() => elsewhere.close());
      const location = `https://${host}:${elsewhere.port}/sdk`;
      const server = await ScriptedServer.start(
        (_request, response) => response.writeHead(307, { Location: location }).end('moved'),
        { certificate: good },
      );
      cleanUp.push(() => server.close());
      const transport = open(way, server.port, { mode: 'pinned', sha256: good.sha256 });
      assert.equal(await send(transport, 'write'), 'moved');
      assert.equal(server.requests.length, 1);
      assert.equal(elsewhere.connections, 0);
    });
  }

  it('passes the proxy that the editor is set to use in one way, and does not in the other', async () => {
    const server = await serve(good);
    const proxy = await ConnectProxy.start();
    cleanUp.push(() => proxy.close());
    const configuration = vscode.workspace.getConfiguration('http');
    await configuration.update('proxy', `http://127.0.0.1:${proxy.port}`, vscode.ConfigurationTarget.Global);
    cleanUp.push(() => configuration.update('proxy', undefined, vscode.ConfigurationTarget.Global));
    const pin = { mode: 'pinned', sha256: good.sha256 } as const;

    assert.equal(await send(open('pooled', server.port, pin), 'call'), 'ok');
    assert.deepEqual(proxy.asked, []);
    assert.equal(await send(open('editor', server.port, pin), 'call'), 'ok');
    assert.deepEqual(proxy.asked, [`${host}:${server.port}`]);

    const impostor = await SilentTlsServer.start(await makeCertificate({ issuer: authority }), host);
    cleanUp.push(() => impostor.close());
    for (const lane of lanes) {
      await assert.rejects(send(open('editor', impostor.port, pin), lane), (error) => isFailure(error, 'changed'));
    }
    // Through the proxy, and not one byte.
    assert.equal(proxy.asked.filter((address) => address === `${host}:${impostor.port}`).length, lanes.length);
    assert.equal(impostor.receivedBytes, 0);
  });

  it('keeps connections in one way only: that is why it is the first choice', async () => {
    const server = await serve(good);
    const pin = { mode: 'pinned', sha256: good.sha256 } as const;
    for (const [way, connections] of [
      ['pooled', 1],
      ['editor', 5],
    ] as const) {
      const before = server.connections;
      const transport = open(way, server.port, pin);
      for (let i = 0; i < 5; i++) {
        await send(transport, 'call');
      }
      assert.equal(server.connections - before, connections, way);
    }
  });
});

function isFailure(error: unknown, problem: CertificateFailure['problem']): boolean {
  assert.ok(error instanceof CertificateFailure, String(error));
  assert.equal(error.problem, problem);
  return true;
}
