import { type ChildProcess, execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import type { RecordedRequest } from '../servers/recording';
import { TokenFinder } from './tokenFinder';

/**
 * The product's calls by one process of curl, one after the other on one connection. Bodies go in and replies come out
 * through named pipes, because each call needs what the reply before it has given. What is measured is curl: this process
 * only passes names on.
 */
export class CurlJob {
  private readonly folder: string;

  constructor(
    scratch: string,
    private readonly requests: readonly RecordedRequest[],
  ) {
    this.folder = fs.mkdtempSync(path.join(scratch, 'curl-'));
    for (let index = 0; index < requests.length; index++) {
      execFileSync('mkfifo', [this.file(index, 'in'), this.file(index, 'out')]);
    }
  }

  /** Arguments for curl. */
  arguments(url: string): string[] {
    const base = url.replace(/\/sdk$/, '');
    // What fails in the middle must not go on to the next pipe, at whose other end nobody waits.
    const all: string[] = ['--fail-early'];
    for (const [index, { method, soapAction }] of this.requests.entries()) {
      const isGet = method === 'GET';
      all.push(
        ...(index === 0 ? [] : ['--next']),
        ...['--silent', '--show-error', '--insecure', '--compressed', '--cookie', path.join(this.folder, 'cookies')],
        ...['--cookie-jar', path.join(this.folder, 'cookies'), '--http1.1', '--output', this.file(index, 'out')],
        ...(isGet
          ? [`${base}/sdk/vimServiceVersions.xml`]
          : [
              ...['--request', 'POST', '--upload-file', this.file(index, 'in'), '--header', 'Expect:'],
              ...['--header', `SOAPAction: ${soapAction ?? ''}`, '--header', 'Content-Type: text/xml; charset="utf-8"'],
              `${base}/sdk`,
            ]),
      );
    }
    return all;
  }

  /** Feeds curl until it has ended. */
  async feed(curl: ChildProcess): Promise<void> {
    const over = new Promise<void>((resolve) =>
      curl.once('exit', () => {
        resolve();
      }),
    );
    const finder = new TokenFinder();
    for (const [index, { method, body }] of this.requests.entries()) {
      const isOver = await Promise.race([this.one(index, method, body, finder), over.then(() => true)]);
      if (isOver === true) {
        break;
      }
    }
    await over;
    this.release();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private async one(index: number, method: string, body: string, finder: TokenFinder): Promise<undefined> {
    if (method !== 'GET') {
      await fs.promises.writeFile(this.file(index, 'in'), finder.fill(body));
    }
    finder.begin(method);
    for await (const chunk of fs.createReadStream(this.file(index, 'out'), { highWaterMark: 1_048_576 })) {
      finder.look(chunk as Buffer);
    }
    return undefined;
  }

  /** Lets go of whoever still waits at a pipe for curl, which has ended. */
  private release(): void {
    for (let index = 0; index < this.requests.length; index++) {
      fs.closeSync(fs.openSync(this.file(index, 'in'), fs.constants.O_RDWR | fs.constants.O_NONBLOCK));
      fs.closeSync(fs.openSync(this.file(index, 'out'), fs.constants.O_RDWR | fs.constants.O_NONBLOCK));
    }
  }

  private file(index: number, what: 'in' | 'out'): string {
    return path.join(this.folder, `${index}.${what}`);
  }
}
