import type { VirtualMachine } from '../../src/hypervisor/model/inventory';
import type { Operation } from '../../src/hypervisor/model/operation';
import { allSnapshots } from '../../src/hypervisor/model/snapshotTree';
import { type Random, integerBetween, pick } from '../../src/simulator/random/random';
import type { Site, World } from './world';

/** What may happen in a step, and how often in an hour on each server. */
export interface Happening {
  readonly name: string;
  readonly perHour: number;
  readonly happen: (world: World, site: Site, random: Random) => void;
}

const aVm = ({ connection }: Site, random: Random): VirtualMachine | undefined => {
  const { vmCount } = connection.inventory;
  let at = integerBetween(random, 0, Math.max(0, vmCount - 1));
  for (const vm of connection.inventory.allVms()) {
    if (at-- === 0) {
      return vm;
    }
  }
  return undefined;
};

function aVmWithSnapshots({ connection }: Site, random: Random): VirtualMachine | undefined {
  const found = [...connection.inventory.allVms()].filter(({ snapshots }) => snapshots.roots.length > 0);
  return found[integerBetween(random, 0, found.length - 1)];
}

/** The person wants one of the operations, on some VM. */
function operation(vm: VirtualMachine, random: Random): Operation {
  const vmId = vm.id;
  const snapshots = allSnapshots(vm.snapshots);
  if (snapshots.length === 0 || random() < 0.4) {
    const contents = pick(random, ['disks', 'disks', 'memory', 'quiesced'] as const);
    return { kind: 'take', vmId, name: `Snapshot ${integerBetween(random, 1, 999)}`, description: 'soak', contents };
  }
  const snapshotId = pick(random, snapshots).id;
  switch (
    pick(random, [
      'edit',
      'restore',
      'restoreLatest',
      'delete',
      'deleteWithChildren',
      'deleteAll',
      'consolidate',
      'powerOn',
    ] as const)
  ) {
    case 'edit':
      return { kind: 'edit', vmId, snapshotId, name: `Renamed ${integerBetween(random, 1, 999)}` };
    case 'restore':
      return { kind: 'restore', vmId, snapshotId };
    case 'restoreLatest':
      return { kind: 'restoreLatest', vmId };
    case 'delete':
      return { kind: 'delete', vmId, snapshotId };
    case 'deleteWithChildren':
      return { kind: 'deleteWithChildren', vmId, snapshotId };
    case 'deleteAll':
      return { kind: 'deleteAll', vmId };
    case 'consolidate':
      return { kind: 'consolidate', vmId };
    case 'powerOn':
      return { kind: 'powerOn', vmId };
  }
}

/** Carries a command out on the server, as somebody else; it may come too late for the VM that it is about. */
function byOthers(
  { simulator }: Site,
  vm: VirtualMachine | undefined,
  command: (vm: string) => Parameters<typeof simulator.execute>[0],
): void {
  const id = vm?.id.slice(vm.id.indexOf(':') + 1);
  if (id !== undefined && simulator.server.registry.find('VirtualMachine', id) !== undefined) {
    simulator.execute(command(id));
  }
}

export const happenings: readonly Happening[] = [
  {
    name: 'the person changes something',
    perHour: 12,
    happen: (world: World, site: Site, random: Random): void => {
      const vm = aVm(site, random);
      if (vm !== undefined && site.connection.state.kind === 'live') {
        world.perform(site, operation(vm, random));
      }
    },
  },
  {
    name: 'somebody else takes a snapshot',
    perHour: 6,
    happen: (_: World, site: Site, random: Random): void => {
      byOthers(site, aVm(site, random), (vm) => ({ command: 'takeSnapshot', vm, name: 'nightly' }));
    },
  },
  {
    // As often as snapshots are taken: the inventory must not be what grows.
    name: 'somebody else cleans up',
    perHour: 10,
    happen: (_: World, site: Site, random: Random): void => {
      const vm = aVmWithSnapshots(site, random);
      const oldest = vm?.snapshots.roots[0];
      if (oldest !== undefined) {
        const snapshot = oldest.id.slice(oldest.id.indexOf(':') + 1);
        if (site.simulator.server.registry.find('VirtualMachineSnapshot', snapshot) !== undefined) {
          byOthers(site, vm, (id) => ({ command: 'removeSnapshot', vm: id, snapshot, removeChildren: random() < 0.3 }));
        }
      }
    },
  },
  {
    name: 'somebody else renames or switches a VM',
    perHour: 10,
    happen: (_: World, site: Site, random: Random): void => {
      byOthers(site, aVm(site, random), (vm) => ({
        command: 'changeVm',
        vm,
        change:
          random() < 0.5
            ? { name: `vm-${integerBetween(random, 1, 99_999)}` }
            : { power: pick(random, ['poweredOn', 'poweredOff'] as const) },
      }));
    },
  },
  {
    name: 'VMs come and go',
    perHour: 4,
    happen: (_: World, site: Site, random: Random): void => {
      if (random() < 0.5) {
        site.simulator.execute({ command: 'addVm', name: `new-${integerBetween(random, 1, 99_999)}` });
      } else {
        byOthers(site, aVm(site, random), (vm) => ({ command: 'removeVm', vm }));
      }
    },
  },
  {
    name: 'connections break',
    perHour: 1,
    happen: (_: World, { simulator }: Site): void => {
      simulator.execute({ command: 'dropConnections' });
    },
  },
  {
    name: 'the session expires',
    perHour: 0.7,
    happen: (_: World, { simulator }: Site): void => {
      simulator.execute({ command: 'expireSessions' });
    },
  },
  {
    name: 'the server answers with an error for a while',
    perHour: 0.7,
    happen: (_: World, { simulator }: Site, random: Random): void => {
      simulator.execute({
        command: 'addRule',
        rule: { count: integerBetween(random, 1, 6), action: { kind: 'status', code: pick(random, [502, 503]) } },
      });
    },
  },
  {
    name: 'replies are cut off',
    perHour: 0.7,
    happen: (_: World, { simulator }: Site, random: Random): void => {
      simulator.execute({
        command: 'addRule',
        rule: {
          count: integerBetween(random, 1, 4),
          action: { kind: 'truncate', bytes: integerBetween(random, 0, 600) },
        },
      });
    },
  },
  {
    name: 'the person refreshes',
    perHour: 0.5,
    happen: (_: World, { connection }: Site): void => {
      connection.refresh();
    },
  },
  {
    name: 'the person disconnects and connects',
    perHour: 0.3,
    happen: (world: World, site: Site): void => {
      world.reconnect(site);
    },
  },
];
