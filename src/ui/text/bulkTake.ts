import type { Plan } from '../../hypervisor/plan/plan';
import type { BulkRow } from '../../operations/bulk/bulkRequest';

/** What saving the memory of VMs takes on one datastore. */
export interface MemoryNeed {
  readonly name: string;
  readonly bytes: number;
  /** Unset when the server does not say. */
  readonly freeBytes: number | undefined;
}

/** What the memory files of all running VMs take together, by the datastore where each VM is at home. */
export function memoryByDatastore(rows: readonly BulkRow[]): MemoryNeed[] {
  const needs = new Map<string, MemoryNeed>();
  for (const { connection, plan } of runningPlans(rows)) {
    const { vm, disks, datastores } = plan.detail;
    const homeId = disks.find(({ datastoreId }) => datastoreId !== undefined)?.datastoreId;
    const home = datastores.find(({ id }) => id === homeId);
    if (home === undefined || vm.memoryBytes === undefined) {
      continue;
    }
    const key = `${connection}/${home.id}`;
    const bytes = (needs.get(key)?.bytes ?? 0) + vm.memoryBytes;
    needs.set(key, { name: home.name, bytes, freeBytes: home.freeBytes });
  }
  return [...needs.values()];
}

/** How many running VMs cannot have their memory saved. */
export function withoutMemory(rows: readonly BulkRow[]): number {
  return runningPlans(rows).filter(
    ({ plan }) =>
      plan.detail.disks.some(({ independent }) => independent) || plan.detail.limitations.has('memoryUnsupported'),
  ).length;
}

/** On how many of the running VMs the guest can be quiesced. */
export function quiescible(rows: readonly BulkRow[]): { readonly able: number; readonly running: number } {
  const running = runningPlans(rows);
  const able = running.filter(
    ({ plan }) => plan.detail.toolsRunning && !plan.detail.limitations.has('quiesceUnsupported'),
  );
  return { able: able.length, running: running.length };
}

function runningPlans(rows: readonly BulkRow[]): { readonly connection: string; readonly plan: Plan }[] {
  return rows.flatMap(({ target, outlook }) => {
    const plan = outlook.kind === 'planned' ? outlook.plans[0] : undefined;
    return plan?.vm.powerState === 'on' ? [{ connection: target.connection.id, plan }] : [];
  });
}
