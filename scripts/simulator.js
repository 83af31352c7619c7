// Builds the embedded vCenter as a program and runs it in this very process. It has a file of its own: building it does
// not disturb tests that run meanwhile.
//   npm run -s simulator -- [OPTION…]     docs/simulator.md has the options
'use strict';

const path = require('node:path');

const { buildSimulator } = require('../esbuild.js');
const { endWithNpm } = require('./endWithNpm.js');

async function main() {
  endWithNpm();
  const file = path.join(__dirname, '..', 'out', 'simulator', 'cli.js');
  await buildSimulator(file);
  process.setSourceMapsEnabled(true);
  process.argv[1] = file;
  require(file);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
