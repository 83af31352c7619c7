// Builds what runs: the extension (default) and, with --tests, everything else as separate files under out/js.
//   node esbuild.js [--production] [--watch] [--tests]
'use strict';

const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');

const { splitBundle } = require('./scripts/splitBundle.js');

const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');

/** @type {import('esbuild').BuildOptions} */
const common = {
  platform: 'node',
  format: 'cjs',
  logLevel: 'warning',
  // Classes and functions have their names in stack traces. In what is shipped that would cost a tenth of the time to load;
  // methods have theirs anyhow.
  keepNames: !production,
  define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
};

/**
 * The extension: what its activation needs in one file, and what is imported when it is needed in files of their own.
 * keytar has native code and stays outside.
 */
const extension = {
  ...common,
  entryPoints: {
    extension: 'src/extension.ts',
    simulator: 'src/simulator/simulator.ts',
    vsphereClient: 'src/vsphere/index.ts',
    commands: 'src/ui/commands/createHandlers.ts',
    manager: 'src/ui/manager/createManager.ts',
  },
  plugins: [splitBundle('extension')],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  write: false,
  target: 'node22',
  external: ['vscode', 'keytar'],
  mainFields: ['module', 'main'],
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  metafile: true,
};

/**
 * The page of the snapshot manager: what runs in the editor's browser, with its styles and the icon font.
 * @type {(minified: boolean) => import('esbuild').BuildOptions}
 */
const webviewBuild = (minified) => ({
  entryPoints: [
    { in: 'src/webview/main.ts', out: 'manager' },
    { in: 'src/webview/manager.css', out: 'manager' },
  ],
  outdir: 'dist/webview',
  bundle: true,
  platform: 'browser',
  format: 'iife',
  // What the oldest editor brings that the manifest admits.
  target: 'chrome138',
  loader: { '.ttf': 'file' },
  assetNames: '[name]',
  // The build of lit for production says nothing on the console.
  conditions: ['production'],
  logLevel: 'warning',
  minify: minified,
  sourcemap: false,
  legalComments: 'none',
  metafile: true,
});

function typescriptFiles(folder) {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.includes('node_modules'))
    .map((name) => path.join(folder, name));
}

/** Tests, scripts and the sources that they use: file by file, so that coverage and stack traces need no guessing. */
function separateFiles() {
  return {
    ...common,
    entryPoints: ['src', 'scripts', 'test', 'bench'].flatMap(typescriptFiles),
    outdir: 'out/js',
    outbase: '.',
    bundle: false,
    target: 'node20',
    // Node's own import() wants file names with their endings; as a require() it finds what is beside it.
    supported: { 'dynamic-import': false },
    sourcemap: 'linked',
  };
}

/**
 * The embedded vCenter as a program, in one file. What only a checkout has, such as the library that makes certificates,
 * stays outside.
 */
async function buildSimulator(outfile) {
  await esbuild.build({
    ...common,
    entryPoints: ['src/simulator/cli.ts'],
    absWorkingDir: __dirname,
    outfile,
    bundle: true,
    packages: 'external',
    target: 'node20',
    sourcemap: 'linked',
  });
}

async function main() {
  const builds = flags.has('--tests') ? { tests: separateFiles() } : { extension, webview: webviewBuild(production) };
  if (flags.has('--tests')) {
    // Files of deleted sources must not run again.
    fs.rmSync('out/js', { recursive: true, force: true });
  }
  if (flags.has('--watch')) {
    for (const options of Object.values(builds)) {
      const context = await esbuild.context({ ...options, logLevel: 'info' });
      await context.watch();
    }
    return;
  }
  for (const [name, options] of Object.entries(builds)) {
    const { metafile } = await esbuild.build(options);
    if (metafile !== undefined) {
      fs.mkdirSync('out', { recursive: true });
      fs.writeFileSync(`out/${name}.meta.json`, JSON.stringify(metafile));
    }
  }
}

module.exports = { buildSimulator, webviewBuild };

if (require.main === module) {
  main().catch(() => {
    // esbuild has said what is wrong.
    process.exitCode = 1;
  });
}
