import { randomBytes } from 'node:crypto';
import tls from 'node:tls';

import { makeCertificate } from '../../../src/simulator/devCertificates';
import { groundTruth, type SnapshotTruth } from '../../../src/simulator/control/groundTruth';
import { Simulator } from '../../../src/simulator/simulator';
import { Govc } from '../peers/govc';
import type { ServerKind } from './serverKind';
import { Vcsim } from './vcsim';

/** A server for a test, with an independent view of what is on it. */
export interface TestServer {
  readonly kind: ServerKind;
  /** As a person types it: `127.0.0.2:43210`. */
  readonly address: string;
  /** Ends in `/sdk`. */
  readonly url: string;
  readonly userName: string;
  readonly password: string;
  /** SHA-256 of its certificate, upper-case hex with colons. Nobody knows that certificate. */
  readonly fingerprint: string;
  /** The embedded vCenter itself, to make things happen on it; undefined for another server. */
  readonly simulator: Simulator | undefined;
  /**
   * The snapshots of a VM as they really are, each with its children in brackets and the current one with a star:
   * `base (patch*, test)`. Nothing that is being tested has a part in this.
   *
   * @param vm - name of the VM
   */
  snapshotTree(vm: string): Promise<string>;
  stop(): Promise<void>;
}

/** What a person and a test need to know of VMware's simulator when it is chosen. */
export interface PeerPrograms {
  readonly vcsim: string;
  readonly govc: string;
}

/**
 * Starts a server on a loopback address that is not 127.0.0.1: VS Code treats that one unlike any other.
 *
 * @param peers - programs of VMware's, for the kind `vcsim`
 */
export async function startTestServer(kind: ServerKind, peers: () => PeerPrograms): Promise<TestServer> {
  return kind === 'simulator' ? await startSimulator() : await startVcsim(peers());
}

const listenAddress = '127.0.0.2';

async function startSimulator(): Promise<TestServer> {
  const { certificate, privateKey, sha256 } = await makeCertificate({ names: [listenAddress] });
  const simulator = await Simulator.start({
    inventory: 'demo',
    users: [{ name: 'administrator@vsphere.local', password: newPassword(), permissions: [{ role: 'Admin' }] }],
    listen: listenAddress,
    tls: { cert: certificate, key: privateKey },
  });
  const { url, user, password } = simulator;
  return {
    kind: 'simulator',
    address: new URL(url).host,
    url,
    userName: user,
    password,
    fingerprint: sha256,
    simulator,
    snapshotTree: (vm) => Promise.resolve(trueTree(simulator, vm)),
    stop: async () => {
      await simulator.stop();
    },
  };
}

/** One that is nowhere by chance, so that it can be searched for; with what needs an escape on the wire. */
function newPassword(): string {
  return `<&"ü ${randomBytes(8).toString('hex')}`;
}

function trueTree(simulator: Simulator, vmName: string): string {
  const vm = groundTruth(simulator.server).vms.find(({ name }) => name === vmName);
  if (vm === undefined) {
    throw new Error(`The server has no VM ${vmName}.`);
  }
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

async function startVcsim(peers: PeerPrograms): Promise<TestServer> {
  const vcsim = await Vcsim.start(peers.vcsim, { listen: listenAddress, tls: true, password: newPassword() });
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
    snapshotTree: async (vm) => await govc.snapshotTree(vm),
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
