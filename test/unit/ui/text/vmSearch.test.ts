import assert from 'node:assert/strict';
import type { HypervisorConnection } from '../../../../src/hypervisor/connection';
import type { ServerId } from '../../../../src/hypervisor/model/ids';
import { InventoryStore } from '../../../../src/hypervisor/inventory/inventoryStore';
import { findableVms, searchVms } from '../../../../src/ui/text/vmSearch';
import { container, objectId, vm } from '../../../support/domainBuilders';
import { ScriptedClient, ScriptedConnection } from '../../../support/scriptedHypervisor';

function serverWith(id: string, names: readonly (readonly [name: string, folder: string])[]): HypervisorConnection {
  const inventory = new InventoryStore();
  const folders = [...new Set(names.map(([, folder]) => folder))];
  inventory.put([
    container('dc', 'datacenter', { folders: null, compute: null }, { name: 'DC1' }),
    ...folders.map((name) => container(`folder-${name}`, 'folder', { folders: objectId('dc') }, { name })),
    ...names.map(([name, folder], index) =>
      vm(`vm-${index}`, { name, placement: { folders: objectId(`folder-${folder}`), compute: null } }),
    ),
  ]);
  return Object.assign(new ScriptedConnection(new ScriptedClient()), { id: id as ServerId, label: id, inventory });
}

const paris = serverWith('vc-paris', [
  ['WEB10', 'Prod'],
  ['WEB2', 'Prod'],
  ['SQL01', 'Prod'],
  ['SQL01-old', 'Archive'],
  ['backup of SQL01', 'Archive'],
]);
const lyon = serverWith('vc-lyon', [['SQL01', 'Test']]);
const all = [...findableVms(paris, () => true), ...findableVms(lyon, () => true)];

function found(typed: string, preferred: readonly string[] = [], limit = 100): string[] {
  return searchVms(all, typed, preferred, limit).map((each) => `${each.vm.name} in ${each.where}`);
}

describe('searchVms', () => {
  it('says where each VM is, from the server down', () => {
    assert.deepEqual(
      new Set(all.map(({ where }) => where)),
      new Set(['vc-paris / DC1 / Prod', 'vc-paris / DC1 / Archive', 'vc-lyon / DC1 / Test']),
    );
  });

  it('shows everything in natural order while nothing is typed', () => {
    assert.deepEqual(found('  '), [
      'backup of SQL01 in vc-paris / DC1 / Archive',
      'SQL01 in vc-lyon / DC1 / Test',
      'SQL01 in vc-paris / DC1 / Prod',
      'SQL01-old in vc-paris / DC1 / Archive',
      'WEB2 in vc-paris / DC1 / Prod',
      'WEB10 in vc-paris / DC1 / Prod',
    ]);
  });

  it('puts what is selected and was used before the rest, in that order', () => {
    assert.deepEqual(found('', ['vc-paris/vm-0', 'vc-lyon/vm-0', 'gone/vm-9']).slice(0, 3), [
      'WEB10 in vc-paris / DC1 / Prod',
      'SQL01 in vc-lyon / DC1 / Test',
      'backup of SQL01 in vc-paris / DC1 / Archive',
    ]);
  });

  it('puts the very name first, then what begins with it, then what holds it', () => {
    assert.deepEqual(found('sql01'), [
      'SQL01 in vc-lyon / DC1 / Test',
      'SQL01 in vc-paris / DC1 / Prod',
      'SQL01-old in vc-paris / DC1 / Archive',
      'backup of SQL01 in vc-paris / DC1 / Archive',
    ]);
  });

  it('tells VMs of one name apart by their place', () => {
    assert.deepEqual(found('sql01 paris prod'), ['SQL01 in vc-paris / DC1 / Prod']);
  });

  it('finds by the place alone', () => {
    assert.deepEqual(found('lyon'), ['SQL01 in vc-lyon / DC1 / Test']);
  });

  it('takes what was pasted with blanks and line breaks around it', () => {
    assert.deepEqual(found('\tWEB2\r\n'), ['WEB2 in vc-paris / DC1 / Prod']);
  });

  it('finds nothing where a word is nowhere', () => {
    assert.deepEqual(found('sql01 berlin'), []);
  });

  it('gives the best ones when not all are wanted', () => {
    assert.deepEqual(found('', [], 2), found('').slice(0, 2));
    assert.deepEqual(found('', ['vc-paris/vm-0'], 1), ['WEB10 in vc-paris / DC1 / Prod']);
    assert.deepEqual(found('sql01', [], 3), found('sql01').slice(0, 3));
  });

  it('leaves out what is not accepted', () => {
    assert.deepEqual(
      findableVms(lyon, ({ name }) => name !== 'SQL01'),
      [],
    );
  });
});
