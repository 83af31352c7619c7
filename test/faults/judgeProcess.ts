import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';

import type { ControlAddress } from '../support/faults/simulatorProcess';
import type { Announcement, Claim, JudgeAnswer, JudgeRequest, SeenVm, Verdict } from './judgement';

type Ask = JudgeRequest extends infer R ? (R extends JudgeRequest ? Omit<R, 'number'> : never) : never;

/** The judge, as the laboratory talks to it. */
export class JudgeProcess {
  private readonly waiting = new Map<
    number,
    { readonly resolve: (answer: JudgeAnswer) => void; readonly reject: (error: Error) => void }
  >();
  private lastNumber = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (answer: JudgeAnswer) => {
      const waiting = this.waiting.get(answer.number);
      this.waiting.delete(answer.number);
      if (answer.error === undefined) {
        waiting?.resolve(answer);
      } else {
        waiting?.reject(new Error(`The judge: ${answer.error}`));
      }
    });
    child.once('exit', (code) => {
      for (const { reject } of this.waiting.values()) {
        reject(new Error(`The judge has ended with ${code}.`));
      }
    });
  }

  static start({ url, token }: ControlAddress): JudgeProcess {
    return new JudgeProcess(fork(path.join(__dirname, 'judge.js'), [url, token]));
  }

  async begin(announcement: Announcement): Promise<void> {
    await this.ask({ ask: 'begin', announcement });
  }

  /** Whether a VM really is as it is shown. */
  async agrees(vmId: string, seen: SeenVm | undefined): Promise<boolean> {
    return (await this.ask({ ask: 'sees', vmId, seen })).isTrue === true;
  }

  /** Whether these are the names of all VMs. */
  async knowsAs(names: readonly string[]): Promise<boolean> {
    return (await this.ask({ ask: 'lists', names })).isTrue === true;
  }

  async end(vmId: string, claim: Claim): Promise<Verdict> {
    const { verdict } = await this.ask({ ask: 'end', vmId, claim });
    if (verdict === undefined) {
      throw new Error('The judge gave no verdict.');
    }
    return verdict;
  }

  stop(): void {
    if (this.child.connected) {
      this.child.disconnect();
    }
  }

  private async ask(request: Ask): Promise<JudgeAnswer> {
    const number = ++this.lastNumber;
    return await new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      this.child.send({ ...request, number });
    });
  }
}
