import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { JournalRecord } from '../operations/journal/journalRecord';
import type { JournalStore, LeftBehind } from '../operations/journal/journalStore';
import { acquireFileLock, type HeldLock, type LockServices } from './fileLock';
import { formatRecord, parseRecords } from './recordFormat';

/** Where and how large. */
export interface JournalOptions extends LockServices {
  readonly folder: string;
  /** A segment that has grown to this is closed, and another one begun. */
  readonly maxSegmentBytes?: number;
  /** Closed segments of all windows that are kept together, the newest ones. */
  readonly maxKeptBytes?: number;
}

// An operation takes about 1 to 5 kB, so a segment holds a busy day.
const defaultSegmentBytes = 512 * 1024;
const defaultKeptBytes = 2 * 1024 * 1024;

// `WINDOW.NUMBER.jsonl` is read after the window is gone; `.old` has been dealt with, and is there to be looked at.
const segmentName = /^([A-Za-z0-9-]+)\.(\d+)\.jsonl(\.old)?$/;

interface Segment {
  readonly file: string;
  readonly window: string;
  readonly number: number;
  readonly isOld: boolean;
}

/**
 * The journal as files: one window writes one file, and begins another one when it has grown. What is open is repeated at
 * its beginning, so that a file says everything that matters by itself and older ones can go.
 */
