import * as fs from 'node:fs';

// Of the first thread, which is the one that runs JavaScript.
const ownSchedule = '/proc/self/schedstat';

/**
 * Gaps in a timer that wants to come every millisecond: what another extension would notice. In processor time as
 * well: on a busy machine a gap is mostly the turn of other processes.
 */
export class BlockWatch {
  longestMs = 0;
  longestCpuMs = 0;
  private lastMs = 0;
  private lastCpuMs = 0;
  private timer: NodeJS.Timeout | undefined;

  start(): void {
    this.lastMs = performance.now();
    this.lastCpuMs = cpuMs();
    this.timer = setInterval(() => {
      this.look();
    }, 1);
  }

  stop(): void {
    this.look();
    clearInterval(this.timer);
  }

  private look(): void {
    const now = performance.now();
    this.longestMs = Math.max(this.longestMs, now - this.lastMs);
    this.lastMs = now;
    const cpu = cpuMs();
    this.longestCpuMs = Math.max(this.longestCpuMs, cpu - this.lastCpuMs);
    this.lastCpuMs = cpu;
  }
}

/** Processor time of this thread where the kernel tells, else of the whole process. */
function cpuMs(): number {
  if (fs.existsSync(ownSchedule)) {
    return Number(fs.readFileSync(ownSchedule, 'latin1').split(' ')[0]) / 1e6;
  }
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
