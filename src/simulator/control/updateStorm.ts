import type { Disposable } from '../../common/disposable';
import { updateVm } from '../model/vmStore';
import type { ManagedObject } from '../model/registry';
import { pick, type Random, seededRandom } from '../random/random';
import type { VimServer } from '../server/vimServer';
import { changePower, removeSnapshots, takeSnapshot } from '../state/snapshotOperations';
import type { VmState } from '../state/vmState';

/** What may change of a VM. */
export type StormKind = 'power' | 'name' | 'snapshots';

export interface StormSpec {
  readonly updatesPerSecond: number;
  readonly seconds: number;
  /** Default: power alone. */
  readonly kinds?: readonly StormKind[];
  /** Makes it repeatable; default: 1. */
  readonly seed?: number;
}

// Fine enough for an even stream, coarse enough for timers.
const tickMs = 20;

const renamedMark = ' (renamed)';

type Vm = ManagedObject<'VirtualMachine'>;

/** Changes VMs at random, so many a second, as a large site does on a busy morning. Each change is an update of its own. */
export class UpdateStorm implements Disposable {
  private timer: Disposable | undefined;
  private changed = 0;

  constructor(private readonly server: VimServer) {}

  /** How many VMs the present storm, or the last one, has changed. */
  get updates(): number {
    return this.changed;
  }

  get isRunning(): boolean {
    return this.timer !== undefined;
  }

  /** Begins a storm, in place of the one that may be running. */
  start(spec: StormSpec): void {
    this.dispose();
    this.changed = 0;
    const vms = [...this.server.registry.all('VirtualMachine')];
    if (vms.length > 0) {
      this.arm(spec, vms, seededRandom(spec.seed ?? 1), this.server.clock.now());
    }
  }

  /** Ends it. */
  dispose(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  private arm(spec: StormSpec, vms: readonly Vm[], random: Random, startedMs: number): void {
    const { clock, registry } = this.server;
    this.timer = clock.schedule(tickMs, () => {
      const elapsedMs = Math.min(clock.now() - startedMs, spec.seconds * 1_000);
      const due = Math.floor((elapsedMs / 1_000) * spec.updatesPerSecond);
      for (; this.changed < due; this.changed++) {
        const vm = pick(random, vms);
        if (registry.resolve(vm.ref) === vm) {
          this.change(vm, pick(random, spec.kinds ?? ['power']));
        }
      }
      this.timer = undefined;
      if (elapsedMs < spec.seconds * 1_000) {
        this.arm(spec, vms, random, startedMs);
      }
    });
  }

  private change(vm: Vm, kind: StormKind): void {
    updateVm(this.server.registry, vm, (state) => this.changes[kind](state, vm));
  }

  private readonly changes: Readonly<Record<StormKind, (state: VmState, vm: Vm) => VmState>> = {
    power: (state) =>
      changePower(state, state.power === 'poweredOn' ? 'poweredOff' : 'poweredOn', this.server.clock.now()),
    name: (state) => ({
      ...state,
      name: state.name.endsWith(renamedMark) ? state.name.slice(0, -renamedMark.length) : `${state.name}${renamedMark}`,
    }),
    snapshots: (state, vm) => {
      const nowMs = this.server.clock.now();
      const [newest] = state.snapshots.slice(-1);
      if (newest !== undefined) {
        return removeSnapshots(state, new Set([newest.id]), nowMs);
      }
      const id = this.server.ids.snapshot(vm.ref.value, state.nextSnapshotNumber);
      return takeSnapshot(state, { name: 'storm', description: '', memory: false, quiesce: false }, id, nowMs);
    },
  };
}
