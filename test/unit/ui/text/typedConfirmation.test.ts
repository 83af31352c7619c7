import assert from 'node:assert/strict';
import { typedConfirmation } from '../../../../src/ui/text/typedConfirmation';
import { chain } from '../../../support/domainBuilders';
import { planFor } from '../../../support/planBuilder';
import { paris } from '../../../support/rowFixtures';

const snapshots = chain('a', 'b', 'c');

describe('typed confirmation', () => {
  const question = (name: string) =>
    typedConfirmation(planFor({ kind: 'deleteAll' }, { vm: { name, snapshots } }), '4821', paris);

  it('asks for the name of the VM', () => {
    const { title, prompt, expected } = question('SQL01');
    assert.deepEqual([title, prompt, expected], ["Delete 3 Snapshots of 'SQL01'", 'Type SQL01 to confirm', 'SQL01']);
  });

  it('ignores case and blanks, and nothing else', () => {
    const { accepts } = question('SQL-01.prod');
    assert.deepEqual(
      ['SQL-01.prod', ' sql-01.PROD ', 'sql - 01 . prod', 'SQL01.prod', '', 'SQL-01.prod2'].map((typed) =>
        accepts(typed),
      ),
      [true, true, true, false, false, false],
    );
  });

  it('asks for a shown code where a name cannot be typed', () => {
    for (const name of ['SQL 01', 'Datenbank-ä', '💾', 'שרת', '', 'x'.repeat(31), "a'b", 'a\nb']) {
      const { prompt, accepts } = question(name);
      assert.equal(prompt, 'Type 4821 to confirm', name);
      assert.equal(accepts('4821'), true);
      assert.equal(accepts('4822'), false);
    }
    assert.equal(question('x'.repeat(30)).expected, 'x'.repeat(30));
  });

  it('names the act in its title', () => {
    const title = (plan: Parameters<typeof typedConfirmation>[0]): string =>
      typedConfirmation(plan, '0000', paris).title;
    const vm = { snapshots };
    assert.deepEqual(
      [
        planFor({ kind: 'delete', snapshotId: 'a' }, { vm }),
        planFor({ kind: 'deleteWithChildren', snapshotId: 'b' }, { vm }),
        planFor({ kind: 'restore', snapshotId: 'a' }, { vm }),
        planFor({ kind: 'restoreLatest' }, { vm }),
        planFor({ kind: 'consolidate' }, { vm }),
        planFor({ kind: 'take' }, { vm }),
        planFor({ kind: 'edit', snapshotId: 'a' }, { vm }),
        planFor({ kind: 'powerOn' }, { vm }),
      ].map(title),
      [
        "Delete 1 Snapshot of 'SQL01'",
        "Delete 2 Snapshots of 'SQL01'",
        "Restore 'SQL01' to 'a'",
        "Restore 'SQL01' to 'c'",
        "Consolidate the Disks of 'SQL01'",
        "Take a Snapshot of 'SQL01'",
        "Edit a Snapshot of 'SQL01'",
        "Power On 'SQL01'",
      ],
    );
  });
});