export class JournalFiles implements JournalStore {
  private readonly window: string;
  /** What a new segment begins with, by operation. */
  private readonly open = new Map<number, JournalRecord[]>();
  /** Operations that were taken over from a journal which is still there, and would speak of them again. */
  private readonly takenOver = new Set<number>();
  private handle: FileHandle | undefined;
  /** Says that this window is alive; and of windows that are gone, that this one deals with what they left. */
  private readonly presences = new Map<string, HeldLock>();
  private number = 0;
  private sizeBytes = 0;
  /** The last write broke off, perhaps in the middle of a line. */
  private isTorn = false;
  /** The end of everything that is to be written. */
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly options: JournalOptions) {
    this.window = options.createNonce();
  }

  async append(records: readonly JournalRecord[], isVital: boolean): Promise<void> {
    // One after the other, in the order of the calls; what failed before does not keep the next from being tried.
    const written = this.last.then(() => this.write(records, isVital));
    this.last = written.catch(() => undefined);
    await written;
  }

  async takeLeftBehind(): Promise<LeftBehind | undefined> {
    const segments = (await this.segments()).filter(({ isOld, window }) => !isOld && window !== this.window);
    const windows = [...new Set(segments.map(({ window }) => window))];
    const taken: { readonly window: string; readonly files: readonly Segment[] }[] = [];
    for (const window of windows) {
      // Whoever holds the presence of a window is that window, or has taken it over.
      if (await this.bePresentAs(window)) {
        taken.push({ window, files: segments.filter((each) => each.window === window) });
      }
    }
    if (taken.length === 0) {
      return undefined;
    }
    return {
      journals: await Promise.all(
        taken.map(async ({ window, files }) => ({ window, records: await this.readAll(files) })),
      ),
      settle: async () => {
        for (const { window, files } of taken) {
          for (const { file } of files) {
            await fs.rename(this.pathOf(file), `${this.pathOf(file)}.old`);
          }
          await this.leave(window);
        }
        this.forgetTakenOver();
        await this.forgetOldest();
      },
    };
  }

  /** The records of all windows that are still kept, one a line, oldest first. For a person who wants to see them. */
  async export(): Promise<string> {
    await this.last;
    const contents = await Promise.all((await this.segments()).map(({ file }) => this.readText(file)));
    return contents
      .flatMap((content) => parseRecords(content).records)
      .sort((a, b) => a.atMs - b.atMs)
      .map(formatRecord)
      .join('');
  }

  /** Closes the file. What is open in it, and what was not settled, is found by the next window. */
  async close(): Promise<void> {
    await this.last;
    await this.handle?.close();
    this.handle = undefined;
    for (const window of [...this.presences.keys()]) {
      await this.leave(window);
    }
  }

  private async write(records: readonly JournalRecord[], isVital: boolean): Promise<void> {
    const handle = this.handle ?? (await this.begin());
    const lines = `${this.isTorn ? '\n' : ''}${records.map(formatRecord).join('')}`;
    this.isTorn = true;
    // One call for all of them: after a crash the last line may be torn, but no line before it.
    await handle.appendFile(lines);
    this.isTorn = false;
    this.sizeBytes += Buffer.byteLength(lines);
    for (const record of records) {
      this.follow(record);
    }
    if (isVital) {
      await handle.datasync();
    }
    if (this.sizeBytes >= (this.options.maxSegmentBytes ?? defaultSegmentBytes)) {
      await this.rotate();
    }
  }

  /** Keeps what is open, to be repeated. */
  private follow(record: JournalRecord): void {
    const { op, kind } = record;
    if (kind === 'requested' && record.from !== undefined) {
      this.takenOver.add(op);
    }
    if (kind === 'ended' && !this.takenOver.has(op)) {
      this.open.delete(op);
    } else {
      this.open.set(op, [...(this.open.get(op) ?? []), record]);
    }
  }

  /** The journals from which operations were taken over are gone: those that are over need not be known any more. */
  private forgetTakenOver(): void {
    for (const op of this.takenOver) {
      if (this.open.get(op)?.some(({ kind }) => kind === 'ended') === true) {
        this.open.delete(op);
      }
    }
    this.takenOver.clear();
  }

  private async begin(): Promise<FileHandle> {
    await fs.mkdir(this.options.folder, { recursive: true });
    if (!this.presences.has(this.window)) {
      await this.bePresentAs(this.window);
    }
    this.number++;
    this.handle = await fs.open(this.pathOf(`${this.window}.${this.number}.jsonl`), 'ax', 0o600);
    this.sizeBytes = 0;
    return this.handle;
  }

  /** Begins another file with what is open, and only then lets go of the one before. */
  private async rotate(): Promise<void> {
    const before = this.handle;
    const closed = this.pathOf(`${this.window}.${this.number}.jsonl`);
    const handle = await this.begin();
    const lines = [...this.open.values()].flat().map(formatRecord).join('');
    await handle.appendFile(lines);
    await handle.datasync();
    // What is open for long may fill a file by itself; it is repeated again only when as much has come to it.
    this.sizeBytes = 0;
    await before?.close();
    await fs.rename(closed, `${closed}.old`);
    await this.forgetOldest();
  }

  private async forgetOldest(): Promise<void> {
    const old = (await this.segments()).filter(({ isOld }) => isOld);
    const aged = await Promise.all(old.map(async ({ file }) => ({ file, stat: await fs.stat(this.pathOf(file)) })));
    let keptBytes = 0;
    for (const { file, stat } of aged.sort((a, b) => b.stat.mtimeMs - a.stat.mtimeMs)) {
      keptBytes += stat.size;
      if (keptBytes > (this.options.maxKeptBytes ?? defaultKeptBytes)) {
        await fs.rm(this.pathOf(file), { force: true });
      }
    }
  }

  private async segments(): Promise<Segment[]> {
    await fs.mkdir(this.options.folder, { recursive: true });
    return (await fs.readdir(this.options.folder))
      .flatMap((file) => {
        const [, window, number, old] = segmentName.exec(file) ?? [];
        return window === undefined ? [] : [{ file, window, number: Number(number), isOld: old !== undefined }];
      })
      .sort((a, b) => (a.window === b.window ? a.number - b.number : a.window < b.window ? -1 : 1));
  }

  private async readAll(segments: readonly Segment[]): Promise<JournalRecord[]> {
    const records: JournalRecord[] = [];
    for (const { file } of segments) {
      const parsed = parseRecords(await this.readText(file));
      records.push(...parsed.records);
      if (parsed.skipped > 0) {
        this.options.logger.warn(
          `The journal ${file} has ${parsed.skipped} lines that cannot be read; they are left out.`,
        );
      }
    }
    return records;
  }

  private async readText(file: string): Promise<string> {
    return await fs.readFile(this.pathOf(file), 'utf8');
  }

  /** @returns false when somebody else is */
  private async bePresentAs(window: string): Promise<boolean> {
    const lock = await acquireFileLock(this.pathOf(`${window}.window.lock`), this.options);
    if (lock !== undefined) {
      this.presences.set(window, lock);
    }
    return lock !== undefined;
  }

  private async leave(window: string): Promise<void> {
    await this.presences.get(window)?.release();
    this.presences.delete(window);
  }

  private pathOf(file: string): string {
    return path.join(this.options.folder, file);
  }
}
