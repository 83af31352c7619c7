import assert from 'node:assert/strict';
import { HypervisorError } from '../../../../src/hypervisor/errors';
import type { VirtualMachine } from '../../../../src/hypervisor/model/inventory';
import type { Snapshot } from '../../../../src/hypervisor/model/snapshot';
import type { RowContext } from '../../../../src/ui/text/rowContext';
import { tooltipMarkdown } from '../../../../src/ui/text/tooltipMarkdown';
import { tooltipOf } from '../../../../src/ui/text/tooltips';
import {
  chain,
  container,
  objectId,
  serverTask,
  snapshot,
  snapshotId,
  testNowMs,
  vm,
} from '../../../support/domainBuilders';
import { connectionWith, rowContext, rowsOf, serverFacts } from '../../../support/rowFixtures';
import type { ScriptedConnection } from '../../../support/scriptedHypervisor';

const gigabyte = 1024 ** 3;
const dc = container('dc', 'datacenter', { folders: null, compute: null }, { name: 'DC1' });
const prod = container('prod', 'folder', { folders: dc.id }, { name: 'Prod' });
const host = container('host', 'host', { compute: dc.id }, { name: 'esx-07' });

function vmTooltip(
  facts: Partial<VirtualMachine>,
  changes: Partial<RowContext> = {},
  prepare?: (c: ScriptedConnection) => void,
) {
  const machine = vm('vm-1', {
    name: 'SQL01',
    placement: { folders: prod.id, compute: host.id },
    hostId: host.id,
    guestName: undefined,
    ...facts,
  });
  const connection = connectionWith(dc, prod, host, machine);
  prepare?.(connection);
  return tooltipOf({ kind: 'vm', connection, vm: machine }, rowContext(changes));
}

function snapshotTooltip(facts: Partial<Snapshot>, changes: Partial<RowContext> = {}) {
  const one = snapshot('s', { name: 'before KB5034', createdAtMs: Date.UTC(2026, 10, 19, 8, 12), ...facts });
  const machine = vm('vm-1', { snapshots: { roots: [one], currentId: one.id } });
  return tooltipOf(
    { kind: 'snapshot', connection: connectionWith(machine), vmId: machine.id, snapshot: one },
    rowContext(changes),
  );
}

