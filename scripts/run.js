// Builds what a script needs and runs the script in this very process, which ends when the npm that started it does.
//   node scripts/run.js [--extension] PATH [ARGUMENT…]     PATH: of a source, from the root, without its ending
'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const { endWithNpm } = require('./endWithNpm.js');

const root = path.join(__dirname, '..');
const args = process.argv.slice(2);
const needsExtension = args[0] === '--extension';
const [script, ...scriptArguments] = needsExtension ? args.slice(1) : args;

function build(...flags) {
  // What builds says goes where errors go: standard output belongs to the script.
  const { status, error } = spawnSync(process.execPath, ['esbuild.js', ...flags], {
    cwd: root,
    stdio: ['ignore', 2, 'inherit'],
  });
  if (error !== undefined) {
    throw error;
  }
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

endWithNpm();
if (needsExtension) {
  build();
}
build('--tests');
process.setSourceMapsEnabled(true);
const file = path.join(root, 'out', 'js', `${script}.js`);
process.argv = [process.argv[0], file, ...scriptArguments];
require(file);
