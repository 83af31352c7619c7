import assert from 'node:assert/strict';
import { pick, type Random, seededRandom } from '../../src/simulator/random/random';
import { smallInventory } from '../../src/simulator/inventory/smallInventory';
import { vmTruth } from '../../src/simulator/control/groundTruth';
import { snapshot, snapshotId, vm } from '../support/domainBuilders';
import { buildPage, type ManagerPage } from './managerPage';
import { ManagerRig } from './managerRig';
import { pageStates, partsOf } from './pageStates';
import { useManagerPages } from './useManagerPages';

const messages = 1_000;
const seed = 20_261_122;

const script = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">';
const hostileTexts: readonly string[] = [
  script,
  '{{constructor.constructor("window.hacked=1")()}}',
  '${window.hacked = 1}',
  '[link](command:workbench.action.quit) $(trash) **bold**',
  'invoice\u202egpj.exe',
  'tab\tand\u0085next\u0000line\r\n',
  '🚀👨‍👩‍👧‍👦 данные 資料 \ud800',
  'javascript:window.hacked=1',
  '"><svg onload=window.hacked=1>',
  'x'.repeat(100_000),
];

/** Something that is not, or not quite, a message. */
function hostile(random: Random, types: readonly string[]): unknown {
  const value = (depth: number): unknown =>
    pick<() => unknown>(random, [
      () => null,
      () => undefined,
      () => Number.NaN,
      () => -1,
      () => 1e308,
      () => true,
      () => '',
      () => pick(random, hostileTexts),
      () => [],
      () => ({}),
      () => (depth === 0 ? [] : Array.from({ length: 3 }, () => value(depth - 1))),
      () => (depth === 0 ? {} : { __proto__: value(depth - 1), constructor: value(depth - 1), type: value(depth - 1) }),
    ])();
  const key = (): string =>
    pick(random, [
      'id',
      'kind',
      'preview',
      'isOn',
      'name',
      'description',
      'revision',
      'with',
      'act',
      'text',
      'parts',
      'x',
    ]);
  return pick<() => unknown>(random, [
    () => value(2),
    () => ({ type: value(1) }),
    () => ({ type: pick(random, types), [key()]: value(2), [key()]: value(2), [key()]: value(1) }),
    () => ({ type: 'select', id: pick(random, hostileTexts) }),
    () => ({ type: 'preview', kind: 'delete', id: `VirtualMachineSnapshot:snapshot-${Math.floor(random() * 1e6)}` }),
    () => ({ type: 'go', preview: Math.floor(random() * 100) }),
    () => ({ type: 'edit', id: 'VirtualMachine:vm-1', revision: 1, name: 'x', description: 'y' }),
    () => ({ type: 'compare', id: '*present', with: '*present' }),
    () => ({ type: 'preview', kind: 'powerOff', id: null }),
  ])();
}

