import { throwIfCancelled } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { Logger } from '../../common/logger';
import type { InventorySink } from '../../hypervisor/client';
import type { ObjectId } from '../../hypervisor/model/ids';
import { badReply } from '../connectionErrors';
import { translateError } from '../faults/translateFault';
import { objectIdOf } from '../ids';
import { Collector, ResyncError, type WaitLimits } from '../property/collector';
import type { ContentSink } from '../property/pagedRead';
import type { PropertyReader } from '../property/propertyReader';
import { ofView } from '../property/propertySpecs';
import { type Session, SessionRenewedError } from '../session';
import type { Endpoint } from '../soap/transport';
import type { PropertyFilterSpec, UpdateSet } from '../vim/property';
import type { ManagedObjectReference } from '../vim/schema';
import { CreateContainerView, DestroyView } from '../vim/service';
import { InventoryModel } from './inventoryModel';
import { inventoryPaths, viewTypes } from './inventoryPaths';

// A server that forgets us again and again without ever telling news in between is not going to stop.
const maxFruitlessRounds = 3;

/** Reads the whole inventory and then follows it. */
export class InventoryFeed {
  constructor(
    private readonly session: Session,
    private readonly reader: PropertyReader,
    private readonly endpoint: Endpoint,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly limits: WaitLimits,
  ) {}

  /** Feeds `sink` until `signal` is aborted; starts over, and says so, when the server has forgotten what it told. */
  async run(sink: InventorySink, signal: AbortSignal): Promise<void> {
    let fruitless = 0;
    while (!signal.aborted) {
      try {
        await this.round(sink, signal, () => {
          fruitless = 0;
        });
      } catch (error) {
        if (isAborted(signal)) {
          return;
        }
        if (!(error instanceof ResyncError || error instanceof SessionRenewedError)) {
          throw translateError(error);
        }
        if (++fruitless > maxFruitlessRounds) {
          throw badReply('the server forgets again and again what it has told', this.endpoint, error);
        }
        this.logger.info(`Reading the inventory again: ${error.message}.`);
        await this.verifySession(signal);
      }
    }
  }

  /** One picture and what follows it, as long as the server knows us. */
  private async round(sink: InventorySink, signal: AbortSignal, onNews: () => void): Promise<void> {
    const { rootFolder } = this.session.content;
    const model = new InventoryModel(objectIdOf(rootFolder), this.logger);
    const view = await this.createView(rootFolder, signal);
    const collector = await this.createCollector(view);
    try {
      const spec = ofView(inventoryPaths, view, [rootFolder]);
      await this.firstPicture(spec, model, sink, signal);
      await collector.createFilter(spec, signal);
      await this.follow(collector, model, sink, signal, onNews);
    } finally {
      await collector.dispose((limit) => this.destroyView(view, limit));
    }
  }

  /** Shows what there is as soon as it is known, page by page. */
  private async firstPicture(
    spec: PropertyFilterSpec,
    model: InventoryModel,
    sink: InventorySink,
    signal: AbortSignal,
  ): Promise<void> {
    sink.begin();
    const content: ContentSink = {
      object: (reference, content, missing) => {
        model.take(reference, content, missing);
      },
      page: () => {
        tell(model, sink);
      },
    };
    await this.reader.readPages(spec, content, signal);
    sink.complete();
  }

  /**
   * Merges what the filter tells. It begins with everything once more, in small pieces; what is not in it has gone
   * between the picture and the filter.
   */
  private async follow(
    collector: Collector,
    model: InventoryModel,
    sink: InventorySink,
    signal: AbortSignal,
    onNews: () => void,
  ): Promise<void> {
    let told: Set<ObjectId> | undefined = new Set();
    for await (const { set, isComplete } of collector.updates(signal)) {
      merge(set, model, told);
      if (told === undefined) {
        onNews();
      } else if (isComplete) {
        model.keepOnly(told);
        told = undefined;
      }
      tell(model, sink);
    }
  }

  private async createView(container: ManagedObjectReference, signal: AbortSignal): Promise<ManagedObjectReference> {
    const manager = this.session.content.viewManager;
    if (manager === undefined) {
      throw badReply('the server has no ViewManager', this.endpoint);
    }
    throwIfCancelled(signal);
    // Not given up half-way: nobody could destroy what comes of it.
    return await this.session.call(CreateContainerView, manager, { container, type: viewTypes, recursive: true });
  }

  private async createCollector(view: ManagedObjectReference): Promise<Collector> {
    try {
      return await Collector.create(this.session, this.clock, this.logger, this.limits);
    } catch (error) {
      await this.destroyView(view, undefined).catch(() => undefined);
      throw error;
    }
  }

  private destroyView(view: ManagedObjectReference, signal: AbortSignal | undefined): Promise<unknown> {
    return this.session.call(DestroyView, view, {}, { sessionBound: true, signal });
  }

  /** Signs in again where that is what was wrong. */
  private async verifySession(signal: AbortSignal): Promise<void> {
    try {
      await this.session.verify(signal);
    } catch (error) {
      if (!signal.aborted) {
        throw translateError(error);
      }
    }
  }
}

/** Asked anew after every await; the compiler believes that what was false stays false. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function merge(set: UpdateSet, model: InventoryModel, told: Set<ObjectId> | undefined): void {
  for (const { objectSet, missingSet } of set.filterSet) {
    for (const { kind, obj, changeSet, missingSet: missing } of objectSet) {
      if (kind === 'leave') {
        model.remove(objectIdOf(obj));
        told?.delete(objectIdOf(obj));
      } else {
        // An object may enter in several parts while the filter tells everything once more.
        const isWhole = kind === 'enter' && told?.has(objectIdOf(obj)) !== true;
        const id = isWhole ? model.enter(obj, changeSet, missing) : model.apply(obj, changeSet, missing);
        told?.add(id);
      }
    }
    for (const { obj } of missingSet) {
      model.remove(objectIdOf(obj));
    }
  }
}

function tell(model: InventoryModel, sink: InventorySink): void {
  const { put, removed } = model.news();
  if (removed.length > 0) {
    sink.remove(removed);
  }
  if (put.length > 0) {
    sink.put(put);
  }
}
