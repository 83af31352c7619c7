import assert from 'node:assert/strict';
import type { ConnectionState } from '../../../../src/hypervisor/connection';
import type { ContainerKind } from '../../../../src/hypervisor/model/inventory';
import type { Blocker } from '../../../../src/hypervisor/plan/plan';
import { readExchange } from '../../../../src/servers/profileExchange';
import { notConnected, passwordNeeded, passwordUnavailable, refusedBefore } from '../../../../src/servers/serverErrors';
import { requireWritable } from '../../../../src/operations/policy';
import { HypervisorError } from '../../../../src/hypervisor/errors';
import { blockedText } from '../../../../src/ui/text/blockedText';
import { confirmationText } from '../../../../src/ui/text/confirmations';
import { Formats } from '../../../../src/ui/text/formats';
import { protectionInTooltip } from '../../../../src/ui/text/protectionText';
import { describeNode } from '../../../../src/ui/text/rows';
import { allowChangesText, certificateText, removeServerText } from '../../../../src/ui/text/serverDialogs';
import { importedText, passwordUsedText, useForOthersText } from '../../../../src/ui/text/serverCounts';
import { readSetting } from '../../../../src/ui/text/settingRules';
import { tooltipOf } from '../../../../src/ui/text/tooltips';
import { typedConfirmation } from '../../../../src/ui/text/typedConfirmation';
import { chain, container, snapshot, testNowMs, vm } from '../../../support/domainBuilders';
import { planFor } from '../../../support/planBuilder';
import { pseudo, speakPseudo } from '../../../support/pseudoLocale';
import { connectionWith, rowContext } from '../../../support/rowFixtures';
import { certificate } from '../../../support/serverFixtures';

// Names without a Latin letter, and dates without one: what is left of those comes from the source untranslated.
const name = '№1';
const formats = new Formats('zh-CN', 'Europe/Paris');

/** Everything that this text says in Latin letters although it should not; units and codes are the same everywhere. */
function latin(text: string): string[] {
  const withoutUnits = text
    .replace(/\b\d+(?:\.\d+)? ?(?:[KMGT]i?B|B|[dhm])\b/g, '')
    .replace(/\bUTC\b|(?:[0-9A-F]{2}:)+[0-9A-F]{2}/g, '');
  return withoutUnits.match(/[A-Za-z]{2,}/g) ?? [];
}

