import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import {
  FindAllByUuid,
  FindByDatastorePath,
  FindByDnsName,
  FindByInventoryPath,
  FindByIp,
  FindByUuid,
  FindChild,
} from '../../vsphere/vim/search';
import { view } from '../access/privileges';
import { canSee } from '../access/accessControl';
import { childNamed, findByPath, isUnder } from '../model/inventoryPaths';
import type { ManagedObject } from '../model/registry';
import { type Call, serve, type ServedMethod } from '../server/call';
import { homePath } from '../state/snapshotOperations';
import { toolsRunning, type VmState } from '../state/vmState';

type Ref = ManagedObjectReference;

/** VMs that fit, may be seen, and lie in the datacenter when one is given. */
function vms(call: Call, datacenter: Ref | undefined, fits: (vm: VmState) => boolean): Ref[] {
  const { registry } = call.server;
  const viewer = call.viewer();
  return [...registry.all('VirtualMachine')]
    .filter((vm) => fits(vm.state) && canSee(viewer.access, vm))
    .filter((vm) => datacenter === undefined || isUnder(registry, vm, datacenter))
    .map((vm) => vm.ref);
}

function byUuid(uuid: string, instanceUuid: boolean | undefined): (vm: VmState) => boolean {
  const wanted = uuid.toLowerCase();
  return (vm) => (instanceUuid === true ? vm.instanceUuid : vm.uuid) === wanted;
}

function shown(call: Call, object: ManagedObject | undefined): Ref | undefined {
  return object !== undefined && canSee(call.viewer().access, object) ? object.ref : undefined;
}

export const searchMethods: readonly ServedMethod[] = [
  serve(FindByInventoryPath, ['SearchIndex'], view, (call, { inventoryPath }) =>
    shown(call, findByPath(call.server.registry, call.server.content.rootFolder, inventoryPath)),
  ),
  serve(FindChild, ['SearchIndex'], view, (call, { entity, name }) => {
    const { registry } = call.server;
    const parent = registry.resolveEntity(entity);
    return shown(call, parent === undefined ? undefined : childNamed(registry, parent, name));
  }),
  serve(FindByUuid, ['SearchIndex'], view, (call, { datacenter, uuid, vmSearch, instanceUuid }) =>
    vmSearch ? vms(call, datacenter, byUuid(uuid, instanceUuid))[0] : undefined,
  ),
  serve(FindAllByUuid, ['SearchIndex'], view, (call, { datacenter, uuid, vmSearch, instanceUuid }) =>
    vmSearch ? vms(call, datacenter, byUuid(uuid, instanceUuid)) : [],
  ),
  serve(FindByDnsName, ['SearchIndex'], view, (call, { datacenter, dnsName, vmSearch }) =>
    vmSearch
      ? vms(call, datacenter, (vm) => toolsRunning(vm) && vm.hostName?.toLowerCase() === dnsName.toLowerCase())[0]
      : [...call.server.registry.all('HostSystem')].find(({ state }) => state.name === dnsName)?.ref,
  ),
  serve(FindByIp, ['SearchIndex'], view, (call, { datacenter, ip, vmSearch }) =>
    vmSearch ? vms(call, datacenter, (vm) => toolsRunning(vm) && vm.ipAddress === ip)[0] : undefined,
  ),
  serve(
    FindByDatastorePath,
    ['SearchIndex'],
    view,
    (call, { datacenter, path }) => vms(call, datacenter, (vm) => `${homePath(vm)}.vmx` === path)[0],
  ),
];
