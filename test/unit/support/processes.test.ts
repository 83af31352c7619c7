import assert from 'node:assert/strict';

import { eventually } from '../../support/eventually';
import { ProcessGroup, runProgram } from '../../support/processes';

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

describe('processes of ours', () => {
  it('give what they wrote', async () => {
    const script = 'process.stdin.on("data", (d) => process.stdout.write(d)); console.error("e")';
    assert.deepEqual(await runProgram(process.execPath, ['-e', script], { input: 'ü' }), {
      stdout: 'ü',
      stderr: 'e\n',
    });
  });

  it('say how they failed, with the end of what they wrote', async () => {
    await assert.rejects(
      runProgram(process.execPath, ['-e', 'console.log("out"); console.error("why"); process.exit(3)']),
      /ended with 3:\nout\nwhy/,
    );
    await assert.rejects(runProgram('no-such-program', []), /Cannot start no-such-program/);
  });

  it('end with their whole group', async () => {
    // The leader starts a process that outlives it unless somebody sees to it.
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    const group = await ProcessGroup.start(process.execPath, ['-e', script]);
    const { stdout } = group.child;
    assert.ok(stdout !== null);
    const grandchild = await new Promise<number>((resolve) =>
      stdout.once('data', (text) => {
        resolve(Number(text));
      }),
    );
    assert.equal(isAlive(grandchild), true);
    await group.stop();
    assert.equal(group.outcome?.signal, 'SIGTERM');
    await eventually('the grandchild to end', () => !isAlive(grandchild));
  });
});
