// Lives through hours of an operator's life in minutes, and looks at what is left behind.
//   node out/js/test/soak/run.js [--hours 24] [--vms 5000] [--servers 3] [--seed N]
import { parseArgs } from 'node:util';
import v8 from 'node:v8';
import vm from 'node:vm';

import { seededRandom } from '../../src/simulator/random/random';
import { happenings } from './events';
import { World } from './world';

const hourMs = 3_600_000;
const stepMs = 15_000;

/** What is there at a quiet moment. */
interface Sample {
  readonly hour: number;
  readonly heapMb: number;
  readonly sockets: number;
  readonly timers: number;
  /** In which somebody waits for news. */
  readonly sessions: number;
  /** Also those whose logout was lost; the server ends them when they have been idle. */
  readonly allSessions: number;
  /** Views, collectors and filters. */
  readonly objectsPerSession: number;
  readonly divergences: number;
}

async function take(world: World, hour: number): Promise<Sample> {
  collectGarbage();
  const wrong = await world.lastingDivergences();
  for (const each of wrong.slice(0, 5)) {
    console.log(`  ${each}`);
  }
  const truths = world.sites.map(({ simulator }) => simulator.execute({ command: 'readState' }) as ServerFacts);
  return {
    hour,
    heapMb: Math.round((process.memoryUsage().heapUsed / 1_048_576) * 10) / 10,
    sockets: process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
    timers: world.timers,
    sessions: Math.max(...truths.map(({ sessions }) => sessions.filter(({ isWaiting }) => isWaiting).length)),
    allSessions: Math.max(...truths.map(({ sessions }) => sessions.length)),
    objectsPerSession: Math.max(
      ...truths.map(({ sessions, scopedObjects }) =>
        Math.ceil(Object.values(scopedObjects).reduce((a, b) => a + b, 0) / Math.max(1, sessions.length)),
      ),
    ),
    divergences: wrong.length,
  };
}

interface ServerFacts {
  readonly sessions: readonly { readonly isWaiting: boolean }[];
  readonly scopedObjects: Readonly<Record<string, number>>;
}

// What is garbage would count as kept.
v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** Megabytes an hour: the median of the slopes between all pairs, which a moment of much garbage does not move. */
function slope(samples: readonly Sample[]): number {
  const slopes = samples
    .flatMap((a, index) => samples.slice(index + 1).map((b) => (b.heapMb - a.heapMb) / (b.hour - a.hour)))
    .sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] ?? 0;
}

// Sockets of both sides are in this process: two for a connection. Six for calls and one wait for each feed.
const maxSocketsPerServer = 2 * (6 + 4);
const maxTimersPerServer = 60;
const maxObjectsPerSession = 6;
// What is lost in half an hour of many faults, which is how long a server keeps an idle session.
const maxLostSessions = 5;
// Caches and logs fill in the first hours.
const warmUpHours = 4;
const maxSlopeMbPerHour = 1;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      hours: { type: 'string', default: '24' },
      vms: { type: 'string', default: '5000' },
      servers: { type: 'string', default: '3' },
      seed: { type: 'string' },
    },
  });
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const servers = Number(values.servers);
  const hours = Number(values.hours);
  console.log(`${hours} hours, ${values.vms} VMs on ${servers} servers, --seed ${seed}`);
  const startedAt = performance.now();
  const random = seededRandom(seed);
  const world = await World.create(servers, Math.ceil(Number(values.vms) / servers), seed);
  await world.settle();
  const samples: Sample[] = [];
  const counts = new Map<string, number>();
  for (let hour = 1; hour <= hours; hour++) {
    for (let passed = 0; passed < hourMs; passed += stepMs) {
      for (const site of world.sites) {
        for (const { name, perHour, happen } of happenings) {
          if (random() < (perHour * stepMs) / hourMs) {
            counts.set(name, (counts.get(name) ?? 0) + 1);
            happen(world, site, random);
          }
        }
      }
      await world.pass(stepMs, stepMs / 3);
    }
    for (const { simulator } of world.sites) {
      simulator.execute({ command: 'clearRules' });
      // The servers' own log of calls would be what grows.
      simulator.execute({ command: 'clearLog' });
    }
    await world.settle();
    const sample = await take(world, hour);
    samples.push(sample);
    console.log(
      Object.entries(sample)
        .map(([name, value]) => `${name} ${value}`)
        .join('  '),
    );
  }
  await world.close();
  console.log('');
  for (const [name, count] of counts) {
    console.log(`${name.padEnd(50)} ${count}`);
  }
  const perHour = slope(samples.filter(({ hour }) => hour > Math.min(warmUpHours, hours / 3)));
  const worst = (name: keyof Sample): number => Math.max(...samples.map((sample) => sample[name]));
  const verdicts: readonly (readonly [string, number, number])[] = [
    [
      'tree otherwise than the server, at quiet moments',
      samples.reduce((sum, { divergences }) => sum + divergences, 0),
      0,
    ],
    ['memory, MB an hour', Math.round(perHour * 100) / 100, maxSlopeMbPerHour],
    ['sockets at most', worst('sockets'), maxSocketsPerServer * servers],
    ['timers at most', worst('timers'), maxTimersPerServer * servers],
    ['sessions in use on a server at most', worst('sessions'), 1],
    ['sessions on a server at most, lost ones included', worst('allSessions'), maxLostSessions + 1],
    ['views, collectors and filters of a session at most', worst('objectsPerSession'), maxObjectsPerSession],
  ];
  console.log('');
  for (const [what, value, limit] of verdicts) {
    console.log(`${what.padEnd(52)} ${String(value).padStart(8)}   limit ${limit}${value > limit ? '   FAILED' : ''}`);
  }
  const failed = verdicts.filter(([, value, limit]) => value > limit).length;
  console.log(`\n${Math.round((performance.now() - startedAt) / 1000)} s for ${hours} hours`);
  console.log(`${verdicts.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
