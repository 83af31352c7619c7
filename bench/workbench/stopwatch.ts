import * as fs from 'node:fs';
import path from 'node:path';
import { eventually } from '../../test/support/eventually';
import { repositoryRoot } from '../../test/support/repositoryRoot';

/** What another extension has felt. */
export interface Felt {
  /** The most by which its timer was late. */
  readonly lateMs: number;
  /** The most processor time that its thread has used between two ticks: a block without the turns of other processes. */
  readonly blockCpuMs: number;
  /** Processor time of the thread that runs extensions. */
  readonly cpuMs: number;
  readonly rssMb: number;
}

const startDeadlineMs = 120_000;
// A window that has loaded goes on working for a while: a moment in which nothing was late by more says that it is done.
const calmMs = 3_000;
const calmLateMs = 50;
const restMs = 500;
// Its own timer alone needs some of it.
const restCpuMs = 100;
const settleDeadlineMs = 180_000;

/** The extension that lies beside this file, from outside. */
export class Stopwatch {
  static readonly extensionFolder = path.join(repositoryRoot(), 'bench', 'workbench', 'stopwatch');

  /** @param file - where it writes its address */
  constructor(private readonly file: string) {}

  /** For the environment of the workbench. */
  get env(): NodeJS.ProcessEnv {
    return { STOPWATCH_FILE: this.file };
  }

  /** To be called before the window is loaded anew: it has another address then. */
  forget(): void {
    fs.rmSync(this.file, { force: true });
  }

  /** Waits until the window has nothing more to do. */
  async settle(): Promise<void> {
    await eventually('the stopwatch', () => fs.existsSync(this.file), startDeadlineMs);
    await eventually(
      'the window to settle',
      async () => {
        await this.begin();
        await new Promise((resolve) => setTimeout(resolve, calmMs));
        return (await this.felt()).lateMs < calmLateMs;
      },
      settleDeadlineMs,
    );
  }

  /** Waits until the extension host has done what it has to do. */
  async rest(): Promise<void> {
    await eventually(
      'the extension host to rest',
      async () => {
        const before = await this.felt();
        await new Promise((resolve) => setTimeout(resolve, restMs));
        return (await this.felt()).cpuMs - before.cpuMs < restCpuMs;
      },
      settleDeadlineMs,
    );
  }

  async begin(): Promise<void> {
    await this.ask('begin');
  }

  /** Since {@link begin}. */
  async felt(): Promise<Felt> {
    return await this.ask<Felt>('figures');
  }

  /** Says for how long the product's code runs in the extension host while `work` goes on. */
  async ours<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly oursMs: number }> {
    await this.ask('profile');
    const value = await work();
    const { oursMs } = await this.ask<{ readonly oursMs: number }>('profiled');
    return { value, oursMs };
  }

  private async ask<T>(question: string): Promise<T> {
    const answer = await fetch(`${fs.readFileSync(this.file, 'utf8')}/${question}`);
    if (!answer.ok) {
      throw new Error(`The stopwatch: ${await answer.text()}`);
    }
    return (await answer.json()) as T;
  }
}
