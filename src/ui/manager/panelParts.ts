import type { HypervisorConnection } from '../../hypervisor/connection';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import type { Snapshot } from '../../hypervisor/model/snapshot';
import { findSnapshot } from '../../hypervisor/model/snapshotTree';
import type { Plan } from '../../hypervisor/plan/plan';
import type { OperationHistory } from '../../operations/operationHistory';
import { presentRowId } from '../../webview/protocol/shapes';
import type { PageParts } from '../../webview/protocol/toPage';
import type { ManagerContext } from '../text/manager/context';
import { detailsText } from '../text/manager/detailsText';
import { drawTree } from '../text/manager/drawnTree';
import { growthText } from '../text/manager/growthText';
import { managerLabels } from '../text/manager/managerLabels';
import { describeRows, summarizeTree } from '../text/manager/managerRows';
import { headerText, type PanelSituation, statusText } from '../text/manager/statusText';
import { takeNotes } from '../text/manager/takeNotes';
import { activityInRow, activityOf } from '../text/vmActivity';

/** What the parts of a page are made from. */
export interface PartsInput {
  readonly panelId: string;
  readonly situation: PanelSituation;
  /** The plan for taking a snapshot, with what was read of the VM; undefined before. */
  readonly plan: Plan | undefined;
  readonly history: Pick<OperationHistory, 'ofVm'>;
  readonly selectedId: string | undefined;
  readonly preview: PageParts['preview'];
  readonly edit: PageParts['edit'];
  /** Numbers the texts of a snapshot that are shown, see `revision` of the details. */
  readonly show: (snapshot: Snapshot) => number;
}

/** Everything that the page shows. */
export function panelParts(input: PartsInput, context: ManagerContext): PageParts {
  const { situation, panelId, plan } = input;
  const { connection, vm } = situation;
  const status = statusText(situation, context);
  const base = { labels: managerLabels(), status, header: headerText(panelId, situation) };
  if (connection === undefined || vm === undefined || status.kind === 'gone') {
    return { ...base, ...nothing };
  }
  const sizes = plan?.detail.sizes;
  const state = { tree: vm.snapshots, powerState: vm.powerState, needsConsolidation: vm.needsConsolidation };
  return {
    ...base,
    tree: {
      rows: describeRows(drawTree(vm.snapshots), { vmName: vm.name, state, sizes }, context),
      summary: summarizeTree(vm.snapshots, context),
    },
    activity: activityPart(connection, vm, input.history),
    take: { notes: plan === undefined ? [] : takeNotes(connection, plan, context) },
    growth: growthText(vm.snapshots, sizes, plan?.detail.datastores ?? [], context),
    details: detailsPart(vm, input, context),
    preview: input.preview,
    edit: input.edit,
  };
}

const nothing = {
  tree: { rows: [], summary: '' },
  activity: null,
  take: { notes: [] },
  growth: null,
  details: null,
  preview: null,
  edit: null,
} satisfies Partial<PageParts>;

function detailsPart(
  vm: VirtualMachine,
  { selectedId, plan, show }: PartsInput,
  context: ManagerContext,
): PageParts['details'] {
  if (selectedId === undefined) {
    return null;
  }
  const snapshot = findSnapshot(vm.snapshots, selectedId as Snapshot['id']);
  const revision = snapshot === undefined ? 0 : show(snapshot);
  return detailsText(vm, selectedId, plan?.detail.sizes, revision, context);
}

function activityPart(
  connection: HypervisorConnection,
  vm: VirtualMachine,
  history: Pick<OperationHistory, 'ofVm'>,
): PageParts['activity'] {
  const activity = activityOf(connection, vm.id, history);
  if (activity === undefined) {
    return null;
  }
  // Tasks of others do not say which snapshot they are about.
  const own = history.ofVm(connection.id, vm.id)?.operation;
  const snapshot = own !== undefined && 'snapshotId' in own ? findSnapshot(vm.snapshots, own.snapshotId) : undefined;
  return {
    row: snapshot?.id ?? presentRowId,
    text: activityInRow(activity),
    percent: activity.progressPercent ?? null,
  };
}
