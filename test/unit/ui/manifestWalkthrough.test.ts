import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { contextKeys } from '../../../src/ui/text/contextKeys';
import { settingKeys, settingSection } from '../../../src/ui/text/settingRules';
import { readManifest } from '../../support/manifest';
import { commandUses, nameOf, text, titleOf } from '../../support/manifestMenus';
import { repositoryRoot } from '../../support/repositoryRoot';

const { contributes } = readManifest();
const [walkthrough, ...others] = contributes.walkthroughs;
assert.ok(walkthrough !== undefined && others.length === 0);
const { steps } = walkthrough;

describe('manifest: walkthrough', () => {
  it('has five steps, the demo first', () => {
    assert.deepEqual(
      steps.map(({ id }) => id),
      ['demo', 'take', 'restore', 'server', 'protect'],
    );
  });

  it('completes itself: by commands that there are, settings that there are, and keys that we tell', () => {
    for (const { id, completionEvents } of steps) {
      assert.ok(completionEvents.length > 0, id);
      for (const event of completionEvents) {
        const [kind, what = ''] = event.split(':');
        switch (kind) {
          case 'onCommand':
            assert.ok(nameOf(what) in commandUses, event);
            break;
          case 'onContext':
            assert.ok(what in contextKeys, event);
            break;
          case 'onSettingChanged':
            assert.ok(
              settingKeys.some((key) => `${settingSection}.${key}` === what),
              event,
            );
            break;
          default:
            assert.fail(event);
        }
      }
    }
  });

  it('offers in each step what does it, by its own name, wherever it is read', () => {
    for (const { id, description } of steps) {
      const links = [...text(description).matchAll(/\[([^\]]+)\]\(command:([^)]+)\)/g)];
      assert.ok(links.length > 0, id);
      for (const [, title = '', command = ''] of links) {
        if (!command.startsWith('vsphereSnapshots.')) {
          const [, query] = /^workbench\.action\.openSettings\?(.*)$/.exec(command) ?? [];
          assert.equal(JSON.parse(decodeURIComponent(query ?? '')), `@id:${settingSection}.safety.protectedPaths`);
          continue;
        }
        const name = nameOf(command);
        assert.notEqual(commandUses[name].palette, 'never', command);
        const isSentence = title !== titleOf(name);
        assert.ok(
          !isSentence || name === 'importServers' || titleOf(name).startsWith(title),
          `${title}: ${titleOf(name)}`,
        );
      }
    }
  });

  it('has pictures in the colours of the theme, and words for who does not see them', () => {
    for (const { id, media } of steps) {
      assert.match(text(media.altText), /^[A-Z].{30,}\.$/, id);
      const svg = fs.readFileSync(path.join(repositoryRoot(), media.svg), 'utf8');
      assert.match(svg, /viewBox="0 0 520 330"/);
      // The page in which VS Code shows it allows neither.
      assert.doesNotMatch(svg, /<(script|style|image|foreignObject)|style=|href|url\(/);
      for (const [, value = ''] of svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)) {
        assert.match(value, /^(none|var\(--vscode-[A-Za-z-]+,.+\))$/, `${id}: ${value}`);
      }
    }
  });
});
