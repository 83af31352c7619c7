import type { Logger } from '../../common/logger';
import { HypervisorError } from '../../hypervisor/errors';
import type { ObjectId } from '../../hypervisor/model/ids';
import type { SpaceNeed } from '../../hypervisor/model/vmDetail';
import { translateError } from '../faults/translateFault';
import { objectIdOf, referenceOf, taskIdOf } from '../ids';
import type { PropertyReader } from '../property/propertyReader';
import type { Session } from '../session';
import type { TaskFollower } from '../tasks/taskFollower';
import { ManagedObjectReference, type TypeOf } from '../vim/schema';
import { EstimateStorageForConsolidateSnapshots_Task, type StorageRequirement } from '../vim/snapshot';
import { Task } from '../vim/task';

const bytesPerKb = 1_024;

/** Asks the server how much free space merging a VM's deltas would need. */
export class SpaceEstimate {
  constructor(
    private readonly session: Session,
    private readonly reader: PropertyReader,
    private readonly follower: TaskFollower,
    private readonly logger: Logger,
  ) {}

  /** One entry for each datastore; empty when the server offers no estimate for this VM. */
  async of(vmId: ObjectId, signal?: AbortSignal): Promise<SpaceNeed[]> {
    try {
      const args = {};
      const task = await this.session.call(EstimateStorageForConsolidateSnapshots_Task, referenceOf(vmId), args, {
        signal,
      });
      const ended = await this.follower.follow(taskIdOf(task), () => undefined, signal);
      if (ended.state !== 'succeeded') {
        throw ended.error ?? new HypervisorError('cancelledOnServer', 'the estimate was cancelled', () => '');
      }
      const [read] = await this.reader.read(Task, [task], ['info.result'], signal);
      return needsIn(read?.get('info.result'));
    } catch (error) {
      const translated = translateError(error);
      if (translated instanceof HypervisorError && offersNone.has(translated.kind)) {
        this.logger.debug(`No estimate for ${vmId}: ${translated.message}`);
        return [];
      }
      throw translated;
    }
  }
}

/** Reasons for which there is no figure, and which say nothing about whether a merge would work. */
const offersNone: ReadonlySet<HypervisorError['kind']> = new Set([
  'notSupported',
  'noPrivilege',
  'wrongState',
  'license',
  'busy',
  'disabledByOther',
  'cancelledOnServer',
  'outcomeUnknown',
  'server',
]);

function needsIn(result: unknown): SpaceNeed[] {
  if (!Array.isArray(result)) {
    return [];
  }
  return (result as readonly Partial<TypeOf<typeof StorageRequirement>>[]).flatMap(
    ({ datastore, freeSpaceRequiredInKb: kb }) =>
      datastore instanceof ManagedObjectReference && typeof kb === 'number'
        ? [{ datastoreId: objectIdOf(datastore), bytes: kb * bytesPerKb }]
        : [],
  );
}
