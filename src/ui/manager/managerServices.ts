import type { Clock } from '../../common/clock';
import type { Event } from '../../common/event';
import type { Logger } from '../../common/logger';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ObjectId, SnapshotId } from '../../hypervisor/model/ids';
import type { OperationHistory } from '../../operations/operationHistory';
import type { OperationsService } from '../../operations/operationsService';
import type { ProtectionResolver } from '../adapters/protectionResolver';
import type { CommandName } from '../text/commandIds';
import type { Formats } from '../text/formats';
import type { TreeNode } from '../text/treeNode';
import type { Favorites } from '../tree/favorites';
import type { ServerDirectory } from '../tree/serverDirectory';

/** What the person has set about the manager. */
export interface ManagerSettings {
  readonly warnAfterDays: number;
  readonly oldAfterDays: number;
  readonly backupNamePatterns: readonly string[];
  /** Whether a snapshot is offered before a restore. */
  readonly offerSnapshotFirst: boolean;
}

/** What a panel needs to know and to do. It changes nothing by itself: everything goes through commands. */
export interface ManagerServices {
  readonly directory: ServerDirectory;
  readonly history: OperationHistory;
  readonly operations: Pick<OperationsService, 'plan'>;
  /** Says what is protected. */
  readonly protection: Pick<ProtectionResolver, 'of' | 'onDidChange'>;
  readonly favorites: Pick<Favorites, 'has' | 'onDidChange'>;
  readonly formats: Formats;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: () => ManagerSettings;
  readonly onDidChangeSettings: Event<unknown>;
  /** Runs a command as if it had been chosen on a row. Resolves when it has ended, however; never rejects. */
  readonly run: (name: CommandName, node: TreeNode, argument?: unknown) => Promise<void>;
  readonly showLog: () => void;
  /** Shows the configurations of two states of a VM side by side; undefined is the present one. */
  readonly compare: (
    connection: HypervisorConnection,
    vmId: ObjectId,
    left: SnapshotId | undefined,
    right: SnapshotId | undefined,
  ) => Promise<void>;
}
