import type { Clock } from '../../common/clock';

// What a person has done in some hours. Requests are logged at the level `trace`, which is not kept.
const maxLines = 1_000;
// A stack with all its causes fits; a page that came instead of an answer does not.
const maxLineLength = 4_000;

/** The last lines of the log, whatever level the person has set for the log itself. */
export class LogTail {
  private readonly lines: string[] = [];

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  add(level: 'debug' | 'info' | 'warn' | 'error', line: string): void {
    const text = line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line;
    this.lines.push(`${new Date(this.clock.now()).toISOString()} [${level}] ${text}`);
    if (this.lines.length > maxLines) {
      this.lines.shift();
    }
  }

  get text(): string {
    return this.lines.join('\n');
  }
}
