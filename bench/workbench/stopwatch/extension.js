// Another extension beside the product: a timer that wants to come every few milliseconds, and how late it was. Asked over
// HTTP by the bench, which finds the address in the file that STOPWATCH_FILE names.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const inspector = require('node:inspector');
const { performance } = require('node:perf_hooks');
const { promisify } = require('node:util');

const periodMs = 2;
const sampleUs = 500;

// Of the first thread, which is the one that runs extensions.
const ownSchedule = '/proc/self/schedstat';

/** What the product's own code is known by in a profile. */
const product = /vsphere-snapshots\.vsphere-snapshots[^/\\]*[/\\]dist[/\\]/;

/** Processor time of this thread where the kernel tells, else of the whole process. */
function cpuMs() {
  if (fs.existsSync(ownSchedule)) {
    return Number(fs.readFileSync(ownSchedule, 'latin1').split(' ')[0]) / 1e6;
  }
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

class Stopwatch {
  constructor() {
    this.begin();
    setInterval(() => this.tick(), periodMs);
  }

  begin() {
    this.beganCpuMs = cpuMs();
    this.lastMs = performance.now();
    this.lastCpuMs = this.beganCpuMs;
    this.latestMs = 0;
    this.blockCpuMs = 0;
  }

  tick() {
    const nowMs = performance.now();
    const cpu = cpuMs();
    this.latestMs = Math.max(this.latestMs, nowMs - this.lastMs - periodMs);
    this.blockCpuMs = Math.max(this.blockCpuMs, cpu - this.lastCpuMs);
    this.lastMs = nowMs;
    this.lastCpuMs = cpu;
  }

  figures() {
    this.tick();
    const { latestMs, blockCpuMs } = this;
    return {
      lateMs: latestMs,
      blockCpuMs,
      cpuMs: this.lastCpuMs - this.beganCpuMs,
      rssMb: process.memoryUsage().rss / 1_048_576,
    };
  }
}

class Profile {
  async start() {
    this.session = new inspector.Session();
    this.session.connect();
    this.post = promisify(this.session.post.bind(this.session));
    await this.post('Profiler.enable');
    await this.post('Profiler.setSamplingInterval', { interval: sampleUs });
    await this.post('Profiler.start');
  }

  /** How long the product's code was running, with everything that it called. */
  async stop() {
    const { profile } = await this.post('Profiler.stop');
    this.session.disconnect();
    const ours = new Set();
    // Parents stand before their children.
    for (const { id, callFrame, children = [] } of profile.nodes) {
      if (product.test(callFrame.url)) {
        ours.add(id);
      }
      if (ours.has(id)) {
        children.forEach((child) => ours.add(child));
      }
    }
    const times = profile.samples.map((id, index) => (ours.has(id) ? (profile.timeDeltas[index] ?? 0) : 0));
    return { oursMs: times.reduce((sum, us) => sum + us, 0) / 1_000 };
  }
}

exports.activate = (context) => {
  const stopwatch = new Stopwatch();
  const profile = new Profile();
  const answers = {
    '/begin': () => stopwatch.begin(),
    '/figures': () => stopwatch.figures(),
    '/profile': () => profile.start(),
    '/profiled': () => profile.stop(),
  };
  const server = http.createServer((request, response) => {
    Promise.resolve(answers[request.url]?.()).then(
      (answer) => response.end(JSON.stringify(answer ?? {})),
      (error) => {
        response.statusCode = 500;
        response.end(String(error));
      },
    );
  });
  server.listen(0, '127.0.0.1', () => {
    const file = process.env.STOPWATCH_FILE;
    fs.writeFileSync(`${file}.new`, `http://127.0.0.1:${server.address().port}`);
    fs.renameSync(`${file}.new`, file);
  });
  context.subscriptions.push({ dispose: () => server.close() });
};
