import assert from 'node:assert/strict';
import { ManualClock } from '../../../../src/common/clock';
import { noFilter } from '../../../../src/hypervisor/filter/inventoryFilter';
import type { ServerId } from '../../../../src/hypervisor/model/ids';
import type { JsonValue } from '../../../../src/servers/statePort';
import { ViewMemory } from '../../../../src/ui/adapters/viewMemory';
import { Expansion, type SavedExpansion } from '../../../../src/ui/tree/expansion';
import { vm } from '../../../support/domainBuilders';
import { connectionWith } from '../../../support/rowFixtures';
import { Favorites } from '../../../../src/ui/tree/favorites';

describe('expansion', () => {
  const clock = new ManualClock();
  let saved: SavedExpansion[];
  let expansion: Expansion;
  const make = (from: SavedExpansion): Expansion => new Expansion(from, clock, (each) => saved.push(each));

  beforeEach(() => {
    saved = [];
    expansion = make({ expanded: [], collapsed: [] });
  });

  it('keeps what differs from how a row is at first, and nothing else', () => {
    expansion.note('vm', true, 'collapsed');
    expansion.note('server', false, 'expanded');
    expansion.note('other', true, 'collapsed');
    expansion.note('other', false, 'collapsed');
    clock.advance(1_000);
    assert.deepEqual(saved, [{ expanded: ['vm'], collapsed: ['server'] }]);
    const later = make(saved[0] as SavedExpansion);
    assert.equal(later.stateOf('vm', 'collapsed'), 'expanded');
    assert.equal(later.stateOf('server', 'expanded'), 'collapsed');
    assert.equal(later.stateOf('other', 'collapsed'), 'collapsed');
    // A VM without snapshots has nothing to unfold, whatever it had once.
    assert.equal(later.stateOf('vm', 'none'), 'none');
  });

  it('saves what is not saved yet when it ends', () => {
    expansion.note('vm', true, 'collapsed');
    expansion.dispose();
    assert.equal(saved.length, 1);
    clock.advance(5_000);
    assert.equal(saved.length, 1);
  });

  it('takes a row for unfolded when its children are asked for, though nobody said so', () => {
    expansion.note('server', false, 'expanded');
    clock.advance(5_000);
    expansion.childrenAsked('folder', 'collapsed');
    expansion.childrenAsked('server', 'expanded');
    expansion.childrenAsked('other', 'expanded');
    expansion.childrenAsked('empty', 'none');
    clock.advance(1_000);
    assert.deepEqual(saved.at(-1), { expanded: ['folder'], collapsed: [] });
  });

  it('leaves a row folded whose children were asked for just before', () => {
    expansion.note('folder', true, 'collapsed');
    expansion.note('folder', false, 'collapsed');
    clock.advance(500);
    expansion.childrenAsked('folder', 'collapsed');
    assert.equal(expansion.stateOf('folder', 'collapsed'), 'collapsed');
    clock.advance(1_000);
    expansion.childrenAsked('folder', 'collapsed');
    assert.equal(expansion.stateOf('folder', 'collapsed'), 'expanded');
  });

  it('forgets what was unfolded longest ago', () => {
    for (let i = 0; i < 501; i++) {
      expansion.note(`vm-${i}`, true, 'collapsed');
    }
    expansion.dispose();
    assert.equal(saved.at(-1)?.expanded.length, 500);
    assert.equal(expansion.stateOf('vm-0', 'collapsed'), 'collapsed');
    assert.equal(expansion.stateOf('vm-500', 'collapsed'), 'expanded');
  });
});

describe('favorites', () => {
  it('are kept with what another window has added meanwhile', async () => {
    let kept: readonly string[] = ['server-1/a'];
    const favorites = new Favorites(
      () => kept,
      (ids) => {
        kept = ids;
        return Promise.resolve();
      },
    );
    const connection = connectionWith(vm('a'), vm('b'));
    kept = [...kept, 'server-9/x'];
    await favorites.set([{ connection, vm: vm('b') }], true);
    assert.deepEqual(kept, ['server-1/a', 'server-9/x', 'server-1/b']);
    await favorites.set([{ connection, vm: vm('a') }], false);
    assert.deepEqual(kept, ['server-9/x', 'server-1/b']);
    assert.deepEqual(
      favorites.of([connection]).map((each) => each.vm.id),
      ['b'],
    );
    assert.equal(favorites.has(connection, vm('b').id), true);
    assert.equal(favorites.has(connection, vm('a').id), false);
  });

  it('go with their server', async () => {
    let kept: readonly string[] = ['server-1/a', 'server-10/b', 'demo/c'];
    let saves = 0;
    const favorites = new Favorites(
      () => kept,
      (ids) => {
        kept = ids;
        saves++;
        return Promise.resolve();
      },
    );
    await favorites.forget(['server-1' as ServerId]);
    await favorites.forget(['server-1' as ServerId]);
    assert.deepEqual(kept, ['server-10/b', 'demo/c']);
    assert.equal(saves, 1);
    assert.equal(favorites.has(connectionWith(vm('a')), vm('a').id), false);
  });
});

describe('view memory', () => {
  it('gives back what it was given, and sound values for anything else', async () => {
    const state = new Map<string, JsonValue | undefined>();
    const port = {
      get: (key: string) => state.get(key),
      set: (key: string, value: JsonValue | undefined) => {
        state.set(key, value);
        return Promise.resolve();
      },
    };
    const memory = new ViewMemory(port, port);
    assert.equal(memory.layout, 'folders');
    assert.deepEqual(memory.filter('tree'), noFilter);
    assert.deepEqual(memory.expansion, { expanded: [], collapsed: [] });
    await memory.saveLayout('snapshots');
    await memory.saveFilter('snapshots', { ...noFilter, olderThanDays: 30 });
    await memory.saveFavorites(['a/b']);
    await memory.saveExpansion({ expanded: ['x'], collapsed: ['y'] });
    assert.equal(memory.layout, 'snapshots');
    assert.equal(memory.filter('snapshots').olderThanDays, 30);
    assert.deepEqual(memory.filter('tree'), noFilter);
    assert.deepEqual(memory.favorites, ['a/b']);
    assert.deepEqual(memory.expansion, { expanded: ['x'], collapsed: ['y'] });
    for (const key of state.keys()) {
      state.set(key, { expanded: 7, collapsed: [1, 'z'] });
    }
    assert.equal(memory.layout, 'folders');
    assert.deepEqual(memory.favorites, []);
    assert.deepEqual(memory.expansion, { expanded: [], collapsed: ['z'] });
  });
});
