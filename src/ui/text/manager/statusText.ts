import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../../common/text';
import type { HypervisorConnection } from '../../../hypervisor/connection';
import type { VirtualMachine } from '../../../hypervisor/model/inventory';
import type { Protection } from '../../../hypervisor/protection/protection';
import type { PageParts } from '../../../webview/protocol/toPage';
import { nameInRow, nameInSentence } from '../names';
import { contextFlags, joinFacts, protectionMarks } from '../rowContext';
import { powerInWords } from '../vmRows';
import type { ManagerContext } from './context';
import { powerIcon } from './managerRows';

type Status = PageParts['status'];
type Help = Status['help'][number];

/** Where a panel stands. */
export interface PanelSituation {
  /** Undefined when the server is not, or no longer, in the list. */
  readonly connection: HypervisorConnection | undefined;
  /** Undefined while it has not been read, or when it no longer exists. */
  readonly vm: VirtualMachine | undefined;
  /** Name under which the person knows the VM, also when it is gone. */
  readonly vmName: string;
  /** What went wrong when the VM was read the last time. */
  readonly error: string | undefined;
  /** Why the VM is protected; undefined when it is not. */
  readonly protection: Protection | undefined;
  readonly isFavorite: boolean;
  /** When what is shown was true, once the server cannot be asked. */
  readonly trueAtMs: number | undefined;
}

/** How far what the panel shows can be relied on, and what helps. */
export function statusText(situation: PanelSituation, context: ManagerContext): Status {
  const { connection, vm, error } = situation;
  if (connection === undefined) {
    return { kind: 'gone', sentence: l10n.t('The server of this VM is no longer in the list.'), help: [close()] };
  }
  const server = nameInSentence(connection.label);
  const { state, inventory } = connection;
  switch (state.kind) {
    case 'connecting':
    case 'loading':
      return vm === undefined
        ? { kind: 'loading', sentence: l10n.t("Connecting to '{0}'...", server), help: [] }
        : { kind: 'stale', sentence: staleText(situation, context), help: [] };
    case 'disconnected':
      return vm === undefined
        ? { kind: 'error', sentence: l10n.t("Not connected to '{0}'.", server), help: [connect()] }
        : { kind: 'stale', sentence: staleText(situation, context), help: [connect()] };
    case 'reconnecting':
    case 'failed': {
      const sentence = state.error.say({ serverLabel: server, userName: nameInSentence(connection.userName) });
      const help = state.kind === 'failed' ? [retry(), showLog()] : [showLog()];
      return vm === undefined
        ? { kind: 'error', sentence, help }
        : { kind: 'stale', sentence: `${staleText(situation, context)} ${sentence}`, help };
    }
    case 'live':
      if (vm === undefined) {
        return inventory.isComplete
          ? { kind: 'gone', sentence: goneText(situation), help: [close()] }
          : { kind: 'loading', sentence: l10n.t('Reading the inventory...'), help: [] };
      }
      return error === undefined
        ? { kind: 'live', sentence: '', help: [] }
        : { kind: 'error', sentence: error, help: [retry(), showLog()] };
  }
}

/** The head of the panel. */
export function headerText(
  panel: string,
  { connection, vm, vmName, protection, isFavorite }: PanelSituation,
): PageParts['header'] {
  const folders = connection === undefined || vm === undefined ? [] : connection.inventory.path('folders', vm.id);
  return {
    panel,
    name: nameInRow(vm?.name ?? vmName),
    where: [connection?.label, ...folders].flatMap((name) => (name === undefined ? [] : nameInRow(name))).join(' / '),
    icon: vm === undefined ? 'vm' : powerIcon(vm.powerState),
    facts:
      vm === undefined
        ? ''
        : joinFacts(
            vm.isTemplate ? l10n.t('template') : powerInWords(vm.powerState),
            vm.memoryBytes === undefined ? undefined : l10n.t('{0} RAM', formatBytes(vm.memoryBytes)),
            vm.needsConsolidation ? l10n.t('needs consolidation') : undefined,
            protectionMarks(protection).spoken,
            connection?.isReadOnly === true ? l10n.t('read-only') : undefined,
          ),
    flags:
      vm === undefined
        ? contextFlags()
        : contextFlags(
            'vm',
            vm.powerState,
            vm.snapshots.roots.length > 0 ? 'snap' : undefined,
            vm.needsConsolidation ? 'cons' : undefined,
            protectionMarks(protection).flag,
            isFavorite ? 'favorite' : undefined,
          ),
  };
}

function staleText({ connection, trueAtMs }: PanelSituation, { formats, nowMs }: ManagerContext): string {
  const server = nameInSentence(connection?.label ?? '');
  return trueAtMs === undefined
    ? l10n.t("Not connected to '{0}'.", server)
    : l10n.t("Not connected to '{0}' since {1}. This is how it was then.", server, formats.since(trueAtMs, nowMs));
}

function goneText({ vmName }: PanelSituation): string {
  return l10n.t("'{0}' no longer exists, or you may no longer see it.", nameInSentence(vmName));
}

const retry = (): Help => ({ id: 'retry', label: l10n.t('Retry') });
const connect = (): Help => ({ id: 'connect', label: l10n.t('Connect') });
const showLog = (): Help => ({ id: 'showLog', label: l10n.t('Show Log') });
const close = (): Help => ({ id: 'close', label: l10n.t('Close') });
