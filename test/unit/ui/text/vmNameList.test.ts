import assert from 'node:assert/strict';
import { matchNames, parseNames } from '../../../../src/ui/text/vmNameList';
import { findableVms } from '../../../../src/ui/text/vmSearch';
import { vm } from '../../../support/domainBuilders';
import { connectionWith } from '../../../support/rowFixtures';

function candidates(...names: string[]): ReturnType<typeof findableVms> {
  const connection = connectionWith(...names.map((name, index) => vm(`vm-${index}`, { name })));
  return findableVms(connection, () => true);
}

const namesOf = (matches: ReturnType<typeof matchNames>): string[] => matches.vms.map(({ vm: { name } }) => name);

describe('a list of names', () => {
  it('is read by lines, commas, semicolons and tabs, without what people put around names', () => {
    const text = ' SQL01 ,WEB02;  "FILE 03"\t\'DB\'\r\n- APP1\n* APP2\n• APP3\n\n\n`x`\rlast';
    assert.deepEqual(parseNames(text).names, ['SQL01', 'WEB02', 'FILE 03', 'DB', 'APP1', 'APP2', 'APP3', 'x', 'last']);
    assert.deepEqual(parseNames(' \n,;\t\r\n').names, []);
  });

  it('has each name once, keeps names that differ by case apart, and leaves dashes in names alone', () => {
    assert.deepEqual(parseNames('a\nA\na\n-x\nweb-01').names, ['a', 'A', '-x', 'web-01']);
  });

  it('of 5,000 lines is read at once; more of them are counted, not read', () => {
    const lines = Array.from({ length: 5_100 }, (_, index) => `VM${index}`);
    const list = parseNames(lines.join('\n'));
    assert.equal(list.names.length, 5_000);
    assert.equal(list.skippedLines, 100);
    const found = matchNames(list.names, candidates(...lines.slice(0, 3_000)));
    assert.equal(found.vms.length, 3_000);
    assert.equal(found.notFound.length, 2_000);
  });
});

describe('looking names up', () => {
  it('finds each VM once, in the order of the names, and says which were not found', () => {
    const found = matchNames(['WEB02', 'nobody', 'SQL01'], candidates('SQL01', 'WEB02', 'FILE03'));
    assert.deepEqual(namesOf(found), ['WEB02', 'SQL01']);
    assert.deepEqual(found.notFound, ['nobody']);
    assert.deepEqual([...found.ambiguous], []);
  });

  it('ignores case only where no VM is named to the letter', () => {
    assert.deepEqual(namesOf(matchNames(['sql01'], candidates('SQL01', 'WEB02'))), ['SQL01']);
    const exact = matchNames(['web01'], candidates('WEB01', 'web01'));
    assert.deepEqual(namesOf(exact), ['web01']);
    assert.deepEqual([...exact.ambiguous], []);
    const either = matchNames(['Web01'], candidates('WEB01', 'web01'));
    assert.equal(either.ambiguous.size, 2);
  });

  it('gives all VMs of a name that several bear, and says so', () => {
    const found = matchNames(['SQL01', 'WEB02'], candidates('SQL01', 'WEB02', 'SQL01'));
    assert.deepEqual(namesOf(found), ['SQL01', 'SQL01', 'WEB02']);
    assert.deepEqual([...found.ambiguous.values()], ['SQL01', 'SQL01']);
  });

  it('takes accents written in two ways for the same', () => {
    assert.deepEqual(namesOf(matchNames(['Caf\u0065\u0301'], candidates('Caf\u00e9'))), ['Caf\u00e9']);
  });
});
