import type { Kind } from './states';

/** Makes the ids of managed objects, in the style of the product that is simulated. */
export interface ObjectIds {
  next(kind: Kind): string;
  snapshot(vmId: string, number: number): string;
  /** @param descriptionId - what the task does, as its TaskInfo says it */
  task(descriptionId: string, entityId: string): string;
}

// As vCenter names its objects; one counter for all of them.
const prefixes: Readonly<Partial<Record<Kind, string>>> = {
  Folder: 'group-v',
  Datacenter: 'datacenter-',
  ComputeResource: 'domain-s',
  ClusterComputeResource: 'domain-c',
  HostSystem: 'host-',
  ResourcePool: 'resgroup-',
  VirtualApp: 'resgroup-v',
  Datastore: 'datastore-',
  Network: 'network-',
  DistributedVirtualPortgroup: 'dvportgroup-',
  VirtualMachine: 'vm-',
};

export class VcenterIds implements ObjectIds {
  private counter = 1;

  next(kind: Kind): string {
    return `${prefixes[kind] ?? `${kind.toLowerCase()}-`}${++this.counter}`;
  }

  snapshot(): string {
    return `snapshot-${++this.counter}`;
  }

  task(): string {
    return `task-${++this.counter}`;
  }
}

/** A standalone host counts its VMs and builds other ids from them. */
export class EsxIds implements ObjectIds {
  private vms = 0;
  private tasks = 100_000;
  private others = 0;

  next(kind: Kind): string {
    return kind === 'VirtualMachine' ? String(++this.vms) : `ha-${kind.toLowerCase()}-${++this.others}`;
  }

  snapshot(vmId: string, number: number): string {
    return `${vmId}-snapshot-${number}`;
  }

  task(descriptionId: string, entityId: string): string {
    return `haTask-${entityId}-vim.${descriptionId}-${++this.tasks}`;
  }
}
