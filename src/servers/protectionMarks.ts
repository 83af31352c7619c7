import { type Disposable, DisposableStore } from '../common/disposable';
import { Emitter } from '../common/event';
import type { Logger } from '../common/logger';
import type { ObjectId, ServerId } from '../hypervisor/model/ids';
import type { ProfileStore } from './profileStore';
import type { JsonValue, StatePort } from './statePort';

const stateKey = 'protectedObjects';
/** Where something that lay under the key and could not be read is put, so that it is not lost. */
const asideKey = 'protectedObjects.unreadable';

type Marks = ReadonlyMap<ServerId, ReadonlySet<ObjectId>>;

/**
 * The folders, VMs and so on that the person has marked as protected, for all windows. A server's own mark is in its
 * profile.
 *
 * @remarks Marks go with their server. Those on a demo are kept in memory, as it is. Every write reads again first, so
 * that windows do not undo each other.
 */
export class ProtectionMarks implements Disposable {
  private readonly changed = new Emitter<void>();
  private readonly resources = new DisposableStore();
  private readonly ofDemos = new Map<ServerId, ReadonlySet<ObjectId>>();
  private saved: Marks;
  private lastWrite: Promise<unknown> = Promise.resolve();

  /** Other objects are marked than before. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly state: StatePort,
    private readonly profiles: Pick<ProfileStore, 'get' | 'onDidChange'>,
    private readonly logger: Logger,
  ) {
    this.saved = this.read();
    this.resources.add(this.changed);
    this.resources.add(
      profiles.onDidChange(({ removed }) => {
        for (const { id } of removed) {
          this.forget(id);
        }
      }),
    );
    if (state.onDidChange !== undefined) {
      this.resources.add(
        state.onDidChange((key) => {
          if (key === stateKey) {
            this.refresh();
          }
        }),
      );
    }
  }

  /** Whether anything is marked at all. */
  get hasAny(): boolean {
    return [...this.ofDemos.values(), ...this.saved.values()].some((ids) => ids.size > 0);
  }

  isMarked(serverId: ServerId, objectId: ObjectId): boolean {
    return (this.ofDemos.get(serverId) ?? this.saved.get(serverId))?.has(objectId) === true;
  }

  /** Marks objects of a server, or takes their marks away. */
  async set(serverId: ServerId, objectIds: readonly ObjectId[], marked: boolean): Promise<void> {
    if (this.profiles.get(serverId)?.isDemo === true) {
      this.ofDemos.set(serverId, changedSet(this.ofDemos.get(serverId), objectIds, marked));
      this.changed.fire();
      return;
    }
    await this.write((marks) => {
      const ids = changedSet(marks.get(serverId), objectIds, marked);
      return withServer(marks, serverId, ids);
    });
  }

  /** Takes over what other windows have changed. */
  refresh(): void {
    const before = JSON.stringify(toJson(this.saved));
    this.saved = this.read();
    if (JSON.stringify(toJson(this.saved)) !== before) {
      this.changed.fire();
    }
  }

  dispose(): void {
    this.resources.dispose();
  }

  private forget(serverId: ServerId): void {
    this.ofDemos.delete(serverId);
    if (this.saved.has(serverId)) {
      this.write((marks) => withServer(marks, serverId, new Set())).catch((error: unknown) => {
        // What stays is found by nobody: identities of servers are never used again.
        this.logger.warn(`The marks of a removed server could not be removed: ${String(error)}`);
      });
    }
  }

  private async write(edit: (marks: Marks) => Marks): Promise<void> {
    const run = this.lastWrite.then(async () => {
      const raw = this.state.get(stateKey);
      if (raw !== undefined && !isRecord(raw)) {
        await this.state.set(asideKey, raw as JsonValue);
      }
      await this.state.set(stateKey, toJson(edit(this.read())));
      this.refresh();
    });
    // The next write waits for this one, however it ends; its failure belongs to its caller alone.
    this.lastWrite = run.catch(() => undefined);
    await run;
  }

  private read(): Marks {
    const raw = this.state.get(stateKey);
    if (raw === undefined) {
      return new Map();
    }
    if (!isRecord(raw)) {
      this.logger.warn('The saved marks of protected objects cannot be read and are kept as they are.');
      return new Map();
    }
    return new Map(
      Object.entries(raw).map(([serverId, ids]) => [
        serverId as ServerId,
        new Set((Array.isArray(ids) ? ids : []).filter((id): id is ObjectId => typeof id === 'string')),
      ]),
    );
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function changedSet(
  ids: ReadonlySet<ObjectId> | undefined,
  changed: readonly ObjectId[],
  marked: boolean,
): ReadonlySet<ObjectId> {
  const result = new Set(ids);
  for (const id of changed) {
    if (marked) {
      result.add(id);
    } else {
      result.delete(id);
    }
  }
  return result;
}

function withServer(marks: Marks, serverId: ServerId, ids: ReadonlySet<ObjectId>): Marks {
  const result = new Map(marks);
  if (ids.size === 0) {
    result.delete(serverId);
  } else {
    result.set(serverId, ids);
  }
  return result;
}

function toJson(marks: Marks): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries([...marks].map(([serverId, ids]) => [serverId, [...ids].sort()]));
}
