import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { AxeResults } from 'axe-core';
import { type ManagerPage, readThemes, themeKinds } from './managerPage';
import type { PageParts } from '../../src/webview/protocol/toPage';
import { pageStates } from './pageStates';
import path from 'node:path';
import { repositoryRoot } from '../support/repositoryRoot';
import { useManagerPages } from './useManagerPages';

const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const runAxe =
  'axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] })';

/** What axe finds in the page as it is drawn now, one finding a line. */
async function findings({ page }: ManagerPage): Promise<string[]> {
  // Not as a script of the page, which its policy forbids.
  await page.evaluate(`if (!('axe' in window)) { ${axeSource} }`);
  const { violations } = await page.evaluate<AxeResults>(runAxe);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}

describe('accessibility of the snapshot manager', function () {
  this.timeout(120_000);
  const openPage = useManagerPages();

  for (const theme of themeKinds) {
    it(`has no findings of axe in any state: ${theme}`, async () => {
      const manager = await openPage({ theme });
      const found: string[] = [];
      for (const [name, parts] of Object.entries(pageStates())) {
        await show(manager, parts);
        if (name === 'conflict') {
          await manager.page.locator('#action-edit').click();
          await manager.settled();
        }
        await manager.picture(theme, name);
        found.push(...(await findings(manager)).map((finding) => `${name}: ${finding}`));
      }
      found.push(...manager.problems);
      await manager.close();
      assert.deepEqual(found, []);
    });
  }

  it('finds what is wrong, when something is', async () => {
    const manager = await openPage();
    await manager.update(pageStates()['branches'] ?? {});
    await manager.settled();
    await manager.page.evaluate(() => {
      document.querySelector('#action-take')?.replaceChildren();
    });
    assert.deepEqual(
      (await findings(manager)).map((finding) => finding.split(' ')[0]),
      ['button-name'],
    );
    await manager.close();
  });

  it('reads well at 400 percent: nothing but the tree has to be scrolled sideways', async () => {
    const manager = await openPage({ width: 320, height: 256 });
    for (const [name, parts] of Object.entries(pageStates())) {
      await show(manager, parts);
      const wide = await manager.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${name}: ${wide} pixels too wide`);
    }
    await manager.close();
  });

  it('leaves every row where it is when another one is selected', async () => {
    for (const width of [1_100, 700]) {
      const manager = await openPage({ width, height: 800 });
      const tops: (number | undefined)[] = [];
      const { branches, present } = pageStates();
      assert.ok(branches !== undefined && present !== undefined);
      // A snapshot with all commands, and the present state with none.
      for (const parts of [branches, present]) {
        await show(manager, parts);
        tops.push((await manager.page.locator('#grid').boundingBox())?.y);
      }
      assert.equal(typeof tops[0], 'number');
      assert.equal(tops[1], tops[0]);
      await manager.close();
    }
  });

  it('stands still where motion is not wanted', async () => {
    const manager = await openPage({ reducedMotion: true });
    await manager.update(pageStates()['loading'] ?? {});
    await manager.settled();
    const moving = await manager.page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
    );
    assert.equal(moving, 0);
    await manager.close();
  });

  it('uses only variables of the editor that were read from it', () => {
    const styles = fs.readFileSync(path.join(repositoryRoot(), 'src', 'webview', 'manager.css'), 'utf8');
    const used = new Set(styles.match(/--vscode-[A-Za-z-]+/g));
    const known = new Set(Object.keys(readThemes().dark.variables));
    assert.deepEqual(
      [...used].filter((name) => !known.has(name)),
      [],
    );
  });
});

/** Brings the page into a state, with the row selected whose details it shows. */
async function show(manager: ManagerPage, parts: PageParts): Promise<void> {
  await manager.update(parts);
  if (parts.details !== null) {
    await manager.post({ type: 'reveal', id: parts.details.id, isEdited: false });
  }
  await manager.settled();
}
