import { type CliOptions, parseCliOptions, usage, UsageError } from './cliOptions';
import { Simulator, type SimulatorOptions } from './simulator';

// The embedded vCenter as a program. Its first line tells where it is, as JSON; it serves until it is told to stop.

const usageExitCode = 2;

async function main(): Promise<void> {
  const options = parseCliOptions(process.argv.slice(2));
  // Listened for from the start: a stop that comes early is a stop too.
  const stopped = stopSignal();
  const simulator = await Simulator.start(await simulatorOptions(options));
  const { url, user, password, sha256, control } = simulator;
  process.stdout.write(`${JSON.stringify({ url, user, password, sha256, control })}\n`);
  await stopped;
  await simulator.stop();
}

async function simulatorOptions(options: CliOptions): Promise<SimulatorOptions> {
  const { port, inventory, esx, user, password, tls, listen, speed } = options;
  return {
    port,
    listen,
    speed,
    esx,
    control: true,
    ...(inventory !== undefined && { inventory }),
    ...(user !== undefined &&
      password !== undefined && { users: [{ name: user, password, permissions: [{ role: 'Admin' }] }] }),
    ...(tls && { tls: await certificateFor(listen) }),
  };
}

async function certificateFor(address: string): Promise<NonNullable<SimulatorOptions['tls']>> {
  // A development dependency makes it: there when this runs from a checkout, and never part of what is shipped.
  const { makeCertificate } = await import('./devCertificates');
  const { certificate, privateKey } = await makeCertificate({ names: [address, 'localhost'], commonName: 'vc.test' });
  return { cert: certificate, key: privateKey };
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n${usage}\n`);
    process.exitCode = usageExitCode;
  } else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
});