describe('hostile messages', function () {
  this.timeout(120_000);

  it(`to the extension: ${messages} of them change nothing on the server and throw nothing`, async () => {
    const rig = await ManagerRig.start(
      smallInventory([{ name: 'SQL01', power: 'poweredOff', snapshots: [{ name: 'a' }, { name: 'b' }] }]),
    );
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown): void => {
      rejections.push(reason);
    };
    process.on('unhandledRejection', onRejection);
    try {
      const machine = rig.vm('SQL01');
      const truth = (): unknown => vmTruth(rig.simulator.server, machine.id.split(':')[1] ?? '');
      const before = truth();
      const { channel, model } = rig.open(machine, { post: () => undefined });
      const random = seededRandom(seed);
      const types = [
        'ready',
        'select',
        'preview',
        'closePreview',
        'takeFirst',
        'go',
        'edit',
        'closeEdit',
        'compare',
        'trouble',
      ];
      for (let number = 0; number < messages; number++) {
        channel.receive(hostile(random, types));
      }
      channel.close();
      channel.receive({ type: 'vmAct', act: 'take' });
      model.dispose();
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(truth(), before);
      assert.deepEqual(rig.asked, []);
      assert.deepEqual(rig.compared, []);
      assert.deepEqual(rejections, []);
      const refused = rig.logger.lines.filter((line) => line.includes('was refused'));
      // As many as say that something is wrong, and no more.
      assert.equal(refused.length, 20);
      assert.ok(
        rig.logger.lines.every((line) => !line.includes('hacked') && line.length < 2_000),
        'what was sent stands in the log',
      );
    } finally {
      process.off('unhandledRejection', onRejection);
      await rig.stop();
    }
  });

  describe('in the browser', () => {
    const openPage = useManagerPages();

    const wasHacked = async ({ page }: ManagerPage): Promise<boolean> =>
      await page.evaluate(() => 'hacked' in window || document.querySelector('#app img, #app script') !== null);

    it(`to the page: ${messages} of them leave it as it is`, async () => {
      const manager = await openPage({
        state: { view: { selected: 'b', collapsed: [], sorting: null, widths: {} } },
      });
      await manager.update(pageStates()['branches'] ?? {});
      await manager.settled();
      const drawn = async (): Promise<string> =>
        await manager.page.evaluate(() => document.getElementById('app')?.innerHTML ?? '');
      const before = await drawn();
      const random = seededRandom(seed + 1);
      const types = ['update', 'announce', 'reveal', 'remember'];
      for (let number = 0; number < messages; number++) {
        await manager.post(hostile(random, types));
      }
      await manager.settled();
      assert.equal(await drawn(), before);
      assert.equal(await wasHacked(manager), false);
      assert.deepEqual(manager.problems, []);
      assert.equal(manager.sent.filter(({ type }) => type === 'trouble').length, 20);
      await manager.close();
    });

    it('shows hostile names and descriptions as what they are: text', async () => {
      const roots = hostileTexts.map((text, index) =>
        snapshot(`s${index}`, { name: text, description: text, number: index + 1 }),
      );
      const machine = vm('vm-1', { name: script, snapshots: { roots, currentId: snapshotId('s0') } });
      const manager = await openPage();
      for (const { id } of roots) {
        await manager.update(partsOf(machine, { selectedId: id }));
        await manager.settled();
      }
      assert.equal(await wasHacked(manager), false);
      assert.deepEqual(manager.problems, []);
      assert.equal(await manager.page.locator('h1').textContent(), script);
      assert.ok((await manager.page.locator('#grid .name').allTextContents()).includes(script));
      const hidden = await manager.page.evaluate(() =>
        document.body.textContent.match(/[\u202a-\u202e\u2066-\u2069]/g),
      );
      // Only the description, in which somebody may want to find it, is shown as it is.
      assert.equal(hidden, null);
      await manager.close();
    });

    it('can do nothing that its policy forbids: no inline script or style, no picture, no connection', async () => {
      const manager = await openPage();
      await manager.update(pageStates()['branches'] ?? {});
      await manager.settled();
      assert.deepEqual(manager.problems, []);
      const styled = await manager.page
        .locator('[style], style, [onclick]')
        .evaluateAll((elements) => elements.map(({ id, tagName }) => id || tagName));
      // The editor's variables, and the widths of the columns, both set by script.
      assert.deepEqual(styled, ['HTML', 'app']);
      await manager.page.evaluate(() => {
        const inline = document.createElement('script');
        inline.textContent = 'window.hacked = 1';
        const picture = document.createElement('img');
        picture.src = 'https://page.test/x.png';
        const styled = document.createElement('div');
        styled.setAttribute('style', 'color: red');
        document.body.append(inline, picture, styled);
        void fetch('https://page.test/x').catch(() => undefined);
      });
      await manager.settled();
      assert.equal(await wasHacked(manager), false);
      const forbidden = manager.problemList().flatMap((problem) => /^policy: (\S+)/.exec(problem)?.[1] ?? []);
      assert.deepEqual([...new Set(forbidden)].sort(), ['connect-src', 'img-src', 'script-src-elem', 'style-src-attr']);
      await manager.close();
    });
  });

  it('comes in one bundle of less than 120 kB, without the font', async () => {
    const built = await buildPage();
    const bytes = [...built].filter(([name]) => !name.endsWith('.ttf')).map(([, contents]) => contents.length);
    assert.equal(bytes.length, 2);
    const total = bytes.reduce((sum, each) => sum + each, 0);
    assert.ok(total < 120_000, `${total} bytes`);
  });
});
