import { makeCertificate } from '../../src/simulator/devCertificates';
import { Simulator } from '../../src/simulator/simulator';
import { benchInventory } from './benchInventory';

// The embedded vCenter with the bench's inventory, over TLS, in a process of its own.
//   node simulatorProcess.js VMS [dead | slow | flapping]

const slowMs = 1_500;
const flapEveryMs = 3_000;
const flapDownMs = 500;

/** What makes a server a bad neighbour. */
const moods: Readonly<Record<string, (simulator: Simulator) => void>> = {
  dead: ({ rules }) => {
    rules.add({ action: { kind: 'silence', when: 'before' } });
  },
  slow: ({ rules }) => {
    rules.add({ action: { kind: 'delay', ms: slowMs } });
  },
  flapping: (simulator) => {
    const flap = async (): Promise<void> => {
      await simulator.restart({ downMs: flapDownMs });
    };
    setInterval(() => void flap(), flapEveryMs);
  },
};

async function main(): Promise<void> {
  const [count, mood = ''] = process.argv.slice(2);
  const { certificate, privateKey } = await makeCertificate();
  const simulator = await Simulator.start({
    listen: '127.0.0.2',
    tls: { cert: certificate, key: privateKey },
    control: true,
    inventory: benchInventory(Number(count)),
  });
  moods[mood]?.(simulator);
  const { url, user, password, sha256, control } = simulator;
  const { user: userUs, system: systemUs } = process.cpuUsage();
  const cpuMs = (userUs + systemUs) / 1_000;
  const rssMb = process.memoryUsage().rss / 1_048_576;
  process.stdout.write(`${JSON.stringify({ url, user, password, sha256, control, cpuMs, rssMb })}\n`);
  process.once('SIGTERM', () => {
    void simulator.stop().then(() => process.exit());
  });
}

void main();
