import assert from 'node:assert/strict';
import path from 'node:path';

import { smallInventory } from '../../src/simulator/inventory/smallInventory';
import { Simulator } from '../../src/simulator/simulator';
import { runProgram } from '../support/processes';
import { repositoryRoot } from '../support/repositoryRoot';
import { peerProgram } from '../support/peers/peerPrograms';

/** Snapshots with their children; the current one has a star. */
type Tree = readonly (readonly [name: string, children: Tree])[];

/** What lifecycle.py prints. */
interface Lifecycle {
  readonly about: { readonly apiType: string; readonly version: string };
  readonly vms: readonly string[];
  readonly hosts: readonly string[];
  readonly config: { readonly memoryMB: number; readonly disks: readonly number[] };
  readonly start: Tree;
  readonly created: Tree;
  readonly state: { readonly state: string; readonly quiesced: boolean; readonly description: string };
  readonly renamed: Tree;
  readonly reverted: { readonly tree: Tree; readonly power: string };
  readonly revertedToMemory: { readonly tree: Tree; readonly power: string };
  readonly removedOne: Tree;
  readonly removedWithChildren: Tree;
  readonly removedAll: Tree;
  readonly consolidationNeeded: boolean;
  readonly tasks: readonly (readonly [description: string, state: string])[];
  readonly faults: Readonly<Record<string, string | null>>;
}

const script = path.join(repositoryRoot(), 'test', 'conformance', 'peers', 'lifecycle.py');

async function runLifecycle(python: string, server: Simulator, password: string): Promise<Lifecycle> {
  const { hostname, port } = new URL(server.url);
  const input = JSON.stringify({ host: hostname, port: Number(port), user: server.user, password, vm: 'SQL01' });
  const { stdout } = await runProgram(python, [script], { input });
  return JSON.parse(stdout) as Lifecycle;
}

const python = peerProgram('python');
if (python !== undefined) {
  for (const esx of [false, true]) {
    describe(`pyVmomi on the embedded ${esx ? 'ESXi' : 'vCenter'}`, () => {
      let simulator: Simulator;
      let seen: Lifecycle;

      before(async () => {
        const inventory = smallInventory([
          {
            name: 'SQL01',
            snapshots: [{ name: 'base', ageDays: 10, children: [{ name: 'patch', ageDays: 3, writtenGb: 2 }] }],
          },
          { name: 'WEB01' },
        ]);
        simulator = await Simulator.start({ esx, inventory, speed: 50 });
        seen = await runLifecycle(python, simulator, simulator.password);
      });

      after(async () => {
        await simulator.stop();
      });

      it('reads the server and its inventory through a filter', () => {
        assert.equal(seen.about.apiType, esx ? 'HostAgent' : 'VirtualCenter');
        assert.deepEqual(seen.vms, ['SQL01', 'WEB01']);
        assert.deepEqual(seen.hosts, esx ? ['esx-01.example'] : ['esx-01.example', 'esx-02.example']);
        assert.deepEqual(seen.config, { memoryMB: 4096, disks: [40 * 1024 ** 3] });
        assert.deepEqual(seen.start, [['base', [['patch*', []]]]]);
      });

      it('creates a snapshot with memory, and renames it', () => {
        assert.deepEqual(seen.created, [['base', [['patch', [['running*', []]]]]]]);
        assert.deepEqual(seen.state, { state: 'poweredOn', quiesced: false, description: 'with memory' });
        assert.deepEqual(seen.renamed, [['base', [['patch', [['renamed*', []]]]]]]);
      });

      it('reverts, to powered off without memory and to running with it', () => {
        assert.deepEqual(seen.reverted, { tree: [['base*', [['patch', [['renamed', []]]]]]], power: 'poweredOff' });
        assert.deepEqual(seen.revertedToMemory, {
          tree: [['base', [['patch', [['renamed*', []]]]]]],
          power: 'poweredOn',
        });
      });

      it('removes one, with children, and all', () => {
        assert.deepEqual(seen.removedOne, [['patch', [['renamed*', []]]]]);
        assert.deepEqual(seen.removedWithChildren, [['patch*', []]]);
        assert.deepEqual(seen.removedAll, []);
        assert.equal(seen.consolidationNeeded, false);
      });

      it('finds every task in the history of the VM', () => {
        assert.deepEqual(seen.tasks, [
          ['VirtualMachine.createSnapshot', 'success'],
          ['vm.Snapshot.revert', 'success'],
          ['vm.Snapshot.revert', 'success'],
          ['VirtualMachine.revertToCurrentSnapshot', 'success'],
          ['vm.Snapshot.remove', 'success'],
          ['vm.Snapshot.remove', 'success'],
          ['VirtualMachine.createSnapshot', 'success'],
          ['VirtualMachine.removeAllSnapshots', 'success'],
          ['VirtualMachine.consolidateDisks', 'success'],
        ]);
      });

      it('gets typed faults', async () => {
        assert.deepEqual(seen.faults, {
          gone: 'ManagedObjectNotFound',
          noSnapshot: 'NotFound',
          emptyName: 'InvalidName',
        });
        await assert.rejects(runLifecycle(python, simulator, 'wrong'), /vim\.fault\.InvalidLogin/);
      });
    });
  }
}
