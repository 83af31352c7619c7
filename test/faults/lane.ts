import type { ControlCommand } from '../../src/simulator/control/controlSchema';
import { FaultProxy } from '../support/faults/faultProxy';
import { control, type SimulatorProcess } from '../support/faults/simulatorProcess';
import { ScaledClock } from '../support/scaledClock';
import type { Fault, Stage } from './faultCatalogue';
import { type Announcement, type Cell, type Claim, type Deed, notStruck, writeMethods } from './judgement';
import type { JudgeProcess } from './judgeProcess';
import { LabWindow } from './labWindow';
import { until } from './until';

/** One operation under one fault. */
export interface Job {
  readonly deed: Deed;
  readonly fault: Fault;
}

/** A silence of two minutes takes six seconds. */
export const timeFactor = 20;

// A task that is over in a tenth of a second is missed now and then by a fault in the middle of it, where much else runs.
const maxAttempts = 6;

/** Not 127.0.0.1: in an extension host that address is treated in another way than every other one. */
export const labAddress = '127.0.0.2';

/** A task as the server tells of it. */
interface SeenTask {
  readonly method: string;
  readonly entityId?: string;
  readonly state: string;
}

function isOver(state: string): boolean {
  return state === 'success' || state === 'error';
}

/** One lane: a window of its own, behind a proxy of its own, on the server of all lanes. */
export class Lane {
  private constructor(
    private readonly server: SimulatorProcess,
    private readonly judge: JudgeProcess,
    private readonly proxy: FaultProxy,
    private readonly window: LabWindow,
  ) {}

  static async open(server: SimulatorProcess, judge: JudgeProcess): Promise<Lane> {
    const target = new URL(server.url);
    const proxy = await FaultProxy.start({ host: target.hostname, port: Number(target.port) }, labAddress);
    const window = new LabWindow(new ScaledClock(timeFactor));
    const { user: userName, password } = server;
    await window.open({ host: labAddress, port: proxy.port, userName, password });
    return new Lane(server, judge, proxy, window);
  }

  async close(): Promise<void> {
    await this.window.close();
    await this.proxy.stop();
  }

  /** What comes of a job; once more when its fault, which may depend on the moment, did not strike. */
  async run(job: Job, number: number): Promise<Cell> {
    for (let attempts = 1; ; attempts++) {
      const cell = await this.attempt(job, number + attempts * 100_000);
      if (attempts === maxAttempts || !cell.note.includes(notStruck)) {
        return cell;
      }
    }
  }

  private async attempt({ deed, fault }: Job, number: number): Promise<Cell> {
    const cell = { operation: deed, fault: fault.name, where: fault.where };
    let vmId: string | undefined;
    try {
      await this.window.settle();
      const announcement = await this.prepare(deed, number);
      vmId = announcement.vmId;
      await this.judge.begin(announcement);
      const claim = await this.strike(announcement, fault);
      await this.window.settle();
      const agrees = await this.untilTrue(announcement.vmId);
      const verdict = await this.judge.end(announcement.vmId, claim);
      if (verdict.outcome === 'survived' && !agrees) {
        return {
          ...cell,
          outcome: 'wrong',
          note: `the tree does not show how the VM is: ${JSON.stringify(this.window.sees(vmId))}`,
        };
      }
      return { ...cell, ...verdict };
    } catch (error) {
      return { ...cell, outcome: 'wrong', note: `${String(error)}\n${this.window.log}` };
    } finally {
      if (vmId !== undefined) {
        await this.ask({ command: 'removeVm', vm: vmId });
      }
    }
  }

  private async ask<T>(command: ControlCommand): Promise<T> {
    return await control<T>(this.server.control, command);
  }

  private async untilTrue(vmId: string): Promise<boolean> {
    try {
      await until('the tree to show the truth', () => this.judge.agrees(vmId, this.window.sees(vmId)));
      return true;
    } catch {
      return false;
    }
  }

