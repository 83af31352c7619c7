import type { Clock } from '../common/clock';
import type { Disposable } from '../common/disposable';
import type { Logger } from '../common/logger';
import type { HypervisorClient, InventorySink, TaskSink } from '../hypervisor/client';
import { connectionLost } from './serverErrors';
import { withTimeLimit } from './timeLimit';

export interface FeedListener {
  /** A whole picture of the inventory has come in. */
  onComplete(): void;
  /** A feed ended without having been told to. Called once; nothing comes after it. */
  onBroken(error: unknown): void;
}

/** How long feeds may take to end when told to; longer means that the connection does not work. */
const endLimitMs = 5_000;
/** How long a whole picture may take after a restart: thousands of VMs over a slow line, with room. */
const pictureLimitMs = 120_000;

/** Lets one session's client feed the inventory and the running tasks, for as long as the session lives. */
export class SessionFeeds implements Disposable {
  private abort = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private pictureTimer: Disposable | undefined;
  private isOver = false;

  constructor(
    private readonly client: HypervisorClient,
    private readonly inventory: InventorySink,
    private readonly tasks: TaskSink,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly listener: FeedListener,
  ) {}

  start(): void {
    const abort = new AbortController();
    this.abort = abort;
    this.running = this.run(abort.signal);
  }

  /** Reads everything again over the same session, which also shows whether it still works. */
  async restart(): Promise<void> {
    this.abort.abort();
    try {
      await withTimeLimit(this.clock, endLimitMs, 'The feed of the inventory', this.running);
    } catch (error) {
      this.break(connectionLost('the feeds do not end', error));
      return;
    }
    if (!this.isOver) {
      this.pictureTimer?.dispose();
      this.pictureTimer = this.clock.schedule(pictureLimitMs, () => {
        this.break(connectionLost('the server does not send its inventory'));
      });
      this.start();
    }
  }

  dispose(): void {
    this.isOver = true;
    this.pictureTimer?.dispose();
    this.abort.abort();
  }

  private async run(signal: AbortSignal): Promise<void> {
    try {
      await Promise.all([
        untilAborted(this.client.watchInventory(this.inventorySink(signal), signal), signal),
        untilAborted(this.client.watchTasks(this.taskSink(signal), signal), signal),
      ]);
    } catch (error) {
      if (!signal.aborted) {
        this.break(error);
      }
    }
  }

  private break(error: unknown): void {
    if (!this.isOver) {
      this.dispose();
      this.listener.onBroken(error);
    }
  }

  private inventorySink(signal: AbortSignal): InventorySink {
    const { inventory } = this;
    return {
      begin: this.guarded(signal, () => {
        inventory.begin();
      }),
      put: this.guarded(signal, (objects) => {
        inventory.put(objects);
      }),
      remove: this.guarded(signal, (ids) => {
        inventory.remove(ids);
      }),
      complete: () => {
        this.guarded(signal, () => {
          inventory.complete();
        })();
        if (!signal.aborted) {
          this.pictureTimer?.dispose();
          this.listener.onComplete();
        }
      },
    };
  }

  private taskSink(signal: AbortSignal): TaskSink {
    return {
      update: this.guarded(signal, (tasks) => {
        this.tasks.update(tasks);
      }),
    };
  }

  /**
   * Keeps what comes too late away from the stores, and what goes wrong in those who listen to them away from the
   * session: a mistake in a view is no reason to lose the connection.
   */
  private guarded<A extends unknown[]>(signal: AbortSignal, act: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      if (signal.aborted) {
        return;
      }
      try {
        act(...args);
      } catch (error) {
        this.logger.error('A listener to the inventory failed', error);
      }
    };
  }
}

/** Waits for a feed, which has no reason to end before it is told to. */
async function untilAborted(feed: Promise<void>, signal: AbortSignal): Promise<void> {
  await feed;
  if (!signal.aborted) {
    throw connectionLost('a feed has ended by itself');
  }
}
