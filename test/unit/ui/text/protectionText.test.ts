import assert from 'node:assert/strict';
import { type Protection, protectionOf } from '../../../../src/hypervisor/protection/protection';
import { protectionInTooltip, stillProtectedSentence } from '../../../../src/ui/text/protectionText';
import type { RowDescription } from '../../../../src/ui/text/rowContext';
import { describeNode } from '../../../../src/ui/text/rows';
import { tooltipOf } from '../../../../src/ui/text/tooltips';
import type { TreeNode } from '../../../../src/ui/text/treeNode';
import { container, vm } from '../../../support/domainBuilders';
import { connectionWith, rowContext } from '../../../support/rowFixtures';

const prod = container('prod', 'folder', { folders: null }, { name: 'Prod $(x)' });
const sql = vm('sql', { name: 'SQL01', placement: { folders: prod.id, compute: null } });
const lab = vm('lab', { name: 'LAB01' });
const connection = connectionWith(prod, sql, lab);

const context = rowContext({
  protection: (server, id) =>
    protectionOf(server, id, { isMarked: (_, object) => object === prod.id, paths: () => undefined }),
});
const folderRow: TreeNode = { kind: 'container', connection, layout: 'folders', containers: [prod] };

function about(row: RowDescription): (boolean | undefined)[] {
  return [row.isProtected, row.contextValue.includes(';protected;'), row.accessibilityLabel.endsWith(', protected')];
}

describe('what is protected', () => {
  it('shows as a badge, a flag for menus and a spoken word, on what is marked and on what lies in it', () => {
    assert.deepEqual(about(describeNode(folderRow, context)), [true, true, true]);
    assert.deepEqual(about(describeNode({ kind: 'vm', connection, vm: sql }, context)), [true, true, true]);
    assert.deepEqual(about(describeNode({ kind: 'vm', connection, vm: lab }, context)), [undefined, false, false]);
    assert.deepEqual(about(describeNode({ kind: 'server', connection }, context)), [undefined, false, false]);
  });

  it('says why in its tooltip', () => {
    assert.deepEqual(tooltipOf(folderRow, context), {
      title: 'Prod $(x)',
      paragraphs: ['Protected. What loses data has to be typed to be confirmed.'],
    });
    assert.ok(
      tooltipOf({ kind: 'vm', connection, vm: sql }, context)?.paragraphs.includes(
        "Protected, as 'Prod $(x)' is. What loses data has to be typed to be confirmed.",
      ),
    );
    assert.equal(tooltipOf(folderRow, rowContext()), undefined);
  });

  const reasons: readonly (readonly [Protection, string, string | undefined])[] = [
    [{ kind: 'marked' }, 'Protected. ', undefined],
    [{ kind: 'server' }, 'Protected, as its server is. ', "'SQL01' stays protected, as its server is."],
    [
      { kind: 'container', container: prod },
      "Protected, as 'Prod $(x)' is. ",
      "'SQL01' stays protected, as 'Prod $(x)' is, in which it lies.",
    ],
    [
      { kind: 'setting', pattern: 'DC1/**' },
      "Protected by 'DC1/**' in the settings. ",
      "'SQL01' stays protected by 'DC1/**' in the settings.",
    ],
  ];
  for (const [protection, beginning, stays] of reasons) {
    it(`is put in words: ${protection.kind}`, () => {
      assert.equal(protectionInTooltip(protection), `${beginning}What loses data has to be typed to be confirmed.`);
      if (protection.kind !== 'marked') {
        assert.equal(stillProtectedSentence('SQL01', protection), stays);
      }
    });
  }
});
