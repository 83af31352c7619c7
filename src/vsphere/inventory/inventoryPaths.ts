import type { Wanted } from '../property/propertySpecs';
import { ComputeResource, Datacenter, Folder, HostSystem, ResourcePool, VirtualApp } from '../vim/inventory';
import { VirtualMachine } from '../vim/virtualMachine';

/**
 * Types that the view holds. Each by its own name: servers differ in whether a type stands for its subtypes here.
 */
export const viewTypes: readonly string[] = [
  'Folder',
  'Datacenter',
  'ComputeResource',
  'ClusterComputeResource',
  'HostSystem',
  'ResourcePool',
  'VirtualApp',
  'VirtualMachine',
];

/**
 * What the list of VMs needs and what is pushed when it changes. Single facts, never whole parts: `config` alone would
 * be 54 KB a VM.
 */
export const inventoryPaths: readonly Wanted[] = [
  {
    type: VirtualMachine,
    paths: [
      'name',
      'parent',
      'parentVApp',
      'resourcePool',
      'runtime.powerState',
      'runtime.connectionState',
      'runtime.host',
      'runtime.consolidationNeeded',
      'runtime.question',
      'config.template',
      'summary.config.memorySizeMB',
      'summary.config.guestFullName',
      // Whole, and not its list of roots: only so is every change inside of it reported.
      'snapshot',
    ],
  },
  { type: Folder, paths: ['name', 'parent', 'childType'] },
  { type: Datacenter, paths: ['name', 'parent'] },
  { type: ComputeResource, paths: ['name', 'parent'] },
  { type: HostSystem, paths: ['name', 'parent', 'runtime.connectionState', 'runtime.inMaintenanceMode'] },
  { type: ResourcePool, paths: ['name', 'parent'] },
  // With all its paths, because a server need not join what it is told of a type and of its supertype.
  { type: VirtualApp, paths: ['name', 'parent', 'parentFolder'] },
];
