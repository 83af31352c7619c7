import { makeCertificate } from '../../src/simulator/devCertificates';
import { Simulator } from '../../src/simulator/simulator';
import { benchInventory } from './benchInventory';

// The embedded vCenter with the bench's inventory, over TLS, in a process of its own.
//   node simulatorProcess.js VMS

async function main(): Promise<void> {
  const vms = Number(process.argv[2]);
  const started = performance.now();
  const { certificate, privateKey } = await makeCertificate();
  const simulator = await Simulator.start({
    listen: '127.0.0.2',
    tls: { cert: certificate, key: privateKey },
    control: true,
    inventory: benchInventory(vms),
  });
  const { url, user, password, sha256, control } = simulator;
  const startMs = performance.now() - started;
  const rssMb = process.memoryUsage().rss / 1_048_576;
  process.stdout.write(`${JSON.stringify({ url, user, password, sha256, control, startMs, rssMb })}\n`);
  process.once('SIGTERM', () => void simulator.stop());
}

void main();
