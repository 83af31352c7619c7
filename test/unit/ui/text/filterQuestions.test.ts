import assert from 'node:assert/strict';
import { type InventoryFilter, noFilter } from '../../../../src/hypervisor/filter/inventoryFilter';
import { selectedVms } from '../../../../src/ui/text/exportScope';
import { exportedText, exportFileName, gapText } from '../../../../src/ui/text/exportText';
import {
  filterChoices,
  type FilterTick,
  valueProblem,
  valueQuestion,
  valuesOf,
  withTicks,
  withValue,
} from '../../../../src/ui/text/filterQuestions';
import { filterInWords } from '../../../../src/ui/text/filterText';
import { chain, container, snapshot, testNowMs, vm } from '../../../support/domainBuilders';
import { connectionWith, paris } from '../../../support/rowFixtures';

const full: InventoryFilter = {
  name: 'sql*',
  states: ['on', 'suspended'],
  hasSnapshots: true,
  needsConsolidation: true,
  olderThanDays: 1_000,
  largerThanGb: 10,
};

describe('a filter in words', () => {
  it('says all that it asks for', () => {
    assert.equal(
      filterInWords(full, paris),
      'sql*, running or suspended, has snapshots, needs consolidation, older than 1,000 days, larger than 10 GB',
    );
    assert.equal(filterInWords({ ...noFilter, olderThanDays: 1 }, paris), 'older than 1 day');
    assert.equal(filterInWords({ ...noFilter, states: ['off', 'template'] }, paris), 'powered off or template');
    assert.equal(filterInWords(noFilter, paris), '');
  });
});

describe('questions about a filter', () => {
  const ticksOf = (filter: InventoryFilter, isForSnapshots = false): FilterTick[] =>
    filterChoices(filter, isForSnapshots, paris).flatMap((choice) =>
      'tick' in choice && choice.isTicked ? [choice.tick] : [],
    );

  it('offer what is set as ticked, and put the same filter together again', () => {
    assert.deepEqual(ticksOf(noFilter), []);
    assert.deepEqual(withTicks(full, ticksOf(full)), full);
    assert.deepEqual(withTicks(full, []), noFilter);
  });

  it('do not ask a list of snapshots whether there are any', () => {
    assert.equal(ticksOf(full, true).includes('hasSnapshots'), false);
  });

  it('suggest a value for what was ticked first', () => {
    const filter = withTicks(noFilter, ['olderThan', 'largerThan', 'name']);
    assert.deepEqual(valuesOf(filter), ['name', 'olderThan', 'largerThan']);
    assert.deepEqual(
      valuesOf(filter).map((value) => valueQuestion(filter, value).value),
      ['', '30', '10'],
    );
    assert.deepEqual(valuesOf(withTicks(noFilter, ['on', 'needsConsolidation'])), []);
  });

  it('take whole numbers and a name, and say what is wrong with anything else', () => {
    for (const bad of ['', 'x', '0', '-1', '1.5', '99999999999']) {
      assert.match(valueProblem('olderThan', bad) ?? '', /^Enter a whole number from 1 to \d+\.$/, bad);
    }
    assert.equal(valueProblem('largerThan', ' 20 '), undefined);
    assert.equal(valueProblem('name', '  '), 'Enter a name.');
    assert.equal(valueProblem('name', 'x'.repeat(201)), 'At most 200 characters.');
    assert.equal(withValue(noFilter, 'olderThan', ' 41 ').olderThanDays, 41);
    assert.equal(withValue(noFilter, 'largerThan', '7').largerThanGb, 7);
    assert.equal(withValue(noFilter, 'name', ' sql ').name, 'sql');
  });
});

describe('what is exported', () => {
  it('are the VMs that the selected rows stand for, each once', () => {
    const folder = container('f', 'folder', { folders: null });
    const inner = container('g', 'folder', { folders: folder.id });
    const a = vm('a', { placement: { folders: inner.id }, snapshots: chain('s1', 's2') });
    const b = vm('b', { snapshots: chain('s3', 's4') });
    const connection = connectionWith(folder, inner, a, b);
    const summary = (nodes: Parameters<typeof selectedVms>[0]): unknown[] =>
      selectedVms(nodes, 'folders').map(({ vm: each, snapshotIds }) => [each.id, snapshotIds && [...snapshotIds]]);
    const row = (id: string) => ({ kind: 'snapshot', connection, vmId: b.id, snapshot: snapshot(id) }) as const;
    assert.deepEqual(summary([{ kind: 'container', connection, layout: 'folders', containers: [folder] }]), [
      ['a', undefined],
    ]);
    assert.deepEqual(summary([row('s3'), row('s4')]), [['b', ['s3', 's4']]]);
    assert.deepEqual(summary([row('s3'), { kind: 'vm', connection, vm: b }, row('s4')]), [['b', undefined]]);
    assert.deepEqual(summary([{ kind: 'server', connection }]).length, 2);
    assert.deepEqual(summary([{ kind: 'notice', connection, notice: 'error' }]), []);
  });

  it('is told in words', () => {
    assert.equal(exportedText(1, paris), '1 snapshot was exported.');
    assert.equal(exportedText(1_000, paris), '1,000 snapshots were exported.');
    assert.match(gapText('vc-paris', 3, paris), /^'vc-paris' stopped answering: .*\(3\)\.$/);
    assert.equal(exportFileName(testNowMs), 'vsphere-snapshots-2026-11-22');
  });
});
