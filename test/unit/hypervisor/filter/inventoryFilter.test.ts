import assert from 'node:assert/strict';
import { FilterMatcher } from '../../../../src/hypervisor/filter/filterMatcher';
import {
  type InventoryFilter,
  isEmptyFilter,
  noFilter,
  parseFilter,
} from '../../../../src/hypervisor/filter/inventoryFilter';
import type { VirtualMachine } from '../../../../src/hypervisor/model/inventory';
import { chain, snapshot, testNowMs, vm } from '../../../support/domainBuilders';

const dayMs = 86_400_000;

describe('inventory filter', () => {
  const matches = (filter: Partial<InventoryFilter>, machine: VirtualMachine, sizeBytes?: number): boolean =>
    new FilterMatcher({ ...noFilter, ...filter }).matchesVm(machine, {
      nowMs: () => testNowMs,
      sizeBytes: () => sizeBytes,
    });

  it('survives being kept, and what cannot be read of it is as if not set', () => {
    const filter: InventoryFilter = {
      name: 'sql*',
      states: ['on', 'template'],
      hasSnapshots: true,
      needsConsolidation: true,
      olderThanDays: 30,
      largerThanGb: 10,
    };
    assert.deepEqual(parseFilter(JSON.parse(JSON.stringify(filter))), filter);
    assert.deepEqual(parseFilter(JSON.parse(JSON.stringify(noFilter))), noFilter);
    for (const bad of [
      undefined,
      null,
      'x',
      [],
      { name: 3, states: 'on', hasSnapshots: 'yes', olderThanDays: -1, largerThanGb: 1.5 },
      { name: '  ', states: ['gone'], olderThanDays: 1e9, largerThanGb: '10' },
    ]) {
      assert.deepEqual(parseFilter(bad), noFilter);
    }
    assert.equal(isEmptyFilter(noFilter), true);
    for (const key of Object.keys(filter) as (keyof InventoryFilter)[]) {
      assert.equal(isEmptyFilter({ ...noFilter, [key]: filter[key] }), false, key);
    }
  });

  it('asks for the name, in part or as a glob, in any writing', () => {
    const machine = vm('SQL01');
    assert.equal(matches({ name: 'ql' }, machine), true);
    assert.equal(matches({ name: 'ql*' }, machine), false);
    assert.equal(matches({ name: 'ｓｑｌ*' }, machine), true);
    assert.equal(matches({ name: '[s]' }, machine), false);
  });

  it('asks for any of the states, and takes a template for nothing else', () => {
    const template = vm('t', { isTemplate: true, powerState: 'off' });
    assert.equal(matches({ states: ['off'] }, template), false);
    assert.equal(matches({ states: ['template'] }, template), true);
    assert.equal(matches({ states: ['on', 'suspended'] }, vm('v', { powerState: 'suspended' })), true);
  });

  it('asks for snapshots, their age and their size', () => {
    const old = vm('v', {
      snapshots: { roots: [snapshot('s', { createdAtMs: testNowMs - 30 * dayMs })], currentId: undefined },
    });
    assert.equal(matches({ hasSnapshots: true }, vm('v')), false);
    assert.equal(matches({ hasSnapshots: true }, old), true);
    assert.equal(matches({ olderThanDays: 30 }, old), true);
    assert.equal(matches({ olderThanDays: 31 }, old), false);
    assert.equal(matches({ olderThanDays: 1 }, vm('v')), false);
    assert.equal(matches({ largerThanGb: 2 }, old, 2 * 1024 ** 3 + 1), true);
    assert.equal(matches({ largerThanGb: 2 }, old, 2 * 1024 ** 3), false);
    assert.equal(matches({ largerThanGb: 2 }, old), false);
  });

  it('asks for all of it at once', () => {
    const machine = vm('SQL01', { needsConsolidation: true, snapshots: chain('a') });
    assert.equal(matches({ needsConsolidation: true, hasSnapshots: true, name: 'sql' }, machine), true);
    assert.equal(matches({ needsConsolidation: true, hasSnapshots: true, name: 'web' }, machine), false);
    assert.equal(matches({ needsConsolidation: true }, vm('v')), false);
  });
});
