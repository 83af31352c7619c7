import readline from 'node:readline';
import path from 'node:path';

import type { ControlCommand } from '../../../src/simulator/control/controlSchema';
import { ProcessGroup } from '../processes';

/** Where another process can be steered. */
export interface ControlAddress {
  readonly url: string;
  readonly token: string;
}

/** Steers an embedded vCenter in another process. @throws Error with the simulator's own words */
export async function control<T = unknown>({ url, token }: ControlAddress, command: ControlCommand): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify(command),
  });
  const answer = (await response.json()) as { readonly result?: T; readonly error?: string };
  if (!response.ok) {
    throw new Error(`${command.command}: ${answer.error ?? response.status}`);
  }
  return answer.result as T;
}

/** An embedded vCenter in a process of its own, as `npm run simulator` starts it. */
export class SimulatorProcess {
  private constructor(
    private readonly group: ProcessGroup,
    readonly url: string,
    readonly user: string,
    readonly password: string,
    readonly control: ControlAddress,
  ) {}

  /** @param program - `cli.js` of the simulator */
  static async start(program: string, ...args: readonly string[]): Promise<SimulatorProcess> {
    const group = await ProcessGroup.start(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { stdout } = group.child;
    if (stdout === null) {
      throw new Error('The simulator has no output.');
    }
    const lines = readline.createInterface(stdout);
    const first = await Promise.race([
      new Promise<string>((resolve) => lines.once('line', resolve)),
      group.ended.then(({ code }) => {
        throw new Error(`The simulator ended with ${code} before it said where it is.`);
      }),
    ]);
    const hello = JSON.parse(first) as {
      readonly url: string;
      readonly user: string;
      readonly password: string;
      readonly control: ControlAddress;
    };
    return new SimulatorProcess(group, hello.url, hello.user, hello.password, hello.control);
  }

  /** For whoever judges by another process: the simulator of this very build. */
  static readonly program = path.join(__dirname, '..', '..', '..', 'src', 'simulator', 'cli.js');

  async stop(): Promise<void> {
    await this.group.stop();
  }
}
