import type { Stage } from '../operations/stage';

/** Opens the panel of a VM from its row in the tree. */
export async function openManager(stage: Stage, vm: string): Promise<void> {
  await (await stage.showVm(vm)).choose('Snapshots', 'Manage Snapshots');
  await stage.workbench.manager.waitFor(vm);
}

/** Another VM with these snapshots, each after the one before, and its panel on view. */
export async function managedVm(stage: Stage, ...snapshots: readonly string[]): Promise<string> {
  const vm = await stage.newVm(...snapshots);
  await openManager(stage, vm);
  await stage.workbench.manager.waitForTree();
  return vm;
}