describe('tooltips', () => {
  it('tells a VM in one line where nothing is the matter', () => {
    assert.deepEqual(vmTooltip({}), {
      title: 'SQL01',
      paragraphs: ['Running · 8 GB RAM · esx-07 · vc-paris / DC1 / Prod', 'No snapshots.'],
    });
    assert.equal(
      vmTooltip({ powerState: 'off', memoryBytes: undefined, hostId: undefined, guestName: 'Debian' })?.paragraphs[0],
      'Powered off · vc-paris / DC1 / Prod · Debian',
    );
    assert.match(vmTooltip({ powerState: 'suspended' })?.paragraphs[0] ?? '', /^Suspended · /);
  });

  it('tells how many snapshots there are, what they block, and their size once it is known', () => {
    const roots = [snapshot('before KB5034', { createdAtMs: testNowMs - 41 * 86_400_000, children: [snapshot('b')] })];
    const sizes = {
      bySnapshot: new Map(),
      totalBytes: 12.4 * gigabyte,
      leftoverBytes: 0,
      measuredAtMs: testNowMs - 180_000,
    };
    const known = { sizes, readAtMs: testNowMs };
    const tree = { roots, currentId: snapshotId('b') };
    assert.deepEqual(vmTooltip({ snapshots: tree }, { sizes: () => known })?.paragraphs.slice(1), [
      "2 snapshots, oldest 'before KB5034' (41 days). Its disks can't be resized while snapshots exist.",
      'Size 12.4 GB (read 15:02)',
    ]);
    assert.deepEqual(vmTooltip({}, { sizes: () => known })?.paragraphs.slice(1), ['No snapshots.']);
  });

  it('tells what is the matter', () => {
    const paragraphs = vmTooltip(
      { needsConsolidation: true, reachability: 'inaccessible', question: 'Retry?' },
      {},
      ({ runningTasks }) => {
        runningTasks.update([serverTask('t', { vmId: objectId('vm-1'), startedAtMs: testNowMs - 3_780_000 })]);
      },
    )?.paragraphs;
    assert.deepEqual(paragraphs?.slice(1, 5), [
      'Remove snapshot, started 14:02 by CORP\\jdoe',
      "It waits for an answer in the vSphere Client: 'Retry?'",
      "The server can't reach this VM's host or files. Snapshot actions are unavailable.",
      'vSphere reports disks that belong to no snapshot. Choose Snapshots > Consolidate...',
    ]);
  });

  it('tells when and how a snapshot was taken', () => {
    assert.deepEqual(snapshotTooltip({}), {
      title: 'before KB5034',
      paragraphs: ['19 Nov 2026 09:12 (08:12 UTC) · disks only'],
    });
    assert.match(snapshotTooltip({ hasMemory: true })?.paragraphs[0] ?? '', / · with memory$/);
    assert.match(snapshotTooltip({ quiesced: true })?.paragraphs[0] ?? '', / · quiesced by VMware Tools$/);
  });

  it('gives the size, the backup product and the beginning of the description', () => {
    const sizes = {
      bySnapshot: new Map([[snapshotId('s'), { diskBytes: gigabyte, memoryBytes: 0, liveBytes: gigabyte }]]),
      totalBytes: 0,
      leftoverBytes: 0,
      measuredAtMs: 0,
    };
    const text = snapshotTooltip(
      { name: 'VEEAM BACKUP TEMPORARY SNAPSHOT', description: `first\r\nsecond ${'x'.repeat(600)}` },
      { sizes: () => ({ sizes, readAtMs: 0 }) },
    );
    assert.match(text?.paragraphs[0] ?? '', / · disks only · 2 GB$/);
    assert.equal(text?.paragraphs[1], 'Belongs to a backup product; left out of bulk actions.');
    assert.match(text.paragraphs[2] ?? '', /^first\nsecond x+…$/);
    assert.equal(text.paragraphs[2]?.length, 500);
  });

  it('tells what the present state is based on', () => {
    const present = (currentId: string | undefined) => {
      const snapshots = { ...chain('a', 'b'), currentId: currentId === undefined ? undefined : snapshotId(currentId) };
      const machine = vm('vm-1', { name: 'SQL01', snapshots });
      return tooltipOf({ kind: 'present', connection: connectionWith(machine), vmId: machine.id }, rowContext());
    };
    assert.deepEqual(present('b'), {
      title: 'Present state of SQL01',
      paragraphs: ["Changes since 'b' are in no snapshot."],
    });
    assert.deepEqual(present(undefined)?.paragraphs, ['It is based on no snapshot, and in none.']);
  });

  it('tells what a server is and how far it is trusted', () => {
    const connection = connectionWith();
    connection.isReadOnly = true;
    connection.isProtected = true;
    const text = (facts: typeof serverFacts) =>
      tooltipOf({ kind: 'server', connection }, rowContext({ facts: () => facts }))?.paragraphs;
    assert.deepEqual(text(serverFacts), [
      'vCenter 8.0.3 · certificate pinned · password in the OS keychain',
      'vc-paris.corp · jdoe',
      'Read-only: nothing is changed on this server from here.',
      'Protected. What loses data has to be typed to be confirmed.',
    ]);
    assert.equal(
      text({ ...serverFacts, product: undefined, passwordStore: undefined, trust: 'verified' })?.[0],
      'certificate verified',
    );
    assert.equal(text({ ...serverFacts, trust: 'none' })?.[0]?.includes('not encrypted, this machine only'), true);
    const error = new HypervisorError('noAnswer', 'log', ({ serverLabel }) => `${serverLabel} is silent.`);
    connection.setState({ kind: 'failed', sinceMs: 0, error });
    assert.equal(text(serverFacts)?.[2], 'vc-paris is silent.');
  });

  it('repeats the sentence of a notice, and says nothing of containers', () => {
    const connection = connectionWith(dc);
    assert.equal(
      tooltipOf({ kind: 'notice', connection, notice: 'noVms' }, rowContext())?.title,
      "No virtual machines are visible to 'jdoe'.",
    );
    const node = rowsOf().containerRow(connection, dc.id);
    assert.ok(node);
    assert.equal(tooltipOf(node, rowContext()), undefined);
  });
});

describe('tooltips: Markdown', () => {
  /** What a Markdown renderer shows of character references. */
  const decoded = (text: string): string =>
    text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

  it('means nothing but the text, whatever that holds', () => {
    const hostile =
      '[x](command:workbench.action.terminal.new) $(trash) <img src=x> **b** `c` # h https://evil.example www.evil.example a@evil.example | - 1. \\ &amp; ~s~';
    const [title, paragraph] = tooltipMarkdown({ title: hostile, paragraphs: [hostile] }).split('\n\n');
    assert.match(title ?? '', /^\*\*[^*]*\*\*$/);
    assert.doesNotMatch(paragraph ?? '', /[^\w\s&#;]/);
    assert.doesNotMatch(paragraph ?? '', /&(?!#\d+;)|#(?!\d+;)/);
    assert.equal(decoded(paragraph ?? ''), hostile);
  });

  it('keeps lines apart and indents nothing', () => {
    assert.equal(tooltipMarkdown({ title: 't', paragraphs: ['a\n\n    b', ''] }), '**t**\n\na\n\nb');
  });

  it('leaves letters of all scripts alone', () => {
    assert.equal(tooltipMarkdown({ title: 'Zürich 数据 🙂', paragraphs: [] }), '**Zürich 数据 🙂**');
  });
});