  /** A VM with the tree `base (one (two*, side))`, and the deed to do to it. */
  private async prepare(deed: Deed, number: number): Promise<Announcement> {
    const vmName = `c${number}`;
    const power = deed === 'powerOn' ? 'poweredOff' : 'poweredOn';
    const { id: vmId } = await this.ask<{ readonly id: string }>({
      command: 'addVm',
      name: vmName,
      power,
      memoryMb: 64,
    });
    const snapshots: string[] = [];
    for (const name of ['base', 'one', 'two']) {
      const { id } = await this.ask<{ readonly id: string }>({ command: 'takeSnapshot', vm: vmId, name });
      snapshots.push(id);
    }
    if (deed === 'consolidate') {
      await this.ask({ command: 'leaveDisks', vm: vmId });
    }
    const targets: Partial<Record<Deed, number>> = { edit: 1, restore: 0, delete: 1, deleteWithChildren: 1 };
    const target = targets[deed];
    await until('the window to see the VM', () => this.judge.agrees(vmId, this.window.sees(vmId)));
    return {
      deed,
      vmId,
      vmName,
      snapshotId: target === undefined ? undefined : snapshots[target],
      newName: deed === 'take' || deed === 'takeMemory' || deed === 'edit' ? `new ${number}` : undefined,
    };
  }

  private async strike(announcement: Announcement, fault: Fault): Promise<Claim> {
    const { proxy: spoiled, rule, during, expected } = fault;
    if (spoiled?.action.kind === 'stale' && spoiled.ofThisVm) {
      await this.leaveReplyBehind(announcement);
    }
    const having = announcement.snapshotId ?? announcement.vmId;
    const armed =
      spoiled &&
      this.proxy.arm({
        method: spoiled.method,
        action: spoiled.action,
        ...(spoiled.ofThisVm && { having: `>${having}<` }),
      });
    if (rule !== undefined) {
      await this.ask({ command: 'addRule', rule: { ...rule, objectName: announcement.vmName } });
    }
    const { vmId, deed } = announcement;
    const stage: Stage = {
      proxy: this.proxy,
      vmId,
      isAtWork: async () => (await this.tasksOf(vmId, deed)).some(({ state }) => !isOver(state)),
      control: (command) => this.ask(command),
    };
    const meanwhile = during && this.whenAtWork(vmId, deed).then(() => during(stage));
    const [told] = await Promise.all([this.window.perform(announcement), meanwhile]);
    if (armed !== undefined && spoiled?.ofThisVm === false) {
      // Reads come again and again, whatever the operation does.
      await until(notStruck, () => armed.fired, 5_000);
    }
    const isBeyondReply = spoiled?.action.kind === 'cutReply' && (armed?.replyBytes ?? 0) <= spoiled.action.bytes;
    armed?.disarm();
    const method = rule?.method;
    return {
      ...told,
      // A cut behind the end of a reply is none.
      proxyFired: armed === undefined || isBeyondReply ? undefined : armed.fired,
      expectedOutcome:
        expected?.outcome === undefined || method === undefined ? undefined : { method, outcome: expected.outcome },
      expectedTaskError: expected?.taskError,
    };
  }

  /** Has the window do the same to another VM, so that the proxy knows a reply that is true, but of something else. */
  private async leaveReplyBehind({ deed, vmId }: Announcement): Promise<void> {
    const other = await this.prepare(deed, Number.parseInt(vmId.replace(/\D/g, ''), 10) + 1_000_000);
    await this.window.perform(other);
    await this.ask({ command: 'removeVm', vm: other.vmId });
  }

  /** @throws Error {@link notStruck} when the task had ended before anybody could look, as on a busy machine. */
  private async whenAtWork(vmId: string, deed: Deed): Promise<void> {
    await until('a task of the VM', async () => {
      const tasks = await this.tasksOf(vmId, deed);
      if (tasks.some(({ state }) => isOver(state))) {
        throw new Error(notStruck);
      }
      return tasks.some(({ state }) => state === 'running');
    });
  }

  /** Those of the deed: before a delete, the estimate of its space is a task of the VM, too. */
  private async tasksOf(vmId: string, deed: Deed): Promise<readonly SeenTask[]> {
    const { tasks } = await this.ask<{ readonly tasks: readonly SeenTask[] }>({ command: 'readState' });
    return tasks.filter(({ method, entityId }) => entityId === vmId && method === writeMethods[deed]);
  }
}
