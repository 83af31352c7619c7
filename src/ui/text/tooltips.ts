import * as l10n from '@vscode/l10n';
import { clipEnd, formatBytes, multiLine } from '../../common/text';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ObjectId } from '../../hypervisor/model/ids';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import type { PowerState } from '../../hypervisor/model/snapshot';
import { countSnapshots, findSnapshot, oldestSnapshot } from '../../hypervisor/model/snapshotTree';
import { noticeText } from './connectionRows';
import { snapshotCount } from './counts';
import { innermost } from './inventoryRows';
import { nameInRow, nameInSentence } from './names';
import { protectionInTooltip } from './protectionText';
import { joinFacts, type RowContext } from './rowContext';
import { sizeOf } from './snapshotSize';
import type { ContainerNode, InventoryNode, PresentNode, ServerNode, SnapshotNode, VmNode } from './treeNode';
import { activityInTooltip } from './vmActivity';

/** A tooltip as plain text. What draws it must not read any of it as markup: names are foreign text. */
export interface TooltipText {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

// What fits in a hover; the rest of a description is in the editor of it.
const maxDescription = 500;

/** What a row tells on hover; undefined where the row says everything. */
export function tooltipOf(node: InventoryNode, context: RowContext): TooltipText | undefined {
  switch (node.kind) {
    case 'server':
      return serverTooltip(node, context);
    case 'vm':
      return vmTooltip(node, context);
    case 'snapshot':
      return snapshotTooltip(node, context);
    case 'present':
      return presentTooltip(node);
    case 'notice':
      return { title: noticeText(node).sentence, paragraphs: [] };
    case 'container':
      return containerTooltip(node, context);
    case 'group':
      return undefined;
  }
}

function serverTooltip({ connection }: ServerNode, context: RowContext): TooltipText {
  const facts = context.facts(connection);
  const { state } = connection;
  return {
    title: nameInRow(connection.label),
    paragraphs: [
      joinFacts(facts?.product, facts && trustInWords(facts.trust), facts && passwordInWords(facts.passwordStore)),
      joinFacts(facts?.address, nameInRow(connection.userName)),
      ...(state.kind === 'failed' || state.kind === 'reconnecting'
        ? [state.error.say({ serverLabel: nameInSentence(connection.label) })]
        : []),
      ...(connection.isReadOnly ? [l10n.t('Read-only: nothing is changed on this server from here.')] : []),
      ...protectionParagraph(connection, undefined, context),
    ].filter((paragraph) => paragraph !== ''),
  };
}

function vmTooltip({ connection, vm }: VmNode, context: RowContext): TooltipText {
  const activity = context.activity(connection, vm.id);
  const host = vm.hostId === undefined ? undefined : connection.inventory.get(vm.hostId)?.name;
  return {
    title: nameInRow(vm.name),
    paragraphs: [
      joinFacts(
        powerAtStart(vm.powerState),
        vm.memoryBytes === undefined ? undefined : l10n.t('{0} RAM', formatBytes(vm.memoryBytes)),
        host === undefined ? undefined : nameInRow(host),
        placeOf(connection, vm),
        vm.guestName === undefined ? undefined : nameInRow(vm.guestName),
      ),
      ...(activity === undefined ? [] : [activityInTooltip(activity, context.formats, context.nowMs)]),
      ...vmWarnings(vm),
      ...protectionParagraph(connection, vm.id, context),
      snapshotsInWords(vm, context),
      ...sizeParagraph({ kind: 'vm', connection, vm }, context),
    ],
  };
}

/** A folder or the like says all in its row but why it is protected. */
function containerTooltip(node: ContainerNode, context: RowContext): TooltipText | undefined {
  const paragraphs = protectionParagraph(node.connection, innermost(node).id, context);
  const title = node.containers.map(({ name }) => nameInRow(name)).join(' / ');
  return paragraphs.length === 0 ? undefined : { title, paragraphs };
}

function protectionParagraph(
  connection: HypervisorConnection,
  objectId: ObjectId | undefined,
  context: RowContext,
): string[] {
  const protection = context.protection(connection, objectId);
  return protection === undefined ? [] : [protectionInTooltip(protection)];
}

/** `vc-paris / DC1 / Prod` */
function placeOf(connection: HypervisorConnection, vm: VirtualMachine): string {
  return [connection.label, ...connection.inventory.path('folders', vm.id)].map(nameInRow).join(' / ');
}

function vmWarnings(vm: VirtualMachine): string[] {
  return [
    ...(vm.question === undefined
      ? []
      : [l10n.t("It waits for an answer in the vSphere Client: '{0}'", nameInSentence(vm.question))]),
    ...(vm.reachability === 'connected'
      ? []
      : [l10n.t("The server can't reach this VM's host or files. Snapshot actions are unavailable.")]),
    ...(vm.needsConsolidation
      ? [l10n.t('vSphere reports disks that belong to no snapshot. Choose Snapshots > Consolidate...')]
      : []),
  ];
}

function snapshotsInWords(vm: VirtualMachine, { formats, nowMs }: RowContext): string {
  const oldest = oldestSnapshot(vm.snapshots);
  if (oldest === undefined) {
    return l10n.t('No snapshots.');
  }
  return l10n.t(
    "{0}, oldest '{1}' ({2}). Its disks can't be resized while snapshots exist.",
    snapshotCount(countSnapshots(vm.snapshots), formats),
    nameInSentence(oldest.name),
    formats.age(nowMs - oldest.createdAtMs),
  );
}

function sizeParagraph({ connection, vm }: VmNode, context: RowContext): string[] {
  const known = context.sizes(connection, vm);
  return known === undefined || vm.snapshots.roots.length === 0
    ? []
    : [
        l10n.t(
          'Size {0} (read {1})',
          formatBytes(known.sizes.totalBytes),
          context.formats.since(known.sizes.measuredAtMs, context.nowMs),
        ),
      ];
}

function snapshotTooltip({ connection, vmId, snapshot }: SnapshotNode, context: RowContext): TooltipText {
  const vm = connection.inventory.vm(vmId);
  const known = vm && context.sizes(connection, vm);
  const bytes = sizeOf(known?.sizes, snapshot.id);
  const pattern = context.backupPattern(snapshot.name);
  const description = clipEnd(multiLine(snapshot.description).trim(), maxDescription);
  return {
    title: nameInRow(snapshot.name),
    paragraphs: [
      joinFacts(
        context.formats.dateTimeUtc(snapshot.createdAtMs),
        contentsInWords(snapshot),
        bytes === undefined ? undefined : formatBytes(bytes),
      ),
      ...(vm !== undefined && context.layout === 'snapshots'
        ? [`${placeOf(connection, vm)} / ${nameInRow(vm.name)}`]
        : []),
      ...(pattern === undefined ? [] : [l10n.t('Belongs to a backup product; left out of bulk actions.')]),
      ...(description === '' ? [] : [description]),
    ],
  };
}

function contentsInWords({ hasMemory, quiesced }: SnapshotNode['snapshot']): string {
  if (hasMemory) {
    return l10n.t('with memory');
  }
  return quiesced ? l10n.t('quiesced by VMware Tools') : l10n.t('disks only');
}

function presentTooltip({ connection, vmId }: PresentNode): TooltipText | undefined {
  const vm = connection.inventory.vm(vmId);
  if (vm === undefined) {
    return undefined;
  }
  const current = findSnapshot(vm.snapshots, vm.snapshots.currentId);
  const title = l10n.t('Present state of {0}', nameInRow(vm.name));
  return current === undefined
    ? { title, paragraphs: [l10n.t('It is based on no snapshot, and in none.')] }
    : { title, paragraphs: [l10n.t("Changes since '{0}' are in no snapshot.", nameInSentence(current.name))] };
}

function powerAtStart(powerState: PowerState): string {
  switch (powerState) {
    case 'on':
      return l10n.t('Running');
    case 'off':
      return l10n.t('Powered off');
    case 'suspended':
      return l10n.t('Suspended');
  }
}

function trustInWords(trust: 'verified' | 'pinned' | 'none'): string {
  switch (trust) {
    case 'verified':
      return l10n.t('certificate verified');
    case 'pinned':
      return l10n.t('certificate pinned');
    case 'none':
      return l10n.t('not encrypted, this machine only');
  }
}

function passwordInWords(store: string | undefined): string | undefined {
  return store === undefined ? undefined : l10n.t('password in {0}', store);
}
