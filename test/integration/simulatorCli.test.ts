import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import readline from 'node:readline';

// As it stands after the build of the tests: beside them.
const program = path.join(__dirname, '../../src/simulator/cli.js');

interface Hello {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly sha256?: string;
  readonly control: { readonly url: string; readonly token: string };
}

describe('simulator: as a program', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) {
      child.kill('SIGKILL');
    }
  });

  function run(...args: string[]): ChildProcess {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  }

  /** The first line. A program that ends without one has said why. */
  async function hello(child: ChildProcess): Promise<Hello> {
    assert.ok(child.stdout !== null && child.stderr !== null);
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaints += chunk));
    const ended = once(child, 'close').then(([code]) => assert.fail(`ended with ${String(code)}: ${complaints}`));
    const [line] = (await Promise.race([once(readline.createInterface(child.stdout), 'line'), ended])) as [string];
    ended.catch(() => undefined);
    return JSON.parse(line) as Hello;
  }

  async function get(url: string): Promise<number> {
    const options = { rejectUnauthorized: false };
    return await new Promise((resolve, reject) => {
      const client = url.startsWith('https:') ? https : http;
      client
        .get(url, options, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
        .on('error', reject);
    });
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`tells where it is in its first line, serves, and ends well with ${signal}`, async () => {
      const child = run('--vms', '10');
      const { url, user, password, sha256, control } = await hello(child);
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/sdk$/);
      assert.deepEqual([user, password, sha256], ['administrator@vsphere.local', 'VMware1!', undefined]);
      assert.ok(control.token.length > 20);
      assert.equal(await get(`${url}/vimServiceVersions.xml`), 200);
      child.kill(signal);
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    });
  }

  it('speaks TLS on another loopback address, as an ESXi with an account of its own', async () => {
    const child = run('--tls', '--listen', '127.0.0.2', '--esx', '--demo', '--user', 'admin', '--password', 'x');
    const { url, user, password, sha256 } = await hello(child);
    assert.match(url, /^https:\/\/127\.0\.0\.2:\d+\/sdk$/);
    assert.deepEqual([user, password], ['admin', 'x']);
    assert.match(sha256 ?? '', /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.equal(await get(`${url}/vimServiceVersions.xml`), 200);
  });

  it('says in a sentence what is wrong with its flags', async () => {
    const child = run('--vms', 'many');
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    assert.deepEqual(await once(child, 'close'), [2, null]);
    assert.match(text, /^--vms takes a whole number/);
    assert.match(text, /Usage: /);
  });

  it('says when the port is taken', async () => {
    const { url } = await hello(run());
    const second = run('--port', new URL(url).port);
    let text = '';
    second.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    assert.deepEqual(await once(second, 'close'), [1, null]);
    assert.match(text, /EADDRINUSE/);
  });
});
