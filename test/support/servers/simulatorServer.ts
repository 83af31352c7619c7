import { groundTruth, type SnapshotTruth, type VmTruth } from '../../../src/simulator/control/groundTruth';
import { makeCertificate } from '../../../src/simulator/devCertificates';
import { demoInventory } from '../../../src/simulator/inventory/demoInventory';
import { smallDatacenter } from '../../../src/simulator/inventory/smallInventory';
import { Simulator } from '../../../src/simulator/simulator';
import { listenAddress, newPassword } from './loopback';
import type { TestServer } from './testServer';

// A scenario has one or two to itself.
const vmNames = Array.from({ length: 24 }, (_, index) => `VM-${String(index + 1).padStart(2, '0')}`);

/** A folder with VMs for what is done to many at once, under the datacenter of the other VMs for tests. */
export const labFolder = 'Lab';

/** Names of the VMs in {@link labFolder}. */
export const labVms = Array.from({ length: 30 }, (_, index) => `LAB-${String(index + 1).padStart(2, '0')}`);

// Nothing that is done to a VM without much on its disks takes longer than a second then.
const speed = 20;

/** The embedded vCenter with the demo on it, and beside that a datacenter with VMs to be worked on. */
export async function startSimulator(): Promise<TestServer> {
  const { certificate, privateKey, sha256 } = await makeCertificate({ names: [listenAddress] });
  const simulator = await Simulator.start({
    inventory: (builder) => {
      demoInventory(builder);
      const datacenter = smallDatacenter(builder);
      for (const name of vmNames) {
        builder.vm(datacenter, { name, guest: 'debian12', memoryMb: 4_096 });
      }
      const folder = builder.folder(datacenter.vmFolder, labFolder);
      for (const name of labVms) {
        builder.vm(datacenter, { name, guest: 'debian12', memoryMb: 4_096 }, { folder });
      }
    },
    users: [{ name: 'administrator@vsphere.local', password: newPassword(), permissions: [{ role: 'Admin' }] }],
    listen: listenAddress,
    tls: { cert: certificate, key: privateKey },
    speed,
  });
  const { url, user, password } = simulator;
  const truth = (vm: string): VmTruth => vmTruth(simulator, vm);
  return {
    kind: 'simulator',
    address: new URL(url).host,
    url,
    userName: user,
    password,
    fingerprint: sha256,
    simulator,
    vms: vmNames,
    snapshotTree: (vm) => Promise.resolve(drawTree(truth(vm))),
    snapshots: (vm) =>
      Promise.resolve(
        truth(vm).snapshots.map(({ name, description, power, quiesced }) => ({
          name,
          description,
          hasMemory: power !== 'poweredOff',
          isQuiesced: quiesced,
        })),
      ),
    isRunning: (vm) => Promise.resolve(truth(vm).power === 'poweredOn'),
    doneTasks: (vm) => Promise.resolve(doneTasks(simulator, truth(vm).id)),
    takeSnapshots: (vm, ...names) => {
      for (const name of names) {
        simulator.execute({ command: 'takeSnapshot', vm, name });
      }
      return Promise.resolve();
    },
    restore: (vm, snapshot) => {
      simulator.execute({ command: 'revertToSnapshot', vm, snapshot });
      simulator.execute({ command: 'changeVm', vm, change: { power: 'poweredOn' } });
      return Promise.resolve();
    },
    powerOff: (vm) => {
      simulator.execute({ command: 'changeVm', vm, change: { power: 'poweredOff' } });
      return Promise.resolve();
    },
    // They do from the beginning.
    letToolsRun: () => Promise.resolve(),
    stop: async () => {
      await simulator.stop();
    },
  };
}

function vmTruth({ server }: Simulator, name: string): VmTruth {
  const vm = groundTruth(server).vms.find((candidate) => candidate.name === name);
  if (vm === undefined) {
    throw new Error(`The server has no VM ${name}.`);
  }
  return vm;
}

function doneTasks({ server }: Simulator, vmId: string): readonly string[] {
  return groundTruth(server)
    .tasks.filter(({ entityId, state }) => entityId === vmId && state === 'success')
    .map(({ method }) => method.replace(/_Task$/, ''));
}

function drawTree(vm: VmTruth): string {
  const draw = (snapshot: SnapshotTruth): string => {
    const children = below(snapshot.id);
    const mark = snapshot.id === vm.currentSnapshotId ? '*' : '';
    return `${snapshot.name}${mark}${children === '' ? '' : ` (${children})`}`;
  };
  const below = (parentId: string | undefined): string =>
    vm.snapshots
      .filter((snapshot) => snapshot.parentId === parentId)
      .map(draw)
      .join(', ');
  return below(undefined);
}
