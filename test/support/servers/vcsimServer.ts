import tls from 'node:tls';

import { Govc } from '../peers/govc';
import { listenAddress, newPassword } from './loopback';
import type { PeerPrograms, TestServer } from './testServer';
import { Vcsim } from './vcsim';

const vmsPerPool = 12;
// A host and a cluster, each with a pool.
const vmNames = ['DC0_H0', 'DC0_C0_RP0'].flatMap((pool) =>
  Array.from({ length: vmsPerPool }, (_, index) => `${pool}_VM${index}`),
);

/** VMware's simulator, seen and changed with VMware's command line. */
export async function startVcsim(peers: PeerPrograms): Promise<TestServer> {
  const vcsim = await Vcsim.start(peers.vcsim, {
    listen: listenAddress,
    tls: true,
    password: newPassword(),
    vmsPerPool,
  });
  const { url, user, password } = vcsim;
  const { host, hostname, port } = new URL(url);
  const govc = new Govc(peers.govc, vcsim);
  return {
    kind: 'vcsim',
    address: host,
    url,
    userName: user,
    password,
    fingerprint: await readFingerprint(hostname, Number(port)),
    simulator: undefined,
    vms: vmNames,
    snapshotTree: async (vm) => await govc.snapshotTree(vm),
    snapshots: async (vm) =>
      (await govc.snapshots(vm)).map(({ name, description, state, quiesced }) => ({
        name,
        description,
        hasMemory: state !== 'poweredOff',
        isQuiesced: quiesced,
      })),
    isRunning: async (vm) => (await govc.powerState(vm)) === 'poweredOn',
    doneTasks: async (vm) => await govc.doneTasks(vm),
    takeSnapshots: async (vm, ...names) => {
      for (const name of names) {
        await govc.run('snapshot.create', '-vm', vm, '-m=false', name);
      }
    },
    restore: async (vm, snapshot) => {
      await govc.run('snapshot.revert', '-vm', vm, snapshot);
    },
    powerOff: async (vm) => {
      await govc.run('vm.power', '-off', vm);
    },
    letToolsRun: async (vm) => {
      await govc.run('vm.change', '-vm', vm, '-e', 'SET.guest.toolsRunningStatus=guestToolsRunning');
    },
    stop: async () => {
      await vcsim.stop();
    },
  };
}

async function readFingerprint(host: string, port: number): Promise<string> {
  return await new Promise((resolve, reject) => {
    // Its certificate is to be read, not believed.
    const socket = tls.connect({ host, port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
