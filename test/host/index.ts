import fs from 'node:fs';
import path from 'node:path';
import util from 'node:util';
import v8 from 'node:v8';

import Mocha from 'mocha';

import { CountingReporter } from '../support/run/countingReporter';
import { testOutputMark } from '../support/run/testOutput';

// A command that opens a view of a workbench that has just started takes seconds on a loaded machine.
const testTimeoutMs = 60_000;

/** Called by VS Code in its extension host: runs the tests beside this file. @throws Error when one of them failed. */
export async function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = (...data: unknown[]) => {
    console.log(util.format(...data).replace(/^/gm, testOutputMark));
  };
  const mocha = new Mocha({
    reporter: CountingReporter,
    timeout: testTimeoutMs,
    forbidOnly: true,
    forbidPending: true,
    color: true,
    ...(process.env['TEST_GREP'] !== undefined && { grep: process.env['TEST_GREP'] }),
  });
  for (const name of fs.readdirSync(__dirname).filter((file) => file.endsWith('.test.js'))) {
    mocha.addFile(path.join(__dirname, name));
  }
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  if (process.env['NODE_V8_COVERAGE'] !== undefined) {
    // The window ends this process as soon as it hears of the result, too soon for Node.js to write by itself.
    v8.takeCoverage();
  }
  if (failures > 0) {
    throw new Error(`${failures} tests failed.`);
  }
}
