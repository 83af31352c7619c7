import type { VirtualMachine } from '../../src/hypervisor/model/inventory';
import type { Snapshot } from '../../src/hypervisor/model/snapshot';
import { maxChainLength } from '../../src/hypervisor/plan/blockers';
import { snapshot, snapshotId, testNowMs, vm } from '../../test/support/domainBuilders';

/** More than anybody has been seen with. */
export const snapshotCount = 500;

const hourMs = 3_600_000;

/** A VM with {@link snapshotCount} snapshots: a chain as long as vSphere allows, and branches of all lengths off it. */
export function vmWithSnapshots(): VirtualMachine {
  let made = 0;
  const make = (children: readonly Snapshot[]): Snapshot => {
    const number = snapshotCount - made++;
    return snapshot(`s${number}`, {
      name: `before update ${number}`,
      description: `CHG-${20_000 + number}: what was to be changed, and why`,
      number,
      createdAtMs: testNowMs - made * hourMs,
      hasMemory: number % 7 === 0,
      children,
    });
  };
  const branch = (length: number): Snapshot => {
    let below = make([]);
    for (let at = 1; at < length; at++) {
      below = make([below]);
    }
    return below;
  };
  // From the tip of the chain down to its root; the last link bears whatever is left.
  let trunk: Snapshot | undefined;
  for (let level = maxChainLength; level > 0; level--) {
    const left = snapshotCount - made - level;
    const room = maxChainLength - level;
    const children = trunk === undefined ? [] : [trunk];
    const length = Math.min(room, level === 1 ? room : 16, left);
    trunk = make(length > 0 ? [...children, branch(length)] : children);
  }
  // What the trunk could not bear stands beside it.
  const roots = trunk === undefined ? [] : [trunk];
  while (made < snapshotCount) {
    roots.push(branch(Math.min(maxChainLength, snapshotCount - made)));
  }
  return vm('vm-1', { name: 'CI-RUNNER', snapshots: { roots, currentId: snapshotId(`s${snapshotCount}`) } });
}

/** The same VM after somebody else has given its oldest snapshot another name, and taken another one of its state then. */
export function changedVm(before: VirtualMachine): VirtualMachine {
  const [first, ...others] = before.snapshots.roots;
  if (first === undefined) {
    throw new Error('There is no snapshot to change.');
  }
  const added = snapshot('added', { name: 'taken elsewhere', number: snapshotCount + 1, createdAtMs: testNowMs });
  const changed = { ...first, name: `${first.name}, renamed`, children: [...first.children, added] };
  return { ...before, snapshots: { ...before.snapshots, roots: [changed, ...others] } };
}
