import { makeCertificate } from '../../src/simulator/devCertificates';
import { Simulator } from '../../src/simulator/simulator';
import { largeInventory } from './largeInventory';

// The embedded vCenter with one large folder and many small ones, over TLS, in a process of its own.
//   node largeServerProcess.js VMS

async function main(): Promise<void> {
  const { certificate, privateKey } = await makeCertificate();
  const simulator = await Simulator.start({
    listen: '127.0.0.2',
    tls: { cert: certificate, key: privateKey },
    inventory: largeInventory(Number(process.argv[2])),
  });
  const { url, user, password, sha256 } = simulator;
  process.stdout.write(`${JSON.stringify({ url, user, password, sha256 })}\n`);
  process.once('SIGTERM', () => {
    void simulator.stop().then(() => process.exit());
  });
}

void main();
