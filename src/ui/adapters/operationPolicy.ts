import type { BulkPolicy, OperationPolicy } from '../../operations/policy';
import type { ProtectionResolver } from './protectionResolver';
import type { Settings } from './settings';

/** What operations have to know of the person's settings and marks, as it is now. */
export function operationPolicy(
  settings: Pick<Settings, 'get'>,
  protection: Pick<ProtectionResolver, 'of'>,
): OperationPolicy {
  return {
    typeToConfirm: settings.get('safety.typeToConfirm'),
    backupNamePatterns: settings.get('health.backupNamePatterns'),
    isProtected: (connection, vmId) => protection.of(connection, vmId) !== undefined,
  };
}

/** The same for operations on many VMs at once. */
export function bulkPolicy(settings: Pick<Settings, 'get'>): BulkPolicy {
  return {
    maxVms: settings.get('bulk.maxVms'),
    parallelPerDatastore: settings.get('bulk.parallelPerDatastore'),
  };
}
