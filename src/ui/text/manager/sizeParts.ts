import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../../common/text';
import type { Snapshot } from '../../../hypervisor/model/snapshot';
import type { SnapshotSize } from '../../../hypervisor/model/vmDetail';
import { joinFacts } from '../rowContext';

/** What a snapshot occupies, by what it is made of: `disk changes 38 GB · memory 8 GB`. */
export function sizeParts({ diskBytes, memoryBytes, liveBytes }: SnapshotSize, { hasMemory }: Snapshot): string {
  return joinFacts(
    diskBytes > 0 ? l10n.t('disk changes {0}', formatBytes(diskBytes)) : undefined,
    memoryBytes > 0
      ? hasMemory
        ? l10n.t('memory {0}', formatBytes(memoryBytes))
        : // Even without memory the server keeps the state of the VM in a small file.
          l10n.t('state file {0}', formatBytes(memoryBytes))
      : undefined,
    liveBytes > 0 ? l10n.t('changes since then {0}', formatBytes(liveBytes)) : undefined,
  );
}
