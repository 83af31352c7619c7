'use strict';

// How soon it is noticed. Nobody waits for it.
const lookEveryMs = 250;

/**
 * Ends this process, as a SIGTERM does, when the npm that runs it as a script has ended.
 *
 * npm passes signals on to a shell that it puts in between. On Debian that shell dies of them and passes nothing on, so
 * whoever ends `npm run simulator` by its process id would leave the server behind.
 */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) {
    return;
  }
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(timer);
      process.kill(process.pid, 'SIGTERM');
    }
  }, lookEveryMs);
  timer.unref();
}

module.exports = { endWithNpm };
