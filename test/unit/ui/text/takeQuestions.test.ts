import assert from 'node:assert/strict';
import { Formats } from '../../../../src/ui/text/formats';
import {
  contentsChoices,
  describeTake,
  fromOneLine,
  judgeNewName,
  judgeRename,
  nameFromTemplate,
  takePrompt,
  toOneLine,
} from '../../../../src/ui/text/takeQuestions';
import { chain, datastore, detail, disk, snapshot, snapshotId, vm } from '../../../support/domainBuilders';

const formats = new Formats('en', 'UTC');

describe('nameFromTemplate', () => {
  // The time zone of the machine: the name is for people who sit at it.
  const nowMs = new Date(2026, 10, 2, 4, 5).getTime();
  const facts = { nowMs, vmName: 'SQL01', userName: 'CORP\\jdoe' };
  const cases: readonly (readonly [template: string, name: string])[] = [
    ['Snapshot ${date} ${time}', 'Snapshot 2026-11-02 04:05'],
    ['${vm}: ${vm} before update', 'SQL01: SQL01 before update'],
    ['by ${user}', 'by CORP-jdoe'],
    ['a/b\\c', 'a-b-c'],
    ['${unknown} stays', '${unknown} stays'],
    ['  ', ''],
  ];
  for (const [template, name] of cases) {
    it(`makes '${name}' of '${template}'`, () => {
      assert.equal(nameFromTemplate(template, facts), name);
    });
  }
});

describe('judging the name of a snapshot', () => {
  const tree = chain('base', 'nightly');

  it('refuses an empty one', () => {
    assert.deepEqual(judgeNewName(' ', 'SQL01', tree, formats), { severity: 'error', message: 'Enter a name.' });
  });

  it('warns of more than 80 characters, and counts a character once', () => {
    assert.equal(judgeNewName('é'.repeat(80), 'SQL01', tree, formats), undefined);
    assert.equal(judgeNewName('😀'.repeat(80), 'SQL01', tree, formats), undefined);
    assert.equal(judgeNewName('x'.repeat(81), 'SQL01', tree, formats)?.severity, 'warning');
  });

  it('says when there is one of that name, and when it was taken', () => {
    const named = { roots: [snapshot('base', { createdAtMs: Date.UTC(2026, 9, 12) })], currentId: undefined };
    assert.deepEqual(judgeNewName('base', 'SQL01', named, formats), {
      severity: 'info',
      message: "'SQL01' already has a snapshot with this name (12 Oct 2026).",
    });
  });

  it('does not call a snapshot a duplicate of itself', () => {
    const [base] = tree.roots;
    assert.ok(base);
    assert.equal(judgeRename('base', 'SQL01', base, tree, formats), undefined);
    assert.equal(judgeRename('nightly', 'SQL01', base, tree, formats)?.severity, 'info');
  });
});

describe('takePrompt', () => {
  it('warns the first three times that a snapshot is not a backup', () => {
    assert.equal(takePrompt(chain(), 0), 'A snapshot is not a backup.');
    assert.equal(takePrompt(chain('a'), 2), 'A snapshot is not a backup.');
    assert.equal(takePrompt(chain('a'), 3), undefined);
  });

  it('warns from the third snapshot in a chain', () => {
    assert.equal(takePrompt(chain('a', 'b', 'c'), 3), 'This will be snapshot 4 in the chain; long chains slow the VM.');
    assert.equal(
      takePrompt(chain('a', 'b'), 0),
      'A snapshot is not a backup. This will be snapshot 3 in the chain; long chains slow the VM.',
    );
  });

  it('counts the chain that the VM runs on, not side branches', () => {
    const tree = {
      roots: [snapshot('base', { children: [snapshot('x'), snapshot('y'), snapshot('z')] })],
      currentId: snapshotId('base'),
    };
    assert.equal(takePrompt(tree, 3), undefined);
  });
});

describe('the description of a take', () => {
  it('is sent as it was typed, without blanks around it', () => {
    assert.equal(describeTake(' CHG-1234 ', undefined), 'CHG-1234');
  });

  it('gets the account in a line of its own when that is wanted', () => {
    assert.equal(describeTake('CHG-1234', 'CORP\\jdoe'), 'CHG-1234\nTaken by CORP\\jdoe');
    assert.equal(describeTake('', 'CORP\\jdoe'), 'Taken by CORP\\jdoe');
  });

  for (const text of ['one line', 'two\nlines', '\nfirst empty', 'last empty\n', 'a\n\nb', '']) {
    it(`survives editing in one line: ${JSON.stringify(text)}`, () => {
      assert.equal(toOneLine(text).includes('\n'), false);
      assert.equal(fromOneLine(toOneLine(text)), text);
    });
  }
});

describe('contentsChoices', () => {
  const gigabyte = 1024 ** 3;
  const running = {
    vm: vm('SQL01', { memoryBytes: 16 * gigabyte }),
    toolsRunning: true,
    disks: [disk('Hard disk 1')],
    datastores: [datastore('ds-1', { name: 'DS-03', freeBytes: 412 * gigabyte })],
  };
  const shown = (facts: Parameters<typeof detail>[0]): string[] =>
    contentsChoices(detail(facts)).map(
      ({ contents, description, isAvailable }) => `${isAvailable ? '' : 'not '}${contents}: ${description ?? ''}`,
    );

  it('offers disks first, memory with its figures, and quiescing', () => {
    assert.deepEqual(shown(running), ['disks: fast', 'memory: 16 GB; 412 GB free on DS-03', 'quiesced: ']);
  });

  it('says why quiescing is not available', () => {
    assert.deepEqual(shown({ ...running, toolsRunning: false }), [
      'disks: fast',
      'memory: 16 GB; 412 GB free on DS-03',
      "not quiesced: VMware Tools isn't running",
    ]);
  });

  it('says why memory is not available, and puts that last', () => {
    assert.deepEqual(shown({ ...running, disks: [disk('Hard disk 3', { independent: true })] }), [
      'disks: fast',
      'quiesced: ',
      'not memory: Hard disk 3 is independent',
    ]);
    assert.deepEqual(shown({ ...running, limitations: new Set(['memoryUnsupported', 'quiesceUnsupported']) }), [
      'disks: fast',
      'not memory: the server refuses it for this VM',
      'not quiesced: the server refuses it for this VM',
    ]);
  });

  it('leaves figures out that nobody knows', () => {
    assert.equal(shown({ ...running, vm: vm('SQL01', { memoryBytes: undefined }) })[1], 'memory: ');
    assert.equal(shown({ ...running, datastores: [] })[1], 'memory: 16 GB');
  });
});
