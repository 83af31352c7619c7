import assert from 'node:assert/strict';
import type { Container } from '../../../../src/hypervisor/model/inventory';
import { ShownRows } from '../../../../src/ui/tree/shownRows';
import { nodeOf, nodesOf, TreeElement } from '../../../../src/ui/tree/treeElement';
import type { ContainerNode, TreeNode } from '../../../../src/ui/text/treeNode';
import { container, objectId, vm } from '../../../support/domainBuilders';
import { connectionWith, rowsOf } from '../../../support/rowFixtures';

const connection = connectionWith();
const server: TreeNode = { kind: 'server', connection };
const vmNode = (id: string, name = id): TreeNode => ({ kind: 'vm', connection, vm: vm(id, { name }) });

describe('shown rows', () => {
  it('gives the same object for the same row, with what is known now', () => {
    const shown = new ShownRows();
    const first = shown.element(vmNode('a', 'old'));
    const second = shown.element(vmNode('a', 'new'));
    assert.equal(first, second);
    assert.equal(first.node.kind === 'vm' && first.node.vm.name, 'new');
  });

  it('forgets what has gone, with everything under it', () => {
    const shown = new ShownRows();
    const [top] = shown.setChildren(undefined, [server]);
    assert.ok(top);
    const [a] = shown.setChildren(top, [vmNode('a'), vmNode('b')]);
    shown.setChildren(a, [{ kind: 'present', connection, vmId: objectId('a') }]);
    shown.setChildren(top, [vmNode('b')]);
    assert.deepEqual(
      [...shown.all()].map(({ id }) => id),
      ['server-1', 'server-1/b'],
    );
    assert.equal(shown.parentId('server-1/b'), 'server-1');
  });

  it('keeps a row that has moved, whichever list is told first', () => {
    for (const newFirst of [true, false]) {
      const shown = new ShownRows();
      const folders = ['f', 'g'].map((id): TreeNode => ({
        kind: 'container',
        connection,
        layout: 'folders',
        containers: [container(id, 'folder', { folders: null })],
      }));
      const [top] = shown.setChildren(undefined, [server]);
      const [f, g] = shown.setChildren(top, folders);
      const [before] = shown.setChildren(f, [vmNode('a')]);
      shown.setChildren(g, []);
      const lists = [() => shown.setChildren(f, []), () => shown.setChildren(g, [vmNode('a')])];
      for (const tell of newFirst ? lists.reverse() : lists) {
        tell();
      }
      assert.equal(shown.parentId('server-1/a'), g?.id);
      assert.notEqual(shown.get('server-1/a'), undefined);
      if (newFirst) {
        assert.equal(shown.get('server-1/a'), before);
      }
    }
  });

  it('finds the row of every container in it, and not in one that it has left', () => {
    const dc = container('dc', 'datacenter', { folders: null });
    const prod = container('prod', 'folder', { folders: dc.id });
    const inventory = connectionWith(dc, prod);
    const rows = rowsOf();
    const shown = new ShownRows();
    const [top] = shown.setChildren(undefined, [{ kind: 'server', connection: inventory }]);
    assert.ok(top);
    const [joined] = shown.setChildren(
      top,
      rows.childrenOf({ kind: 'server', connection: inventory }).filter(({ kind }) => kind === 'container'),
    );
    assert.equal(shown.rowOfContainer(inventory.id, dc.id), joined);
    assert.equal(shown.rowOfContainer(inventory.id, prod.id), joined);
    inventory.inventory.put([container('test', 'folder', { folders: dc.id })]);
    const [alone] = shown.setChildren(
      top,
      rows.childrenOf({ kind: 'server', connection: inventory }).filter(({ kind }) => kind === 'container'),
    );
    assert.equal(shown.rowOfContainer(inventory.id, dc.id), alone);
    assert.equal(shown.rowOfContainer(inventory.id, prod.id), undefined);
  });

  it('leaves containers where they are shown when a row is drawn late that is not shown any more', () => {
    const dc = container('dc', 'datacenter', { folders: null });
    const prod = container('prod', 'folder', { folders: dc.id });
    const connection = connectionWith(dc, prod);
    const row = (...containers: [Container, ...Container[]]): ContainerNode => ({
      kind: 'container',
      connection,
      layout: 'folders',
      containers,
    });
    const shown = new ShownRows();
    const [late] = shown.setChildren(undefined, [row(prod)]);
    const [alone] = shown.setChildren(undefined, [row(dc)]);
    assert.ok(late);
    shown.setNode(late, row(dc, prod));
    assert.equal(shown.rowOfContainer(connection.id, dc.id), alone);
  });
});

describe('what commands get', () => {
  const a = new TreeElement('a', vmNode('a'));
  const b = new TreeElement('b', vmNode('b'));

  it('is the row that was clicked', () => {
    assert.equal(nodeOf(a), a.node);
    assert.equal(nodeOf('selection'), undefined);
    assert.equal(nodeOf(undefined), undefined);
    assert.deepEqual(nodesOf(a, undefined), [a.node]);
    assert.deepEqual(nodesOf(undefined, undefined), []);
  });

  it('is every selected row where the clicked one is among them', () => {
    assert.deepEqual(nodesOf(a, [a, b]), [a.node, b.node]);
    assert.deepEqual(nodesOf(a, []), [a.node]);
    assert.deepEqual(nodesOf(a, [a, 'else', undefined]), [a.node]);
  });
});
