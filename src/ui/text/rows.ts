import * as l10n from '@vscode/l10n';
import { formatAgeShort, formatBytes, millisecondsPerDay } from '../../common/text';
import type { Container, ContainerKind } from '../../hypervisor/model/inventory';
import { findSnapshot } from '../../hypervisor/model/snapshotTree';
import { describeNotice, describeServer } from './connectionRows';
import { innermost } from './inventoryRows';
import { nameInRow } from './names';
import { contextFlags, joinFacts, joinSpoken, type RowContext, type RowDescription } from './rowContext';
import { sizeOf } from './snapshotSize';
import type { ContainerNode, PresentNode, SnapshotNode, TreeNode } from './treeNode';
import { describeVm, powerInWords } from './vmRows';

/** What a row of the inventory shows, from plain data alone. */
export function describeNode(node: TreeNode, context: RowContext): RowDescription {
  switch (node.kind) {
    case 'server':
      return describeServer(node, context);
    case 'container':
      return describeContainer(node, context);
    case 'vm':
      return describeVm(node, context);
    case 'snapshot':
      return describeSnapshot(node, context);
    case 'present':
      return describePresent(node, context);
    case 'notice':
      return describeNotice(node);
  }
}

function describeContainer(node: ContainerNode, context: RowContext): RowDescription {
  const container = innermost(node);
  const label = node.containers.map(({ name }) => nameInRow(name)).join(' / ');
  const condition = conditionInWords(container);
  return {
    label,
    description: condition ?? '',
    ...containerIcon(container),
    contextValue: contextFlags('container', container.kind),
    accessibilityLabel: joinSpoken(label, kindInWords(container.kind), condition),
    collapsible: context.rows.hasChildren(node) ? 'collapsed' : 'none',
  };
}

function describeSnapshot(node: SnapshotNode, context: RowContext): RowDescription {
  const { connection, vmId, snapshot } = node;
  const { formats, nowMs } = context;
  const vm = connection.inventory.vm(vmId);
  const known = vm && context.sizes(connection, vm);
  const bytes = sizeOf(known?.sizes, snapshot.id);
  const branch = vm && context.rows.snapshotLayout(vm.snapshots).row(snapshot.id)?.branch;
  const isBackup = context.backupPattern(snapshot.name) !== undefined;
  const ageMs = nowMs - snapshot.createdAtMs;
  const label = nameInRow(snapshot.name);
  const marks = [
    bytes === undefined ? undefined : formatBytes(bytes),
    snapshot.hasMemory ? l10n.t('memory') : undefined,
    snapshot.quiesced ? l10n.t('quiesced') : undefined,
    isBackup ? l10n.t('backup') : undefined,
    branch === undefined ? undefined : l10n.t('branch {0}', branch),
  ];
  const color = ageColor(ageMs, context);
  return {
    label,
    description: joinFacts(formatAgeShort(ageMs), ...marks),
    iconId: isBackup ? 'lock' : 'device-camera',
    ...(color !== undefined && !isBackup && { iconColor: color }),
    contextValue: contextFlags(
      'snapshot',
      snapshot.children.length > 0 ? 'kids' : undefined,
      vm?.snapshots.currentId === snapshot.id ? 'current' : undefined,
      isBackup ? 'backup' : undefined,
    ),
    accessibilityLabel: joinSpoken(
      label,
      l10n.t('snapshot'),
      vm?.snapshots.currentId === snapshot.id ? l10n.t('current') : undefined,
      l10n.t('taken {0}', formats.ago(ageMs)),
      ...marks,
    ),
    collapsible: context.rows.hasChildren(node) ? 'expanded' : 'none',
  };
}

function describePresent({ connection, vmId }: PresentNode, context: RowContext): RowDescription {
  const vm = connection.inventory.vm(vmId);
  const state = vm === undefined ? undefined : powerInWords(vm.powerState);
  const current = vm && findSnapshot(vm.snapshots, vm.snapshots.currentId);
  const branch = vm && context.rows.snapshotLayout(vm.snapshots).presentBranch;
  const label = l10n.t('You are here');
  return {
    label,
    description: joinFacts(state, branch === undefined ? undefined : l10n.t('on no snapshot')),
    iconId: 'target',
    contextValue: contextFlags('present'),
    accessibilityLabel: joinSpoken(
      label,
      vm === undefined ? undefined : l10n.t('present state of {0}', nameInRow(vm.name)),
      state,
      current === undefined ? l10n.t('on no snapshot') : l10n.t('after {0}', nameInRow(current.name)),
    ),
    collapsible: 'none',
  };
}

function ageColor(ageMs: number, { warnAfterDays, oldAfterDays }: RowContext): string | undefined {
  const days = ageMs / millisecondsPerDay;
  if (days >= oldAfterDays) {
    return 'list.errorForeground';
  }
  return days >= warnAfterDays ? 'list.warningForeground' : undefined;
}

function conditionInWords({ condition }: Container): string | undefined {
  switch (condition) {
    case 'maintenance':
      return l10n.t('maintenance mode');
    case 'disconnected':
      return l10n.t('disconnected');
    case 'notResponding':
      return l10n.t('not responding');
    case undefined:
      return undefined;
  }
}

function containerIcon({ kind, condition }: Container): Pick<RowDescription, 'iconId' | 'iconColor'> {
  const color = condition === undefined ? {} : { iconColor: 'list.warningForeground' };
  switch (kind) {
    case 'datacenter':
      return { iconId: 'globe', ...color };
    case 'folder':
      return { iconId: 'folder', ...color };
    case 'cluster':
      return { iconId: 'server-environment', ...color };
    case 'host':
      return { iconId: 'server-process', ...color };
    case 'resourcePool':
      return { iconId: 'pie-chart', ...color };
    case 'vApp':
      return { iconId: 'layers', ...color };
  }
}

function kindInWords(kind: ContainerKind): string {
  switch (kind) {
    case 'datacenter':
      return l10n.t('datacenter');
    case 'folder':
      return l10n.t('folder');
    case 'cluster':
      return l10n.t('cluster');
    case 'host':
      return l10n.t('ESXi host');
    case 'resourcePool':
      return l10n.t('resource pool');
    case 'vApp':
      return l10n.t('vApp');
  }
}
