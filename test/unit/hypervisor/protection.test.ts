import assert from 'node:assert/strict';
import { protectedPaths } from '../../../src/hypervisor/protection/protectedPaths';
import { protectionOf, type ProtectionRules } from '../../../src/hypervisor/protection/protection';
import { container, objectId, vm } from '../../support/domainBuilders';
import { connectionWith } from '../../support/rowFixtures';

const paris = container('paris', 'datacenter', { folders: null, compute: null }, { name: 'Paris' });
const prod = container('prod', 'folder', { folders: paris.id }, { name: 'Prod' });
const databases = container('databases', 'folder', { folders: prod.id }, { name: 'Databases' });
const cluster = container('cluster', 'cluster', { compute: paris.id }, { name: 'Gold' });
const sql = vm('sql', { name: 'SQL01', placement: { folders: databases.id, compute: cluster.id } });
const lab = vm('lab', { name: 'LAB01', placement: { folders: paris.id, compute: paris.id } });

function rules(marked: readonly string[], ...patterns: string[]): ProtectionRules {
  return {
    isMarked: (server, id) => server === 'server-1' && marked.includes(id),
    paths: protectedPaths(patterns),
  };
}

describe('protectionOf', () => {
  const connection = connectionWith(paris, prod, databases, cluster, sql, lab);

  afterEach(() => {
    connection.isProtected = false;
  });

  it('finds nothing where nothing was marked or named', () => {
    for (const id of [undefined, paris.id, prod.id, sql.id]) {
      assert.equal(protectionOf(connection, id, rules([])), undefined);
    }
  });

  it('is for what is marked and for all that lies in it, in either layout', () => {
    const inFolder = rules([prod.id]);
    assert.deepEqual(protectionOf(connection, prod.id, inFolder), { kind: 'marked' });
    assert.deepEqual(protectionOf(connection, databases.id, inFolder), { kind: 'container', container: prod });
    assert.deepEqual(protectionOf(connection, sql.id, inFolder), { kind: 'container', container: prod });
    assert.equal(protectionOf(connection, lab.id, inFolder), undefined);
    assert.equal(protectionOf(connection, paris.id, inFolder), undefined);
    const inCluster = rules([cluster.id]);
    assert.deepEqual(protectionOf(connection, sql.id, inCluster), { kind: 'container', container: cluster });
    assert.equal(protectionOf(connection, databases.id, inCluster), undefined);
  });

  it('is for everything on a server that is marked, and says so', () => {
    connection.isProtected = true;
    assert.deepEqual(protectionOf(connection, undefined, rules([])), { kind: 'marked' });
    assert.deepEqual(protectionOf(connection, lab.id, rules([])), { kind: 'server' });
    assert.deepEqual(protectionOf(connection, objectId('not read yet'), rules([])), { kind: 'server' });
  });

  it('names the nearest reason', () => {
    connection.isProtected = true;
    const all = rules([sql.id, databases.id, prod.id], '**');
    assert.deepEqual(protectionOf(connection, sql.id, all), { kind: 'marked' });
    assert.deepEqual(protectionOf(connection, databases.id, rules([prod.id], '**')), {
      kind: 'container',
      container: prod,
    });
    assert.deepEqual(protectionOf(connection, lab.id, rules([], '**')), { kind: 'server' });
  });

  it('follows the patterns of the settings', () => {
    const byPath = rules([], 'Paris/Prod');
    assert.deepEqual(protectionOf(connection, sql.id, byPath), { kind: 'setting', pattern: 'Paris/Prod' });
    assert.deepEqual(protectionOf(connection, prod.id, byPath), { kind: 'setting', pattern: 'Paris/Prod' });
    assert.equal(protectionOf(connection, lab.id, byPath), undefined);
    assert.deepEqual(protectionOf(connection, sql.id, rules([], 'Gold')), { kind: 'setting', pattern: 'Gold' });
    assert.deepEqual(protectionOf(connection, undefined, rules([], 'vc-*')), { kind: 'setting', pattern: 'vc-*' });
  });

  it('survives an inventory that goes in a circle', () => {
    const a = container('a', 'folder', { folders: objectId('b') });
    const b = container('b', 'folder', { folders: objectId('a') });
    assert.equal(protectionOf(connectionWith(a, b), a.id, rules([])), undefined);
  });
});

describe('protectedPaths', () => {
  const table: readonly (readonly [pattern: string, path: string, matches: boolean])[] = [
    ['vc-paris/Paris/Prod', 'vc-paris/Paris/Prod/SQL01', true],
    ['Paris/Prod', 'vc-paris/Paris/Prod', true],
    ['paris/prod', 'vc-paris/Paris/Prod', true],
    ['/Paris/Prod/', 'vc-paris/Paris/Prod', true],
    ['Paris/Pro', 'vc-paris/Paris/Prod', false],
    ['Prod/SQL01', 'vc-paris/Paris/Prod/SQL01', false],
    ['**/Prod/SQL01', 'vc-paris/Paris/Prod/SQL01', true],
    ['Paris/*/SQL01', 'vc-paris/Paris/Prod/SQL01', true],
    ['Paris/*/SQL01', 'vc-paris/Paris/Prod/Databases/SQL01', false],
    ['Paris/**/SQL01', 'vc-paris/Paris/Prod/Databases/SQL01', true],
    ['Paris/**/SQL01', 'vc-paris/Paris/SQL01', true],
    ['Paris/Prod/**', 'vc-paris/Paris/Prod', false],
    ['Paris/Prod/**', 'vc-paris/Paris/Prod/SQL01', true],
    ['Prod*', 'vc-paris/Paris/Production/SQL01', true],
    ['Prod', 'vc-paris/Paris/Production/SQL01', false],
    ['SQL*', 'vc-paris/Paris/Prod/SQL01', true],
    ['vc-paris', 'vc-paris/Paris/Prod/SQL01', true],
    ['a.c', 'vc/abc', false],
    ['(', 'vc/(', true],
    ['   ', 'vc/   ', false],
  ];
  for (const [pattern, path, matches] of table) {
    it(`${pattern} ${matches ? 'names' : 'does not name'} ${path}`, () => {
      assert.equal(protectedPaths([pattern])(path.split('/')), matches ? pattern : undefined);
    });
  }

  it('comes to an end on patterns made to be slow', () => {
    const slow = protectedPaths(['**/*a*a*a*a*a*a*a*a*b']);
    assert.equal(slow(['vc', 'DC', 'a'.repeat(80)]), undefined);
  });
});