describe('in another language', () => {
  let stop: () => void;

  before(() => {
    stop = speakPseudo('src/ui/text', 'src/servers', 'src/operations', 'src/hypervisor');
  });

  after(() => {
    stop();
  });

  function check(what: string, ...texts: readonly (string | undefined)[]): void {
    for (const text of texts) {
      assert.deepEqual(latin(text ?? ''), [], `${what}: ${text}`);
    }
  }

  it('every text is another one, with the same places for values', () => {
    assert.equal(
      pseudo("'{0}' is on {1}."),
      "'{0}' ιτ ξν {1}.".replace('ιτ', pseudo('is')).replace('ξν', pseudo('on')),
    );
    assert.deepEqual(latin(pseudo('The quick brown fox {0}')), []);
  });

  it('rows and tooltips say nothing in English', () => {
    const folder = container('f', 'folder', { folders: null }, { name });
    const context = rowContext({
      formats,
      facts: () => ({ address: name, isDemo: true, trust: 'pinned', passwordStore: name, product: name }),
      protection: () => ({ kind: 'container', container: folder }),
      sizes: () => ({
        readAtMs: testNowMs,
        sizes: { bySnapshot: new Map(), totalBytes: 5e9, leftoverBytes: 0, measuredAtMs: testNowMs },
      }),
    });
    const tree = { ...chain('a', 'b'), roots: [snapshot('a', { name, hasMemory: true, quiesced: true })] };
    const errors = (kind: 'noAnswer' | 'loginRefused' | 'certificate'): HypervisorError =>
      new HypervisorError(kind, 'log', () => name);
    const states: ConnectionState[] = [
      { kind: 'disconnected' },
      { kind: 'connecting' },
      { kind: 'loading' },
      { kind: 'live' },
      { kind: 'reconnecting', sinceMs: testNowMs, attempt: 1, error: errors('noAnswer') },
      { kind: 'failed', sinceMs: testNowMs, error: errors('loginRefused') },
    ];
    for (const state of states) {
      const connection = Object.assign(connectionWith(), { label: name, userName: name, isReadOnly: true });
      connection.setState(state);
      const row = describeNode({ kind: 'server', connection }, context);
      check('server', row.label, row.description, row.accessibilityLabel);
      const tip = tooltipOf({ kind: 'server', connection }, context);
      check('server', tip?.title, ...(tip?.paragraphs ?? []));
      const notices = state.kind === 'failed' ? (['error'] as const) : (['loading', 'noVms', 'notConnected'] as const);
      for (const notice of notices) {
        check('notice', describeNode({ kind: 'notice', connection, notice }, context).label);
      }
    }
    for (const powerState of ['on', 'off', 'suspended'] as const) {
      for (const reachability of ['connected', 'disconnected', 'orphaned', 'inaccessible', 'invalid'] as const) {
        for (const flag of [false, true]) {
          const machine = vm('vm-1', {
            name,
            powerState,
            reachability,
            isTemplate: flag,
            needsConsolidation: flag,
            guestName: name,
            question: flag ? name : undefined,
            snapshots: flag ? chain() : tree,
          });
          const connection = Object.assign(connectionWith(machine), { label: name });
          const row = describeNode({ kind: 'vm', connection, vm: machine }, context);
          check('VM', row.label, row.description, row.accessibilityLabel);
          const tip = tooltipOf({ kind: 'vm', connection, vm: machine }, context);
          check('VM', tip?.title, ...(tip?.paragraphs ?? []));
          for (const node of [
            { kind: 'present', connection, vmId: machine.id } as const,
            {
              kind: 'snapshot',
              connection,
              vmId: machine.id,
              snapshot: snapshot('a', { name, hasMemory: flag }),
            } as const,
          ]) {
            const under = describeNode(node, context);
            check(node.kind, under.label, under.description, under.accessibilityLabel);
            const underTip = tooltipOf(node, context);
            check(node.kind, underTip?.title, ...(underTip?.paragraphs ?? []));
          }
        }
      }
    }
    for (const kind of ['datacenter', 'folder', 'cluster', 'host', 'resourcePool', 'vApp'] satisfies ContainerKind[]) {
      for (const condition of ['maintenance', 'disconnected', 'notResponding', undefined] as const) {
        const each = container('c', kind, { folders: null }, { name, condition });
        const node = {
          kind: 'container',
          connection: connectionWith(each),
          layout: 'folders',
          containers: [each],
        } as const;
        const row = describeNode(node, context);
        check(kind, row.description, row.accessibilityLabel);
      }
    }
  });

  it('dialogs say nothing in English', () => {
    const facts = { vm: { name, snapshots: chain('1', '2', '3') } };
    const kinds = ['restoreLatest', 'deleteAll', 'consolidate'] as const;
    for (const kind of kinds) {
      const plan = planFor({ kind }, facts);
      const text = confirmationText(plan, { formats, nowMs: testNowMs, offerSnapshotFirst: true });
      check(kind, text.message, text.detail, ...text.buttons.map(({ title }) => title));
      const typed = typedConfirmation(plan, '0000', formats);
      check(kind, typed.title, typed.prompt);
    }
    for (const kind of ['restore', 'delete', 'deleteWithChildren'] as const) {
      const plan = planFor({ kind, snapshotId: '2' }, facts);
      const text = confirmationText(plan, { formats, nowMs: testNowMs, offerSnapshotFirst: true });
      check(kind, text.message, text.detail, ...text.buttons.map(({ title }) => title));
    }
    const blockers: readonly Blocker[] = [
      { kind: 'readOnlyServer', advisory: false },
      { kind: 'unreachable', reachability: 'orphaned', advisory: false },
      { kind: 'template', advisory: false },
      { kind: 'busy', task: undefined, advisory: false },
      { kind: 'question', text: name, advisory: true },
      { kind: 'noPrivilege', missing: [name], advisory: false },
      { kind: 'chainFull', snapshots: 32, advisory: false },
      { kind: 'limitation', limitation: 'faultTolerance', advisory: true },
    ];
    const connection = Object.assign(connectionWith(), { label: name });
    for (const blocker of blockers) {
      const plan = { ...planFor({ kind: 'take' }, facts), blockers: [blocker] };
      const text = blockedText(connection, plan, { formats, nowMs: testNowMs });
      check(blocker.kind, text.message, text.detail, ...text.buttons.map(({ title }) => title));
    }
    const summary = certificate('A', { subject: name, issuer: name });
    for (const text of [
      certificateText(name, summary, 'expired', formats),
      removeServerText(name, undefined, [], formats),
      allowChangesText(name),
    ]) {
      check('dialog', text.message, text.detail.replace(/SHA-256/g, ''), ...text.buttons.map(({ title }) => title));
    }
  });

  it('sentences about servers and settings say nothing in English', () => {
    const connection = Object.assign(connectionWith(), { label: name, isReadOnly: true });
    const refusal = caught(() => {
      requireWritable(connection);
    });
    check(
      'errors',
      ...[notConnected(name, undefined), passwordNeeded(name, name), refusal].map((error) => error.say()),
    );
    check('errors', refusedBefore(name).say(), passwordUnavailable(name, true, undefined).say());
    check('file', caught(() => readExchange('x')).say());
    check('counts', importedText(2, formats), passwordUsedText(1, formats), useForOthersText(3, name, formats));
    check(
      'protection',
      protectionInTooltip({ kind: 'setting', pattern: name }),
      protectionInTooltip({ kind: 'server' }),
    );
    const problem = readSetting('bulk.maxVms', 0).problem ?? '';
    check('setting', problem.replace('vsphereSnapshots.bulk.maxVms', ''));
  });
});

function caught(act: () => unknown): HypervisorError {
  try {
    act();
  } catch (error) {
    if (error instanceof HypervisorError) {
      return error;
    }
    throw error;
  }
  throw new Error('Nothing was thrown.');
}
