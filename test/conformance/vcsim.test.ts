import assert from 'node:assert/strict';

import { CertificateError, HypervisorError } from '../../src/hypervisor/errors';
import type { Operation, OperationKind } from '../../src/hypervisor/model/operation';
import { ClientSession, connectTo } from '../support/clientSession';
import { eventually } from '../support/eventually';
import { Govc } from '../support/peers/govc';
import { peerProgram } from '../support/peers/peerPrograms';
import { Vcsim, type VcsimOptions } from '../support/servers/vcsim';

const vcsimProgram = peerProgram('vcsim');
const govcProgram = peerProgram('govc');

if (vcsimProgram !== undefined && govcProgram !== undefined) {
  for (const esx of [false, true]) {
    describe(`the client on vcsim as ${esx ? 'ESXi' : 'vCenter'}`, () => {
      const vmName = esx ? 'ha-host_VM0' : 'DC0_H0_VM0';
      let vcsim: Vcsim;
      let govc: Govc;
      let session: ClientSession;

      // A fresh one each time: what a test does can end it.
      beforeEach(async () => {
        vcsim = await Vcsim.start(vcsimProgram, { esx });
        govc = new Govc(govcProgram, vcsim);
        session = await ClientSession.start(vcsim);
      });

      afterEach(async () => {
        await session.stop();
        assert.equal(vcsim.isRunning, true, 'vcsim ended by itself');
        await vcsim.stop();
      });

      function take(name: string, description = ''): Operation {
        return { kind: 'take', vmId: session.vm(vmName).id, name, description, contents: 'disks' };
      }

      /** The tree of both: what the client was told, and what VMware's own client reads. */
      async function waitForTree(tree: string): Promise<void> {
        assert.equal(await govc.snapshotTree(vmName), tree);
        await eventually(`the tree "${tree}"`, () => session.tree(vmName) === tree);
      }

      async function takeChain(...names: readonly string[]): Promise<void> {
        for (const name of names) {
          assert.equal((await session.run(take(name))).state, 'succeeded');
        }
        await eventually('the whole chain', () => session.tree(vmName).includes(`${names.at(-1) ?? ''}*`));
      }

      it('knows the server', () => {
        const { product, version, userName } = session.client.identity;
        assert.equal(product, esx ? 'ESXi' : 'vCenter');
        assert.match(version, /^\d+\.\d+\.\d+ build \d+$/);
        assert.equal(userName, vcsim.user);
      });

      it('shows every VM where it is, in both layouts', async () => {
        const paths = (await govc.run('find', '/', '-type', 'm')).split('\n');
        // The folders that only hold the tree together are not shown.
        assert.deepEqual(session.vmPaths('folders'), paths.map((path) => path.slice(1).replace('/vm/', '/')).sort());
        assert.deepEqual(
          session.vmPaths('compute'),
          esx
            ? ['ha-datacenter/localhost.localdomain/ha-host_VM0', 'ha-datacenter/localhost.localdomain/ha-host_VM1']
            : [
                'DC0/DC0_C0/DC0_C0_RP0_VM0',
                'DC0/DC0_C0/DC0_C0_RP0_VM1',
                'DC0/DC0_H0/DC0_H0_VM0',
                'DC0/DC0_H0/DC0_H0_VM1',
              ],
        );
      });

      it('takes snapshots with any name', async () => {
        const task = await session.run(take('before <b>&"KB"</b> ünï', 'first line\nsecond'));
        assert.equal(task.state, 'succeeded');
        assert.equal(task.operation, 'take');
        await waitForTree('before <b>&"KB"</b> ünï*');
        const [root] = session.vm(vmName).snapshots.roots;
        assert.equal(root?.description, 'first line\nsecond');
        assert.equal(root.id, task.snapshotId);
        // The API wants a `%` escaped in the name of a new snapshot. vcsim keeps it as it came; the client undoes it.
        await takeChain('50 % / half \\ %2f');
        assert.equal(await govc.snapshotTree(vmName), 'before <b>&"KB"</b> ünï (50 %25 / half \\ %252f*)');
        assert.equal(session.tree(vmName), 'before <b>&"KB"</b> ünï (50 % / half \\ %2f*)');
      });

      it('restores a snapshot, and the latest', async () => {
        await takeChain('one', 'two');
        const vmId = session.vm(vmName).id;
        const restored = await session.run({ kind: 'restore', vmId, snapshotId: session.snapshot(vmName, 'one') });
        assert.equal(restored.state, 'succeeded');
        await waitForTree('one* (two)');
        assert.equal((await session.run({ kind: 'restoreLatest', vmId })).state, 'succeeded');
        await takeChain('three');
        await waitForTree('one (two, three*)');
      });

      it('deletes one snapshot, whose children stay', async () => {
        await takeChain('one', 'two', 'three');
        const snapshotId = session.snapshot(vmName, 'two');
        const task = await session.run({ kind: 'delete', vmId: session.vm(vmName).id, snapshotId });
        assert.equal(task.state, 'succeeded');
        await waitForTree('one (three*)');
      });

      it('deletes a snapshot with its children', async () => {
        await takeChain('one', 'two', 'three');
        const vmId = session.vm(vmName).id;
        await session.run({ kind: 'restore', vmId, snapshotId: session.snapshot(vmName, 'one') });
        const snapshotId = session.snapshot(vmName, 'two');
        assert.equal((await session.run({ kind: 'deleteWithChildren', vmId, snapshotId })).state, 'succeeded');
        await waitForTree('one*');
      });

      it('deletes all snapshots', async () => {
        await takeChain('one', 'two', 'three');
        assert.equal((await session.run({ kind: 'deleteAll', vmId: session.vm(vmName).id })).state, 'succeeded');
        await waitForTree('');
      });

      it('says what the server does not offer', async () => {
        await takeChain('one');
        const vmId = session.vm(vmName).id;
        const snapshotId = session.snapshot(vmName, 'one');
        for (const operation of [
          { kind: 'edit', vmId, snapshotId, name: 'other' },
          { kind: 'consolidate', vmId },
        ] as const) {
          await assert.rejects(session.client.start(operation), (error) =>
            Boolean(HypervisorError.find(error, 'notSupported')),
          );
        }
      });

      it('hears of what others do', async () => {
        await govc.run('snapshot.create', '-vm', vmName, '-m=false', 'by somebody else');
        await eventually('their snapshot', () => session.tree(vmName) === 'by somebody else*');
        assert.equal(session.vm(vmName).powerState, 'on');
        await govc.run('vm.power', '-off', vmName);
        await eventually('the VM to be off', () => session.vm(vmName).powerState === 'off');
        await govc.run('vm.destroy', vmName);
        await eventually('the VM to be gone', () => ![...session.store.allVms()].some(({ name }) => name === vmName));
      });

      it('reads what has been done to a VM, and by whom', async () => {
        const own = await session.run(take('own'));
        await govc.run('snapshot.remove', '-vm', vmName, 'own');
        const tasks = await session.client.recentTasks(session.vm(vmName).id);
        const last = tasks.slice(0, 2).map(({ operation, state }) => [operation, state]);
        assert.deepEqual(last, [
          ['delete', 'succeeded'],
          ['take', 'succeeded'],
        ]);
        assert.equal((await session.client.readTask(own.id))?.state, 'succeeded');
      });

      it('goes on after its session was ended', async () => {
        const sessions = await govc.run('session.ls', '-json');
        const keys = [...sessions.matchAll(/"key": "([^"]+)"/g)].map(([, key]) => key);
        assert.ok(keys.length > 0);
        for (const key of keys) {
          // That of this very call is gone by now, and cannot be ended.
          await govc.run('session.rm', key ?? '').catch(() => undefined);
        }
        const detail = await session.client.readVm(session.vm(vmName).id);
        assert.equal(detail.vm.name, vmName);
        await session.run(take('afterwards'));
        await waitForTree('afterwards*');
      });

      it('is refused with a wrong password, once', async () => {
        await assert.rejects(connectTo({ ...vcsim, password: 'wrong' }), (error) =>
          Boolean(HypervisorError.find(error, 'loginRefused')),
        );
      });
    });
  }

  describe('the client on vcsim with tasks that take their time', () => {
    it('hears of them while they run, whoever started them', async () => {
      // Longer than the client's polls are apart.
      const vcsim = await Vcsim.start(vcsimProgram, { taskDelaysMs: { CreateSnapshotEx: 6_000 } });
      const session = await ClientSession.start(vcsim);
      try {
        const vmId = session.vm('DC0_H0_VM0').id;
        const states = (operation: OperationKind): readonly string[] =>
          [...session.tasks.values()].flat().flatMap((task) => (task.operation === operation ? [task.state] : []));
        const theirs = new Govc(govcProgram, vcsim).run('snapshot.create', '-vm', 'DC0_H0_VM0', '-m=false', 'theirs');
        await eventually('their task', () => states('take').includes('running'));
        assert.deepEqual(
          (await session.client.readVm(vmId)).activeTasks.map(({ operation }) => operation),
          ['take'],
        );
        await theirs;
        await eventually('its end', () => states('take').includes('succeeded'));
        assert.equal(states('take').at(-1), 'succeeded');
      } finally {
        await session.stop();
        await vcsim.stop();
      }
    });
  });

  describe('the client on vcsim over TLS', () => {
    let vcsim: Vcsim;

    before(async () => {
      const options: VcsimOptions = { listen: '127.0.0.2', tls: true };
      vcsim = await Vcsim.start(vcsimProgram, options);
    });

    after(async () => {
      await vcsim.stop();
    });

    it('does not believe an unknown certificate, and works with it once it is pinned', async () => {
      let shown = '';
      await assert.rejects(connectTo(vcsim), (error) => {
        assert.ok(error instanceof CertificateError, String(error));
        assert.equal(error.problem, 'untrusted');
        shown = error.certificate.sha256;
        return true;
      });
      const client = await connectTo(vcsim, { mode: 'pinned', sha256: shown });
      assert.equal(client.identity.product, 'vCenter');
      await client.close();
    });
  });
}
