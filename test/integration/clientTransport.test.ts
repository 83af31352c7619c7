import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { CancelledError } from '../../src/common/cancellation';
import { ManualClock, systemClock, type Clock } from '../../src/common/clock';
import { EditorTransport } from '../../src/vsphere/soap/editorTransport';
import { PooledTransport } from '../../src/vsphere/soap/pooledTransport';
import {
  defaultTransportLimits,
  type HttpRequest,
  type Transport,
  type TransportLimits,
} from '../../src/vsphere/soap/transport';
import { TransportError, type TransportFailure } from '../../src/vsphere/soap/transportError';
import { eventually } from '../support/eventually';
import { type Reply, ScriptedServer } from '../support/scriptedServer';

// Plain HTTP to a server on loopback that misbehaves: what is said here holds for TLS as well, where the certificate is
// the only thing that is added.

const request: HttpRequest = {
  method: 'POST',
  path: '/sdk',
  headers: { 'Content-Type': 'text/xml' },
  body: 'éa',
  lane: 'call',
  silenceLimitMs: 60_000,
};

interface Received {
  status: number;
  text: string;
}

for (const kind of ['pooled', 'editor'] as const) {
  describe(`the ${kind} transport`, () => {
    let server: ScriptedServer;
    let transport: Transport;
    const cleanUp: (() => void | Promise<void>)[] = [];

    async function start(
      reply: Reply,
      options: { clock?: Clock; limits?: Partial<TransportLimits> } = {},
    ): Promise<void> {
      server = await ScriptedServer.start(reply);
      const Kind = kind === 'pooled' ? PooledTransport : EditorTransport;
      transport = new Kind({
        endpoint: { host: server.host, port: server.port, useTls: false },
        trust: { mode: 'verify' },
        clock: options.clock ?? systemClock,
        limits: { ...defaultTransportLimits, ...options.limits },
      });
      cleanUp.push(() => {
        transport.dispose();
      });
      cleanUp.push(() => server.close());
    }

    async function send(overrides: Partial<HttpRequest> = {}, enoughBytes?: number): Promise<Received> {
      const received: Received = { status: 0, text: '' };
      let ended = 0;
      await transport.send({ ...request, ...overrides }, (head) => {
        received.status = head.status;
        return {
          ...(enoughBytes !== undefined && { enoughBytes }),
          write: (chunk) => {
            received.text += chunk.toString('latin1');
          },
          end: () => {
            ended++;
          },
        };
      });
      assert.equal(ended, 1);
      return received;
    }

    async function failsWith(
      failure: TransportFailure,
      mayHaveArrived: boolean,
      sent: Promise<unknown>,
    ): Promise<void> {
      await assert.rejects(sent, (error) => {
        assert.ok(error instanceof TransportError, String(error));
        assert.deepEqual([error.failure, error.mayHaveArrived], [failure, mayHaveArrived], error.message);
        return true;
      });
    }

    afterEach(async () => {
      for (const act of cleanUp.splice(0)) {
        await act();
      }
    });

    it('sends what it was given, with its length and a wish for gzip', async () => {
      await start((_request, response) => response.end('ok'));
      assert.deepEqual(await send(), { status: 200, text: 'ok' });
      const [got] = server.requests;
      assert.equal(got?.method, 'POST');
      assert.equal(got.url, '/sdk');
      assert.equal(got.body, 'éa');
      assert.equal(got.headers['content-length'], '3');
      assert.equal(got.headers['accept-encoding'], 'gzip');
      assert.equal(got.headers.host, `127.0.0.2:${server.port}`);
    });

    it('unpacks gzip, in whatever pieces it comes', async () => {
      const packed = gzipSync('x'.repeat(100_000));
      await start((_request, response) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip' });
        for (let at = 0; at < packed.length; at += 7) {
          response.write(packed.subarray(at, at + 7));
        }
        response.end();
      });
      assert.equal((await send()).text.length, 100_000);
    });

    it('refuses gzip that is cut off or damaged, and other codings', async () => {
      const packed = gzipSync('hello, hello, hello');
      const cases: [coding: string, body: Buffer][] = [
        ['gzip', packed.subarray(0, -6)],
        ['gzip', Buffer.from('plain')],
        ['br', packed],
      ];
      let at = 0;
      await start((_request, response) => {
        const [coding = '', body] = cases[at++] ?? [];
        response.writeHead(200, { 'Content-Encoding': coding }).end(body);
      });
      for (let i = 0; i < cases.length; i++) {
        await failsWith('undecodable', true, send());
      }
    });

    it('notices a reply that is cut off, by its length, between chunks and in one', async () => {
      const cuts: ((response: ServerResponse) => void)[] = [
        (response) => response.writeHead(200, { 'Content-Length': '100' }).write('half'),
        (response) => response.writeHead(200).write('half'),
        (response) => response.socket?.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf'),
      ];
      let cut = 0;
      await start((_request, response) => {
        cuts[cut++]?.(response);
        setImmediate(() => response.socket?.destroy());
      });
      for (let i = 0; i < cuts.length; i++) {
        await failsWith('broken', true, send());
      }
    });

    it('gives up a server that is silent, before and within its reply', async () => {
      const clock = new ManualClock();
      let answers = 0;
      await start(
        (_request, response) => {
          if (answers++ > 0) {
            response.write('half');
          }
        },
        { clock },
      );
      for (const count of [1, 2]) {
        let text = '';
        const sent = transport.send(request, () => ({
          write: (chunk) => {
            text += chunk.toString();
          },
          end: () => undefined,
        }));
        await eventually(
          'the request to arrive',
          () => server.requests.length === count && text.length === (count - 1) * 4,
        );
        clock.advance(59_999);
        clock.advance(1);
        await failsWith('broken', true, sent);
      }
    });

    it('gives up a server that drips for ever', async () => {
      const clock = new ManualClock();
      let response: ServerResponse | undefined;
      await start(
        (_request, reply) => {
          response = reply;
          reply.write('.');
        },
        { clock, limits: { exchangeLimitMs: 120_000 } },
      );
      let drops = 0;
      const sent = transport.send(request, () => ({
        write: (chunk) => {
          drops += chunk.length;
        },
        end: () => undefined,
      }));
      const failed = failsWith('broken', true, sent);
      for (let expected = 1; expected <= 6; expected++) {
        await eventually('the next drop', () => drops === expected);
        clock.advance(30_000);
        response?.write('.');
      }
      await failed;
    });

    it('gives up a server that does not take the connection in time', async () => {
      const clock = new ManualClock();
      const silent = net.createServer((socket) => socket.on('error', () => undefined));
      let connections = 0;
      silent.on('connection', () => connections++);
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.2', resolve));
      cleanUp.push(() => void silent.close());
      const tls = new (kind === 'pooled' ? PooledTransport : EditorTransport)({
        endpoint: { host: '127.0.0.2', port: (silent.address() as net.AddressInfo).port, useTls: true },
        trust: { mode: 'verify' },
        clock,
        limits: defaultTransportLimits,
      });
      cleanUp.push(() => {
        tls.dispose();
      });
      const failed = failsWith(
        'noAnswer',
        false,
        tls.send(request, () => assert.fail('a reply')),
      );
      await eventually('the connection', () => connections === 1);
      clock.advance(defaultTransportLimits.connectLimitMs);
      await failed;
    });

    it('says that nobody listens and that nothing has left', async () => {
      await start(() => undefined);
      await server.close();
      await failsWith('noAnswer', false, send());
    });

    it('does not follow redirects', async () => {
      await start((_request, response) => response.writeHead(302, { Location: '/elsewhere' }).end());
      assert.equal((await send()).status, 302);
      assert.equal(server.requests.length, 1);
    });

    it('refuses a reply that is longer than allowed, counted unpacked', async () => {
      const bomb = gzipSync(Buffer.alloc(4_000_000));
      assert.ok(bomb.length < 10_000);
      await start((_request, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb), {
        limits: { maxReplyBytes: 1_000_000 },
      });
      await failsWith('tooLong', true, send());
    });

    it('reads no more of a body than is enough', async () => {
      await start((_request, response) => {
        response.write('x'.repeat(5_000));
        // Never ends: the rest is of no interest.
      });
      assert.deepEqual(await send({}, 10), { status: 200, text: 'x'.repeat(10) });
    });

    it('ends with the error of whoever reads the reply', async () => {
      const error = new Error('unreadable');
      await start((_request, response) => response.write('x'));
      const throwing = { write: () => assert.fail(error), end: () => undefined };
      await assert.rejects(
        transport.send(request, () => throwing),
        error,
      );
      await assert.rejects(
        transport.send(request, () => assert.fail(error)),
        error,
      );
    });

    it('can be cancelled before, while it connects and while it waits', async () => {
      await start(() => undefined);
      const abort = new AbortController();
      const sent = send({ signal: abort.signal });
      const failed = assert.rejects(sent, CancelledError);
      await eventually('the request to arrive', () => server.requests.length === 1);
      abort.abort();
      await failed;
      await assert.rejects(send({ signal: abort.signal }), CancelledError);
      assert.equal(server.requests.length, 1);
    });

    it('does not give up a write that has left', async () => {
      const abort = new AbortController();
      await start((_request, response) => {
        abort.abort();
        response.end('done');
      });
      assert.equal((await send({ lane: 'write', signal: abort.signal })).text, 'done');
    });

    it('fails what is under way when it is disposed, and what comes later', async () => {
      await start(() => undefined);
      const failed = failsWith('broken', true, send());
      await eventually('the request to arrive', () => server.requests.length === 1);
      transport.dispose();
      await failed;
      await failsWith('broken', false, send());
    });

    it('does not repeat a request that died on a new connection, nor any write', async () => {
      await start((_request, response) => response.socket?.destroy());
      await failsWith('broken', true, send());
      await failsWith('broken', true, send({ lane: 'write' }));
      assert.equal(server.requests.length, 2);
    });
  });
}

