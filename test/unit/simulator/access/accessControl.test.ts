import assert from 'node:assert/strict';
import { type Access, canSee } from '../../../../src/simulator/access/accessControl';
import { accountKey, reportedAccount } from '../../../../src/simulator/access/accountName';
import { smallDatacenter } from '../../../../src/simulator/inventory/smallInventory';
import { findByPath } from '../../../../src/simulator/model/inventoryPaths';
import type { Entity } from '../../../../src/simulator/model/registry';
import { bareServer } from '../../../support/bareServer';

const take = 'VirtualMachine.State.CreateSnapshot';

function setUp() {
  const { server } = bareServer(
    (builder) => {
      const datacenter = smallDatacenter(builder);
      const folder = builder.folder(datacenter.vmFolder, 'F');
      builder.vm(datacenter, { name: 'A' }, { folder });
      builder.vm(datacenter, { name: 'B' });
    },
    { roles: [{ name: 'Snapshots', privileges: [take] }] },
  );
  const at = (path: string): Entity => {
    const entity =
      path === ''
        ? server.registry.resolveEntity(server.content.rootFolder)
        : findByPath(server.registry, server.content.rootFolder, path);
    assert.ok(entity !== undefined, path);
    return entity;
  };
  const grant = (path: string, role: string, propagate = true): void => {
    server.accessControl.grant(at(path), 'jdoe', server.accessControl.role(role)?.id ?? 0, propagate);
  };
  const access: Access = server.accessControl.accessOf('jdoe');
  return { server, at, grant, access };
}

describe('simulator: permissions', () => {
  it('grant nothing to whoever has none', () => {
    const { server, at, access } = setUp();
    assert.equal(server.accessControl.isKnown('jdoe'), false);
    assert.equal(canSee(access, at('DC1/vm/F/A')), false);
  });

  it('reach what is below, unless they do not propagate', () => {
    const { at, grant, access } = setUp();
    grant('DC1/vm/F', 'ReadOnly');
    assert.equal(canSee(access, at('DC1/vm/F/A')), true);
    assert.equal(canSee(access, at('DC1/vm/B')), false);
    assert.equal(canSee(access, at('DC1')), false);
    grant('DC1/vm/F', 'ReadOnly', false);
    assert.equal(canSee(access, at('DC1/vm/F')), true);
    assert.equal(canSee(access, at('DC1/vm/F/A')), false);
  });

  it('count from the nearest place, also when it takes away', () => {
    const { at, grant, access } = setUp();
    grant('', 'Admin');
    grant('DC1/vm/F', 'ReadOnly');
    assert.equal(access.has(at('DC1/vm/B'), take), true);
    assert.equal(access.has(at('DC1/vm/F/A'), take), false);
    grant('DC1/vm/F/A', 'NoAccess');
    assert.equal(canSee(access, at('DC1/vm/F/A')), false);
  });

  it('come with the System privileges in every role that people make', () => {
    const { at, grant, access } = setUp();
    grant('DC1/vm/F/A', 'Snapshots');
    const vm = at('DC1/vm/F/A');
    assert.equal(access.has(vm, take), true);
    assert.equal(access.has(vm, 'System.Read'), true);
    assert.equal(access.has(vm, 'VirtualMachine.State.RemoveSnapshot'), false);
    assert.deepEqual(
      access.rolesOn(vm).map(({ name }) => name),
      ['Snapshots'],
    );
  });

  it('end when they are taken back', () => {
    const { server, at, grant, access } = setUp();
    grant('', 'Admin');
    server.accessControl.revoke(at(''), 'JDOE');
    assert.equal(canSee(access, at('DC1')), false);
  });
});

describe('simulator: spellings of an account', () => {
  it('are one account', () => {
    assert.equal(accountKey('CORP\\JDoe'), accountKey('jdoe@corp'));
    assert.notEqual(accountKey('jdoe'), accountKey('jdoe@corp'));
    assert.equal(reportedAccount('jdoe@corp.example'), 'CORP.EXAMPLE\\jdoe');
    assert.equal(reportedAccount('root'), 'root');
  });
});
