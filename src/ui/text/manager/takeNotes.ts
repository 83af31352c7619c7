import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../../common/text';
import type { HypervisorConnection } from '../../../hypervisor/connection';
import { currentDepth } from '../../../hypervisor/model/snapshotTree';
import { maxChainLength } from '../../../hypervisor/plan/blockers';
import type { Plan } from '../../../hypervisor/plan/plan';
import type { Note } from '../../../webview/protocol/toPage';
import { blockerReason } from '../blockedText';
import { warningLines } from '../confirmations';
import { fewNames } from '../modalText';
import { nameInSentence } from '../names';
import type { ManagerContext } from './context';

// Chains of two are everyday; from here on each further snapshot is worth a word, and from there on a warning.
const longChain = 3;
const tooLongChain = 20;

// Deltas grow until the datastore is full, and then the VM stops. vCenter's own alarms for datastores begin at these.
const lowFreeShare = 0.15;
const lowestFreeBytes = 10 * 1024 ** 3;

/** What speaks against a snapshot of the VM now, or belongs into the decision. */
export function takeNotes(connection: HypervisorConnection, plan: Plan, context: ManagerContext): Note[] {
  const blockers = plan.blockers
    // Somebody else's task is no reason to warn: it shows on its row, and whoever takes a snapshot may wait for it.
    .filter(({ kind }) => kind !== 'busy')
    .map((blocker): Note => ({
      tone: blocker.advisory ? 'warning' : 'error',
      text: blockerReason(blocker, connection, context),
    }));
  return [
    ...blockers,
    ...warningLines(plan, context).map((text): Note => ({ tone: 'warning', text })),
    ...spaceNotes(plan),
    ...chainNotes(plan, context),
    ...contentsNotes(plan),
  ];
}

function spaceNotes({ detail }: Plan): Note[] {
  return detail.datastores.flatMap(({ name, freeBytes, capacityBytes, accessible }): Note[] => {
    const shown = nameInSentence(name);
    if (!accessible) {
      return [{ tone: 'warning', text: l10n.t("The datastore '{0}' can't be reached.", shown) }];
    }
    const isLow = freeBytes < lowestFreeBytes || freeBytes < capacityBytes * lowFreeShare;
    return isLow
      ? [
          {
            tone: 'warning',
            text: l10n.t(
              'Only {0} free on {1} ({2}%). Snapshots grow until it is full.',
              formatBytes(freeBytes),
              shown,
              capacityBytes === 0 ? 0 : Math.floor((freeBytes / capacityBytes) * 100),
            ),
          },
        ]
      : [];
  });
}

function chainNotes({ detail, blockers }: Plan, { formats }: ManagerContext): Note[] {
  if (blockers.some(({ kind }) => kind === 'chainFull')) {
    return [];
  }
  const { maxSnapshots, vm } = detail;
  const depth = currentDepth(vm.snapshots) + 1;
  const limit = Math.min(maxSnapshots ?? maxChainLength, maxChainLength);
  if (depth === limit && limit > 1) {
    return [
      {
        tone: 'warning',
        text: l10n.t('This will be snapshot {0} of at most {0} in the chain.', formats.count(depth)),
      },
    ];
  }
  return [
    ...(depth >= longChain
      ? [
          {
            tone: depth >= tooLongChain ? 'warning' : 'info',
            text: l10n.t('This will be snapshot {0} in the chain; long chains slow the VM.', depth),
          } as const,
        ]
      : []),
    ...(maxSnapshots === undefined
      ? []
      : [
          {
            tone: 'info',
            text: l10n.t('This VM is limited to {0} snapshots in a chain.', formats.count(maxSnapshots)),
          } as const,
        ]),
  ];
}

function contentsNotes({ detail }: Plan): Note[] {
  const { vm, disks, toolsRunning } = detail;
  const independent = disks.filter((disk) => disk.independent).map(({ label }) => nameInSentence(label));
  return [
    ...(independent.length > 0
      ? [
          {
            tone: 'warning',
            text: l10n.t('Independent, so in no snapshot: {0}. Memory has to be left out.', fewNames(independent)),
          } as const,
        ]
      : []),
    ...(vm.powerState === 'on' && !toolsRunning
      ? [
          {
            tone: 'info',
            text: l10n.t("VMware Tools isn't running: a snapshot can't be quiesced."),
          } as const,
        ]
      : []),
  ];
}
