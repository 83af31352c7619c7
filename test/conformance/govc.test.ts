import assert from 'node:assert/strict';

import { smallInventory } from '../../src/simulator/inventory/smallInventory';
import type { VmSpec } from '../../src/simulator/inventory/vmSpec';
import { Simulator, type SimulatorOptions } from '../../src/simulator/simulator';
import { Govc } from '../support/peers/govc';
import { peerProgram } from '../support/peers/peerPrograms';

const sql: VmSpec = {
  name: 'SQL01',
  memoryMb: 4_096,
  snapshots: [
    {
      name: 'base',
      ageDays: 10,
      children: [{ name: 'patch', description: 'KB5034', ageDays: 3, writtenGb: 2 }],
    },
  ],
  writtenGbSince: 1,
};

const program = peerProgram('govc');
if (program !== undefined) {
  for (const esx of [false, true]) {
    describe(`govc on the embedded ${esx ? 'ESXi' : 'vCenter'}`, () => {
      let simulator: Simulator;
      let govc: Govc;

      beforeEach(async () => {
        // Tasks run, but nobody has to wait for them.
        const options: SimulatorOptions = { esx, inventory: smallInventory([sql, { name: 'WEB01' }]), speed: 50 };
        simulator = await Simulator.start(options);
        govc = new Govc(program, simulator);
      });

      afterEach(async () => {
        await simulator.stop();
      });

      it('reads what the server says of itself', async () => {
        const about = await govc.run('about');
        assert.match(about, esx ? /API type: +HostAgent/ : /API type: +VirtualCenter/);
        assert.match(about, esx ? /FullName: +VMware ESXi / : /FullName: +VMware vCenter Server /);
      });

      it('lists and finds the inventory', async () => {
        const datacenter = esx ? '/ha-datacenter' : '/DC1';
        const children = (await govc.run('ls')).split('\n').sort();
        assert.deepEqual(
          children,
          ['datastore', 'host', 'network', 'vm'].map((name) => `${datacenter}/${name}`),
        );
        assert.equal(await govc.run('find', '/', '-type', 'm'), `${datacenter}/vm/SQL01\n${datacenter}/vm/WEB01`);
      });

      it('reads a VM', async () => {
        const info = await govc.run('vm.info', 'SQL01');
        assert.match(info, /Guest name: +Ubuntu Linux \(64-bit\)/);
        assert.match(info, /Memory: +4096MB/);
        assert.match(info, /Power state: +poweredOn/);
      });

      it('reads a tree with dates, descriptions and sizes', async () => {
        assert.equal(await govc.snapshotTree('SQL01'), 'base (patch*)');
        const lines = (await govc.run('snapshot.tree', '-vm', 'SQL01', '-f', '-d', '-D', '-s')).split('\n');
        assert.match(lines[0] ?? '', /^\[[\d.]+KB \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\] {2}base/);
        // 2 GB between the two snapshots, and 1 GB since: govc counts that with the current one.
        assert.match(lines[1] ?? '', /^ *\[3\.0GB \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\] {2}base\/patch .* KB5034$/);
      });

      it('creates a snapshot, with a name that needs care', async () => {
        await govc.run('snapshot.create', '-vm', 'SQL01', '-m=false', '-d', 'a <b> & "c"', 'ünï <&> %2f');
        assert.equal(await govc.snapshotTree('SQL01'), 'base (patch (ünï <&> %2f*))');
        assert.match(await govc.run('snapshot.tree', '-vm', 'SQL01', '-d'), /a <b> & "c"/);
      });

      it('reverts to a snapshot, which leaves the VM powered off', async () => {
        await govc.run('snapshot.revert', '-vm', 'SQL01', 'base');
        assert.equal(await govc.snapshotTree('SQL01'), 'base* (patch)');
        assert.match(await govc.run('vm.info', 'SQL01'), /Power state: +poweredOff/);
      });

      it('removes one snapshot, whose children stay', async () => {
        await govc.run('snapshot.remove', '-vm', 'SQL01', '-r=false', 'base');
        assert.equal(await govc.snapshotTree('SQL01'), 'patch*');
      });

      it('removes a snapshot with its children', async () => {
        await govc.run('snapshot.remove', '-vm', 'SQL01', '-r=true', 'base');
        assert.equal(await govc.snapshotTree('SQL01'), '');
      });

      it('removes all snapshots', async () => {
        await govc.run('snapshot.create', '-vm', 'SQL01', '-m=false', 'third');
        await govc.run('snapshot.remove', '-vm', 'SQL01', '*');
        assert.equal(await govc.snapshotTree('SQL01'), '');
      });

      it('is refused as a server would', async () => {
        await assert.rejects(govc.run('snapshot.revert', '-vm', 'SQL01', 'nope'), /snapshot "nope" not found/);
        await assert.rejects(govc.run('snapshot.create', '-vm', 'nope', 'x'), /vm 'nope' not found/);
        const { url, user } = simulator;
        const stranger = new Govc(program, { url, user, password: 'wrong' });
        await assert.rejects(
          stranger.run('about', '-l'),
          /Cannot complete login due to an incorrect user name or password/,
        );
      });

      it('sees recent tasks', async () => {
        await govc.run('snapshot.create', '-vm', 'SQL01', '-m=false', 'third');
        await govc.run('snapshot.remove', '-vm', 'SQL01', 'third');
        const tasks = (await govc.run('tasks')).split('\n').slice(1);
        assert.deepEqual(
          tasks.map((line) => /^(\w+) +(\S+) .* (success|error) /.exec(line)?.slice(1)),
          [
            ['CreateSnapshot', 'SQL01', 'success'],
            ['RemoveSnapshot', 'SQL01', 'success'],
          ],
        );
      });
    });
  }

  describe('govc on the demo vCenter', () => {
    it('finds every VM that it has, and reads all of each', async () => {
      const simulator = await Simulator.start({ inventory: 'demo' });
      try {
        const govc = new Govc(program, simulator);
        const ids = (await govc.run('find', '-i', '/', '-type', 'm')).split('\n');
        assert.ok(ids.length > 50, `${ids.length} VMs`);
        const { virtualMachines: vms } = JSON.parse(await govc.run('vm.info', '-json', ...ids)) as {
          virtualMachines: readonly { readonly self: { readonly value: string }; readonly name: string }[];
        };
        assert.deepEqual(vms.map(({ self }) => `VirtualMachine:${self.value}`).sort(), [...ids].sort());
        assert.ok(vms.every(({ name }) => name !== ''));
      } finally {
        await simulator.stop();
      }
    });
  });
}
