import assert from 'node:assert/strict';
import type { ServerId } from '../../../src/hypervisor/model/ids';
import { ProtectionMarks } from '../../../src/servers/protectionMarks';
import { objectId } from '../../support/domainBuilders';
import { eventually } from '../../support/eventually';
import { MemoryState, newProfile, ScriptedServers, Window } from '../../support/serverFixtures';

const folder = objectId('group-v1');
const vm = objectId('vm-1');

async function setUp(): Promise<{ window: Window; id: ServerId; marks: ProtectionMarks; changes: () => number }> {
  const window = new Window();
  const { id } = await window.profiles.add(newProfile());
  const marks = new ProtectionMarks(window.state, window.profiles, window.log.logger);
  let changes = 0;
  marks.onDidChange(() => changes++);
  return { window, id, marks, changes: () => changes };
}

describe('ProtectionMarks', () => {
  it('are kept, told and taken away', async () => {
    const { window, id, marks, changes } = await setUp();
    assert.equal(marks.hasAny, false);
    await marks.set(id, [folder, vm], true);
    assert.equal(marks.hasAny, true);
    assert.deepEqual([marks.isMarked(id, folder), marks.isMarked(id, vm)], [true, true]);
    assert.ok(changes() > 0);
    const later = new ProtectionMarks(window.state, window.profiles, window.log.logger);
    assert.equal(later.isMarked(id, folder), true);
    await marks.set(id, [folder], false);
    assert.deepEqual([marks.isMarked(id, folder), marks.isMarked(id, vm)], [false, true]);
    assert.equal(marks.isMarked('another' as ServerId, vm), false);
  });

  it('go with their server, in whichever window it was removed', async () => {
    const { window, id, marks } = await setUp();
    await marks.set(id, [vm], true);
    await window.registry.remove(id);
    await eventually('the marks are gone', () => JSON.stringify(window.state.get('protectedObjects')) === '{}');
    assert.equal(marks.isMarked(id, vm), false);
  });

  it('on the demo are not saved', async () => {
    const { window, marks, changes } = await setUp();
    const { id } = await window.profiles.add(newProfile({ isDemo: true, host: 'localhost' }));
    await marks.set(id, [vm], true);
    assert.equal(marks.isMarked(id, vm), true);
    assert.equal(changes(), 1);
    assert.equal(window.state.get('protectedObjects'), undefined);
    await window.registry.remove(id);
    assert.equal(marks.isMarked(id, vm), false);
  });

  it('of two windows do not undo each other', async () => {
    const state = new MemoryState();
    const [one, two] = ['one', 'two'].map(
      (name) => new Window(new ScriptedServers(), state.silently(), undefined, name),
    );
    assert.ok(one !== undefined && two !== undefined);
    const { id } = await one.profiles.add(newProfile());
    two.profiles.refresh();
    const [a, b] = [one, two].map(({ state: port, profiles, log }) => new ProtectionMarks(port, profiles, log.logger));
    assert.ok(a !== undefined && b !== undefined);
    await a.set(id, [folder], true);
    await b.set(id, [vm], true);
    let told = 0;
    a.onDidChange(() => told++);
    a.refresh();
    a.refresh();
    assert.equal(told, 1);
    assert.deepEqual([a.isMarked(id, folder), a.isMarked(id, vm)], [true, true]);
  });

  it('that cannot be read are put aside, not lost', async () => {
    const { window, id } = await setUp();
    await window.state.set('protectedObjects', 'nonsense');
    const marks = new ProtectionMarks(window.state, window.profiles, window.log.logger);
    assert.match(window.log.text, /marks of protected objects cannot be read/);
    await marks.set(id, [vm], true);
    assert.equal(window.state.get('protectedObjects.unreadable'), 'nonsense');
    assert.equal(marks.isMarked(id, vm), true);
  });
});
