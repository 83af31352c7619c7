import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import * as esbuild from 'esbuild';
import { repositoryRoot } from '../../support/repositoryRoot';
import { TemporaryFolder } from '../../support/temporaryFolder';

const { splitBundle } = createRequire(__filename)(path.join(repositoryRoot(), 'scripts', 'splitBundle.js')) as {
  splitBundle: (main: string) => Plugin;
};

const sources: Readonly<Record<string, string>> = {
  'shared.js': 'export class Shared {}',
  'ofBoth.js': 'export const secret = Symbol("of both");',
  'first.js': `
    import { Shared } from './shared.js';
    import { secret } from './ofBoth.js';
    export const made = () => new Shared();
    export { secret };`,
  'second.js': `
    import * as outside from 'outside';
    import { secret } from './ofBoth.js';
    export { secret };
    export const found = () => outside.value;`,
  'main.js': `
    import * as outside from 'outside';
    import { Shared } from './shared.js';
    export const isShared = (value) => value instanceof Shared;
    export const found = () => outside.value;
    export const first = async () => await import('./first.js');
    export const second = async () => await import('./second.js');`,
};

interface Main {
  isShared(value: unknown): boolean;
  found(): number;
  first(): Promise<{ made(): unknown; readonly secret: symbol }>;
  second(): Promise<{ found(): number; readonly secret: symbol }>;
}

describe('splitBundle', () => {
  const folder = new TemporaryFolder('split');
  const dist = folder.resolve('dist');
  const load = createRequire(path.join(dist, 'main.js'));

  async function build(options: BuildOptions = {}): Promise<Main> {
    await esbuild.build({
      absWorkingDir: folder.path,
      entryPoints: { main: 'main.js', first: 'first.js', second: 'second.js' },
      plugins: [splitBundle('main')],
      ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning' },
      ...{ outdir: 'dist', external: ['outside'], write: false, metafile: true },
      ...options,
    });
    for (const file of loaded()) {
      Reflect.deleteProperty(require.cache, file);
    }
    return load('./main.js') as Main;
  }

  const loaded = (): string[] => Object.keys(require.cache).filter((file) => path.dirname(file) === dist);
  const names = (): string[] =>
    loaded()
      .map((file) => path.basename(file))
      .sort();

  before(() => {
    for (const [name, text] of Object.entries(sources)) {
      fs.writeFileSync(folder.resolve(name), text);
    }
    const outside = folder.resolve(path.join('node_modules', 'outside'));
    fs.mkdirSync(outside, { recursive: true });
    fs.writeFileSync(path.join(outside, 'index.js'), 'exports.value = 1;');
  });

  afterEach(() => {
    fs.rmSync(dist, { recursive: true, force: true });
  });

  after(() => {
    folder.remove();
  });

  it('makes one file of what the first entry point needs, and few of the rest', async () => {
    await build();
    assert.deepEqual(fs.readdirSync(dist).sort(), ['first-second.js', 'first.js', 'main.js', 'second.js']);
    assert.deepEqual(names(), ['main.js']);
  });

  it('loads a file when it is imported, with what it shares with others and no more', async () => {
    const main = await build();
    await main.first();
    assert.deepEqual(names(), ['first-second.js', 'first.js', 'main.js']);
  });

  for (const minify of [false, true]) {
    it(`has everything once, however many files use it${minify ? ', minified' : ''}`, async () => {
      const main = await build({ minify });
      const first = await main.first();
      const second = await main.second();
      assert.equal(main.isShared(first.made()), true);
      assert.equal(first.secret, second.secret);
    });
  }

  it('takes what comes from outside as it is, and sees it change', async () => {
    const main = await build();
    (load('outside') as { value: number }).value = 2;
    assert.equal(main.found(), 2);
    assert.equal((await main.second()).found(), 2);
    assert.doesNotMatch(fs.readFileSync(path.join(dist, 'main.js'), 'utf8'), /__toESM\(require\("outside"\)/);
  });

  it('leads from a file to the sources', async () => {
    await build({ sourcemap: 'linked' });
    const map = JSON.parse(fs.readFileSync(path.join(dist, 'first.js.map'), 'utf8')) as { readonly sources: string[] };
    assert.ok(map.sources.includes('../first.js'), map.sources.join());
  });
});
