import type { Clock } from '../../common/clock';
import type { Disposable } from '../../common/disposable';
import { onAbort } from '../../common/cancellation';
import type { PropertyFilterUpdate, UpdateSet } from '../../vsphere/vim/property';
import type { ObjectChange } from '../model/registry';
import { faultError, invalidArgument } from '../faultError';
import { fault, localized } from '../state/faultValues';
import type { PropertyFilter } from './propertyFilter';

/** vCenter puts at most that many updates into one reply, whatever the client allows. */
const maxObjectUpdates = 100;

export interface WaitRequest {
  readonly version: string;
  /** Unset: as long as it takes. */
  readonly maxWaitSeconds: number | undefined;
  readonly limit: number;
}

type WakeReason = 'changed' | 'timeout' | 'cancelled' | 'aborted';

/**
 * What one session's property collector has told its client, and what it has not.
 *
 * @remarks Waits on one collector take turns. A version names what the client has received: the last one goes on, the one
 * before it asks for the last reply again, the empty one starts over, and any other is refused.
 */
export class Collector implements Disposable {
  private readonly filters = new Map<string, PropertyFilter>();
  private lastVersion = 0;
  /** The newest version that was complete and that the client has confirmed. */
  private confirmed: number | undefined;
  private isTruncated = false;
  private turn: Promise<unknown> = Promise.resolve();
  private wake: ((reason: WakeReason) => void) | undefined;
  private waiting = 0;
  private isDisposed = false;

  constructor(private readonly clock: Clock) {}

  add(filter: PropertyFilter): void {
    this.filters.set(filter.object.ref.value, filter);
    this.notify();
  }

  remove(filterId: string): void {
    this.filters.delete(filterId);
  }

  /** Follows one update of the registry. */
  apply(changes: readonly ObjectChange[]): void {
    for (const filter of this.filters.values()) {
      filter.apply(changes);
    }
    this.notify();
  }

  /** What the session may see has changed. */
  refresh(): void {
    for (const filter of this.filters.values()) {
      filter.refresh();
    }
    this.notify();
  }

  /** Whether a call is waiting here. */
  get isWaiting(): boolean {
    return this.waiting > 0;
  }

  cancelWait(): void {
    this.wake?.('cancelled');
  }

  dispose(): void {
    this.isDisposed = true;
    this.cancelWait();
  }

  /**
   * Gives what has changed since `version`, as soon as something has.
   *
   * @returns undefined when nothing has within the time that the request allows, or when the client is gone
   * @throws FaultError InvalidCollectorVersion, RequestCanceled
   */
  wait(request: WaitRequest, signal: AbortSignal): Promise<UpdateSet | undefined> {
    this.waiting++;
    const result = this.turn.then(() => this.run(request, signal));
    this.turn = result.catch(() => undefined);
    return result.finally(() => {
      this.waiting--;
    });
  }

  private async run(request: WaitRequest, signal: AbortSignal): Promise<UpdateSet | undefined> {
    if (signal.aborted) {
      return undefined;
    }
    this.accept(request.version);
    const endsAtMs =
      request.maxWaitSeconds === undefined ? undefined : this.clock.now() + request.maxWaitSeconds * 1_000;
    for (;;) {
      const set = this.isDisposed ? undefined : this.collect(request.limit);
      if (set !== undefined) {
        return set;
      }
      const reason = await this.idle(endsAtMs, signal);
      if (reason === 'cancelled') {
        throw faultError('RequestCanceled');
      }
      if (reason !== 'changed') {
        return undefined;
      }
    }
  }

  private accept(version: string): void {
    if (version === '') {
      for (const filter of this.filters.values()) {
        filter.acknowledge();
        filter.reset();
      }
      this.confirmed = undefined;
      this.isTruncated = false;
      return;
    }
    const number = /^[1-9][0-9]*$/.test(version) ? Number(version) : -1;
    if (number === this.lastVersion) {
      if (!this.isTruncated) {
        this.confirmed = number;
        for (const filter of this.filters.values()) {
          filter.acknowledge();
        }
      }
    } else if (number === this.confirmed) {
      for (const filter of this.filters.values()) {
        filter.recall();
      }
    } else {
      throw faultError('InvalidCollectorVersion');
    }
  }

  private collect(limit: number): UpdateSet | undefined {
    const filterSet: PropertyFilterUpdate[] = [];
    let room = limit;
    for (const filter of this.filters.values()) {
      const objectSet = filter.take(room);
      const missingSet = filter.takeLost().map((obj) => ({
        obj,
        fault: localized(fault('ManagedObjectNotFound', { obj })),
      }));
      if (objectSet.length > 0 || missingSet.length > 0) {
        filterSet.push({ filter: filter.object.ref, objectSet, missingSet });
        room -= objectSet.length;
      }
    }
    if (filterSet.length === 0 && !this.isTruncated) {
      return undefined;
    }
    this.lastVersion += 1;
    this.isTruncated = [...this.filters.values()].some((filter) => filter.hasPending);
    return { version: String(this.lastVersion), filterSet, ...(this.isTruncated && { truncated: true }) };
  }

  private notify(): void {
    if (this.wake !== undefined && [...this.filters.values()].some((filter) => filter.hasPending)) {
      const { wake } = this;
      this.wake = undefined;
      // Not at once: several updates of one act go out together.
      setImmediate(() => {
        wake('changed');
      });
    }
  }

  private async idle(endsAtMs: number | undefined, signal: AbortSignal): Promise<WakeReason> {
    if (this.isDisposed) {
      return 'cancelled';
    }
    if (endsAtMs !== undefined && endsAtMs <= this.clock.now()) {
      return 'timeout';
    }
    const subscriptions: Disposable[] = [];
    try {
      return await new Promise<WakeReason>((resolve) => {
        this.wake = resolve;
        subscriptions.push(
          onAbort(signal, () => {
            resolve('aborted');
          }),
        );
        if (endsAtMs !== undefined) {
          subscriptions.push(
            this.clock.schedule(endsAtMs - this.clock.now(), () => {
              resolve('timeout');
            }),
          );
        }
      });
    } finally {
      this.wake = undefined;
      for (const subscription of subscriptions) {
        subscription.dispose();
      }
    }
  }
}

/** How many updates a reply may hold. @throws FaultError InvalidArgument for a limit or time that makes no sense. */
export function waitRequest(
  version: string | undefined,
  options: { readonly maxWaitSeconds?: number | undefined; readonly maxObjectUpdates?: number | undefined } = {},
): WaitRequest {
  if (options.maxWaitSeconds !== undefined && options.maxWaitSeconds < 0) {
    throw invalidArgument('maxWaitSeconds');
  }
  if (options.maxObjectUpdates !== undefined && options.maxObjectUpdates <= 0) {
    throw invalidArgument('maxObjectUpdates');
  }
  return {
    version: version ?? '',
    maxWaitSeconds: options.maxWaitSeconds,
    limit: Math.min(options.maxObjectUpdates ?? maxObjectUpdates, maxObjectUpdates),
  };
}
