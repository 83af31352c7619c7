import assert from 'node:assert/strict';
import { parseWhen } from '../../support/whenClause';

// The manifest is judged by this reader, so it is judged first.
describe('the reader of when clauses', () => {
  const holds = (clause: string): boolean =>
    parseWhen(clause).matches({ view: 'x.inventory', viewItem: ';vm;on;', yes: true, no: false, layout: 'folders' });

  it('reads what VS Code reads', () => {
    const clauses: readonly (readonly [string, boolean])[] = [
      ['yes', true],
      ['no', false],
      ['missing', false],
      ['!no', true],
      ['true', true],
      ['false', false],
      ['yes && no', false],
      ['no || yes', true],
      ['no && no || yes', true],
      ['no && (no || yes)', false],
      ['!(yes && no)', true],
      ['view == x.inventory', true],
      ['view == x.tasks', false],
      ["view == 'x.inventory'", true],
      ['layout != folders', false],
      ['missing != folders', true],
      ['viewItem =~ /;on;/', true],
      ['viewItem =~ /;(off|suspended);/', false],
      ['missing =~ /a/', false],
      ['view == x.inventory && viewItem =~ /;vm;/ && !no', true],
    ];
    for (const [clause, expected] of clauses) {
      assert.equal(holds(clause), expected, clause);
    }
  });

  it('refuses what it does not know', () => {
    for (const clause of ['a in b', 'a &&', '(a', 'a)', 'a == ', 'a > 3', 'a =~ b', '', 'a b']) {
      assert.throws(() => parseWhen(clause), SyntaxError, clause);
    }
  });

  it('tells what is asked for', () => {
    const { keys, expressions } = parseWhen('a && !b || c == d && e =~ /;x;/');
    assert.deepEqual([...keys], ['a', 'b', 'c', 'e']);
    assert.deepEqual(
      expressions.map(({ source }) => source),
      [';x;'],
    );
  });
});
