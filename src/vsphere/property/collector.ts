import { onAbort, throwIfCancelled } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { Logger } from '../../common/logger';
import { HypervisorError } from '../../hypervisor/errors';
import { FaultError } from '../faults/faultError';
import { type Session, SessionRenewedError } from '../session';
import {
  CancelWaitForUpdates,
  CreateFilter,
  CreatePropertyCollector,
  DestroyPropertyCollector,
  type PropertyFilterSpec,
  type UpdateSet,
  WaitForUpdatesEx,
} from '../vim/property';
import type { ManagedObjectReference } from '../vim/schema';
import { leavingOutUnknownPaths } from './unknownPaths';

export interface WaitLimits {
  /** How long the server may think about a wait without news. Minutes, but less than any proxy allows for silence. */
  readonly maxWaitSeconds: number;
}

export const defaultWaitLimits: WaitLimits = { maxWaitSeconds: 120 };

/** Somebody waits for this collector already. The server would make the second wait for the first. */
class WaiterBusyError extends Error {
  override readonly name = 'WaiterBusyError';
}

/** The server has forgotten what it had told us; whoever follows has to read everything again. */
export class ResyncError extends Error {
  override readonly name = 'ResyncError';
}

// Above the wait itself, for the answer to be put together and sent.
const answerAllowanceMs = 60_000;

// How long a server may take to let go of what is no longer wanted.
const cleanUpLimitMs = 3_000;

// Below this a proxy that cuts silent connections would make a poll of the wait; then it is better to fail.
const minWaitSeconds = 10;

/**
 * A PropertyCollector of our own, and the loop that waits for its updates.
 *
 * @remarks One waiter at a time: the server serialises waits on one collector. To be disposed by whoever created it.
 */
export class Collector {
  private isWaiting = false;
  /** Whether the server has left a request to end something without an answer. */
  private isDeaf = false;
  private maxWaitSeconds: number;

  private constructor(
    private readonly session: Session,
    private readonly reference: ManagedObjectReference,
    private readonly epoch: number,
    private readonly clock: Clock,
    private readonly logger: Logger,
    limits: WaitLimits,
  ) {
    this.maxWaitSeconds = limits.maxWaitSeconds;
  }

  static async create(
    session: Session,
    clock: Clock,
    logger: Logger,
    limits: WaitLimits,
    signal?: AbortSignal,
  ): Promise<Collector> {
    const reference = await session.call(
      CreatePropertyCollector,
      session.content.propertyCollector,
      {},
      { sessionBound: true, signal },
    );
    return new Collector(session, reference, session.epoch, clock, logger, limits);
  }

  async createFilter(spec: PropertyFilterSpec, signal?: AbortSignal): Promise<ManagedObjectReference> {
    return await this.bound(() =>
      leavingOutUnknownPaths(spec, this.logger, (asked) =>
        this.session.call(
          CreateFilter,
          this.reference,
          // Whole values and not fragments of them, so that an update can be understood without what came before.
          { spec: asked, partialUpdates: false },
          { sessionBound: true, signal },
        ),
      ),
    );
  }

  /**
   * Updates as they come, each with whether it completes what the server had to tell at once: the first picture comes in
   * many pieces. Ends when `signal` is aborted, promptly.
   *
   * @throws ResyncError when the server has forgotten us; WaiterBusyError; HypervisorError when it cannot be reached.
   */
  async *updates(signal: AbortSignal): AsyncGenerator<{ readonly set: UpdateSet; readonly isComplete: boolean }> {
    if (this.isWaiting) {
      throw new WaiterBusyError('somebody waits for this collector already');
    }
    this.isWaiting = true;
    try {
      let version = '';
      let isTruncated = false;
      while (!signal.aborted) {
        const set = await this.wait(version, isTruncated, signal);
        if (set !== undefined) {
          version = set.version;
          isTruncated = set.truncated === true;
          yield { set, isComplete: !isTruncated };
        }
      }
    } finally {
      this.isWaiting = false;
    }
  }

