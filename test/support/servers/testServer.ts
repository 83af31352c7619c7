import type { Simulator } from '../../../src/simulator/simulator';
import type { ServerKind } from './serverKind';
import { startSimulator } from './simulatorServer';
import { startVcsim } from './vcsimServer';

/** A snapshot as the server has it. */
export interface SnapshotOnServer {
  readonly name: string;
  readonly description: string;
  readonly hasMemory: boolean;
  readonly isQuiesced: boolean;
}

/**
 * A server for a test, with an independent view of what is on it: nothing that is being tested has a part in what it
 * tells and does.
 */
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
  /** Names of VMs that are there to be worked on: they run, and have no snapshots. */
  readonly vms: readonly string[];
  /**
   * The snapshots of a VM as they really are, each with its children in brackets and the current one with a star:
   * `base (patch*, test)`.
   *
   * @param vm - name of the VM
   */
  snapshotTree(vm: string): Promise<string>;
  /** All snapshots of a VM, parents before their children. */
  snapshots(vm: string): Promise<readonly SnapshotOnServer[]>;
  isRunning(vm: string): Promise<boolean>;
  /** Kinds of the tasks that have ended well on a VM lately. */
  doneTasks(vm: string): Promise<readonly string[]>;
  /** Takes snapshots, each after the one before. */
  takeSnapshots(vm: string, ...names: readonly string[]): Promise<void>;
  restore(vm: string, snapshot: string): Promise<void>;
  powerOff(vm: string): Promise<void>;
  /** Makes VMware Tools run in the guest, without which it cannot be quiesced. */
  letToolsRun(vm: string): Promise<void>;
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
