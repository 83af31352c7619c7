import type { ObjectId } from '../../hypervisor/model/ids';
import type { Placement } from '../../hypervisor/model/inventory';
import type { PowerState, SnapshotTree } from '../../hypervisor/model/snapshot';
import { noSnapshots } from '../../hypervisor/model/snapshot';
import { objectIdOf } from '../ids';
import { decodeName } from '../names';
import type { ManagedObjectReference } from '../vim/schema';
import type { VirtualMachineSnapshotInfo } from '../vim/snapshot';
import { toPowerState, toSnapshotTree } from './snapshotMapping';

/** Gives equal texts as one string, so that what repeats in thousands of objects is held once. */
export class TextPool {
  private readonly texts = new Map<string, string>();
  private readonly ids = new Map<string, Map<string, ObjectId>>();
  private readonly placements = new Map<ObjectId | null | undefined, Map<ObjectId | null | undefined, Placement>>();

  one<T extends string>(text: T): T {
    const known = this.texts.get(text);
    if (known !== undefined) {
      return known as T;
    }
    this.texts.set(text, text);
    return text;
  }

  /** Equal placements as one: those of the VMs of a folder differ little. */
  placement(placement: Placement): Placement {
    const { folders, compute } = placement;
    let inFolder = this.placements.get(folders);
    if (inFolder === undefined) {
      inFolder = new Map();
      this.placements.set(folders, inFolder);
    }
    const known = inFolder.get(compute);
    if (known !== undefined) {
      return known;
    }
    inFolder.set(compute, placement);
    return placement;
  }

  /** Identity of an object to which many others refer. */
  id(reference: ManagedObjectReference): ObjectId {
    let ofType = this.ids.get(reference.type);
    if (ofType === undefined) {
      ofType = new Map();
      this.ids.set(reference.type, ofType);
    }
    let id = ofType.get(reference.value);
    if (id === undefined) {
      id = objectIdOf(reference);
      ofType.set(reference.value, id);
    }
    return id;
  }
}

/**
 * What is known of one object of the inventory. Kept because an update only tells what has changed, while the domain
 * wants whole objects.
 */
export class EntityRecord {
  name = '';
  parent: ObjectId | undefined;
  parentVApp: ObjectId | undefined;
  parentFolder: ObjectId | undefined;
  resourcePool: ObjectId | undefined;
  host: ObjectId | undefined;
  childType: readonly string[] | undefined;
  connectionState: string | undefined;
  powerState: PowerState = 'off';
  isTemplate = false;
  isInMaintenance = false;
  needsConsolidation = false;
  memoryMb: number | undefined;
  guestName: string | undefined;
  question: string | undefined;
  snapshots: SnapshotTree = noSnapshots;
  /** Whether the domain has yet to be told of it. */
  isNews = false;

  constructor(
    readonly id: ObjectId,
    readonly type: string,
  ) {}
}

export type Assign = (record: EntityRecord, value: unknown, texts: TextPool) => void;

function linked(value: unknown, texts: TextPool): ObjectId | undefined {
  return value === undefined ? undefined : texts.id(value as ManagedObjectReference);
}

/**
 * What a property does to a record. Values have the declared types; undefined is an unset property.
 */
export const assignments: ReadonlyMap<string, Assign> = new Map<string, Assign>([
  ['name', (record, value) => (record.name = decodeName((value as string | undefined) ?? ''))],
  ['parent', (record, value, texts) => (record.parent = linked(value, texts))],
  ['parentVApp', (record, value, texts) => (record.parentVApp = linked(value, texts))],
  ['parentFolder', (record, value, texts) => (record.parentFolder = linked(value, texts))],
  ['resourcePool', (record, value, texts) => (record.resourcePool = linked(value, texts))],
  ['runtime.host', (record, value, texts) => (record.host = linked(value, texts))],
  ['childType', (record, value) => (record.childType = value as readonly string[] | undefined)],
  ['runtime.connectionState', (record, value) => (record.connectionState = value as string | undefined)],
  ['runtime.powerState', (record, value) => (record.powerState = toPowerState(value as string | undefined))],
  ['config.template', (record, value) => (record.isTemplate = value === true)],
  ['runtime.inMaintenanceMode', (record, value) => (record.isInMaintenance = value === true)],
  ['runtime.consolidationNeeded', (record, value) => (record.needsConsolidation = value === true)],
  ['summary.config.memorySizeMB', (record, value) => (record.memoryMb = value as number | undefined)],
  [
    'summary.config.guestFullName',
    (record, value, texts) => (record.guestName = value === undefined ? undefined : texts.one(value as string)),
  ],
  ['runtime.question', (record, value) => (record.question = (value as { readonly text: string } | undefined)?.text)],
  ['snapshot', (record, value) => (record.snapshots = toSnapshotTree(value as VirtualMachineSnapshotInfo | undefined))],
]);