  /**
   * Destroys the collector with its filters, and what belongs to it. A server that does not answer soon is left to find
   * out by itself.
   *
   * @param others - destroy other objects of the session
   */
  async dispose(...others: readonly ((signal: AbortSignal) => Promise<unknown>)[]): Promise<void> {
    if (this.session.epoch !== this.epoch || this.isDeaf) {
      // It has gone with its session, or nobody listens.
      return;
    }
    const destroy = (signal: AbortSignal): Promise<unknown> =>
      this.session.call(DestroyPropertyCollector, this.reference, {}, { sessionBound: true, signal });
    await Promise.all([destroy, ...others].map((each) => this.briefly(each)));
  }

  /** One wait; undefined when there was no news. */
  private async wait(version: string, isTruncated: boolean, signal: AbortSignal): Promise<UpdateSet | undefined> {
    for (let isRepeated = false; ; isRepeated = true) {
      const startedMs = this.clock.now();
      try {
        return await this.bound(() => this.waitOnce(version, signal));
      } catch (error) {
        if (signal.aborted) {
          return undefined;
        }
        if (isRepeated || isTruncated || version === '' || !isConnectionLost(error)) {
          throw error;
        }
        // A wait may be asked for again with the same version; a piece of a longer answer may not.
        this.shortenWait(this.clock.now() - startedMs);
      }
    }
  }

  /** Proxies cut connections that are silent for a while. What is just shorter gets through. */
  private shortenWait(afterMs: number): void {
    const seconds = Math.floor((afterMs / 1_000) * 0.8);
    if (seconds >= minWaitSeconds && seconds < this.maxWaitSeconds) {
      this.maxWaitSeconds = seconds;
      this.logger.info(`A wait was cut off after ${Math.round(afterMs / 1_000)} s; waiting ${seconds} s from now on.`);
    }
  }

  /**
   * A wait that ends when the signal is aborted: the server is told to end it, over another connection, and gets a moment
   * to do so. Breaking the connection at once would leave the server waiting for nobody.
   */
  private async waitOnce(version: string, signal: AbortSignal): Promise<UpdateSet | undefined> {
    throwIfCancelled(signal);
    const abort = new AbortController();
    const subscription = onAbort(signal, () => {
      void this.cancelWait().finally(() => {
        abort.abort();
      });
    });
    try {
      const { maxWaitSeconds } = this;
      return await this.session.call(
        WaitForUpdatesEx,
        this.reference,
        { version, options: { maxWaitSeconds } },
        {
          lane: 'wait',
          sessionBound: true,
          silenceLimitMs: maxWaitSeconds * 1_000 + answerAllowanceMs,
          signal: abort.signal,
        },
      );
    } finally {
      subscription.dispose();
    }
  }

  private async cancelWait(): Promise<void> {
    await this.briefly((signal) =>
      this.session.call(CancelWaitForUpdates, this.reference, {}, { sessionBound: true, signal }),
    );
  }

  private async briefly(act: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const abort = new AbortController();
    const limit = this.clock.schedule(cleanUpLimitMs, () => {
      this.isDeaf = true;
      abort.abort();
    });
    try {
      await act(abort.signal);
    } catch (error) {
      this.logger.debug(`A property collector could not be cleaned up: ${String(error)}`);
    } finally {
      limit.dispose();
    }
  }

  /** Tells what means that this collector, or all it has told, is gone. */
  private async bound<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof SessionRenewedError || isForgotten(error)) {
        throw new ResyncError('the server has forgotten what it had told', { cause: error });
      }
      throw error;
    }
  }
}

function isForgotten(error: unknown): boolean {
  return (
    FaultError.is(error, 'InvalidCollectorVersion') ||
    FaultError.is(error, 'RequestCanceled') ||
    FaultError.is(error, 'ManagedObjectNotFound')
  );
}

function isConnectionLost(error: unknown): boolean {
  return error instanceof HypervisorError && error.kind === 'connectionLost';
}
