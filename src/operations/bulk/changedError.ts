import * as l10n from '@vscode/l10n';
import { HypervisorError } from '../../hypervisor/errors';
import type { PlanDifference } from '../../hypervisor/plan/comparePlans';
import type { Plan } from '../../hypervisor/plan/plan';

/** A VM is no longer what a person agreed to, so nothing was sent for it. */
export class ChangedError extends HypervisorError {
  override readonly name = 'ChangedError';

  constructor(
    /** What would happen now. */
    readonly now: Plan,
    readonly differences: readonly PlanDifference[],
  ) {
    super(
      'wrongState',
      `${now.vm.id} is not what was agreed to: ${differences.map(describe).join(', ')}`,
      ({ vmName }) =>
        l10n.t("'{0}' is no longer what you agreed to. Nothing was sent; review it again.", vmName ?? now.vm.name),
    );
  }
}

function describe(difference: PlanDifference): string {
  return difference.kind === 'blocked' ? `blocked (${difference.blocker.kind})` : difference.kind;
}