describe('the pooled transport, keeping connections', () => {
  let server: ScriptedServer;
  let transport: PooledTransport;

  async function start(reply: Reply): Promise<void> {
    server = await ScriptedServer.start(reply);
    transport = new PooledTransport({
      endpoint: { host: server.host, port: server.port, useTls: false },
      trust: { mode: 'verify' },
      clock: systemClock,
      limits: defaultTransportLimits,
    });
  }

  async function send(overrides: Partial<HttpRequest> = {}): Promise<void> {
    await transport.send({ ...request, ...overrides }, () => ({ write: () => undefined, end: () => undefined }));
  }

  afterEach(async () => {
    transport.dispose();
    await server.close();
  });

  it('uses one connection for one call after another', async () => {
    await start((_request, response) => response.end('ok'));
    for (let i = 0; i < 5; i++) {
      await send();
    }
    assert.deepEqual(
      server.requests.map((each) => each.connection),
      [1, 1, 1, 1, 1],
    );
  });

  it('gives waits connections of their own and every write a new one', async () => {
    await start((_request, response) => response.end('ok'));
    await send();
    await send({ lane: 'wait' });
    await send({ lane: 'write' });
    await send({ lane: 'write' });
    await send({ lane: 'wait' });
    await send();
    assert.deepEqual(
      server.requests.map((each) => each.connection),
      [1, 2, 3, 4, 2, 1],
    );
  });

  it('holds at most six calls at once, and none of them fails for having to queue', async () => {
    const held: ServerResponse[] = [];
    await start((_request, response) => void held.push(response));
    const calls = Array.from({ length: 14 }, () => send());
    await eventually('six calls', () => held.length === 6);
    for (let done = 0; done < 14; done++) {
      await eventually('the next call', () => held.length > 0);
      held.shift()?.end('ok');
    }
    await Promise.all(calls);
    assert.equal(server.connections, 6);
  });

  it('repeats a call once, on a new connection, when the kept one turns out to be dead', async () => {
    await start((received, response) => {
      if (received.connection === 1 && server.requests.length > 1) {
        response.socket?.destroy();
      } else {
        response.end('ok');
      }
    });
    await send();
    await send();
    assert.deepEqual(
      server.requests.map((each) => each.connection),
      [1, 1, 2],
    );
  });

  it('does not repeat it twice', async () => {
    await start((_received, response) => {
      if (server.requests.length > 1) {
        response.socket?.destroy();
      } else {
        response.end('ok');
      }
    });
    await send();
    await assert.rejects(send(), TransportError);
    assert.equal(server.requests.length, 3);
  });
});
