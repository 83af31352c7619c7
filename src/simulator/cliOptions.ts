import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface CliOptions {
  readonly port: number;
  readonly inventory: 'demo' | { readonly vms: number } | undefined;
  readonly esx: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly tls: boolean;
  readonly listen: string;
  readonly speed: number;
}

/** Says in one sentence what is wrong with the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage =
  'Usage: simulator [--port N] [--vms N | --demo] [--esx] [--user NAME --password TEXT] [--tls] [--listen ADDRESS] [--speed X]';

const maxPort = 65_535;
const loopback = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

/** @throws {@link UsageError} */
export function parseCliOptions(args: readonly string[]): CliOptions {
  const values = parse(args);
  if (values.vms !== undefined && values.demo === true) {
    throw new UsageError('--vms and --demo exclude each other.');
  }
  if ((values.user === undefined) !== (values.password === undefined)) {
    throw new UsageError('--user and --password belong together.');
  }
  const listen = values.listen ?? '127.0.0.1';
  if (!loopback.test(listen)) {
    throw new UsageError(`--listen takes a loopback address, such as 127.0.0.2, and not "${listen}".`);
  }
  const vms = values.vms === undefined ? undefined : wholeNumber('--vms', values.vms, 0, 1_000_000);
  return {
    port: wholeNumber('--port', values.port ?? '0', 0, maxPort),
    inventory: values.demo === true ? 'demo' : vms === undefined ? undefined : { vms },
    esx: values.esx ?? false,
    user: values.user,
    password: values.password,
    tls: values.tls ?? false,
    listen,
    speed: positiveNumber('--speed', values.speed ?? '1'),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        vms: { type: 'string' },
        demo: { type: 'boolean' },
        esx: { type: 'boolean' },
        user: { type: 'string' },
        password: { type: 'string' },
        tls: { type: 'boolean' },
        listen: { type: 'string' },
        speed: { type: 'string' },
      },
    }).values;
  } catch (error) {
    // parseArgs says in a sentence what it does not understand.
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`${flag} takes a whole number from ${min} to ${max}, and not "${text}".`);
  }
  return value;
}

function positiveNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0) || !Number.isFinite(value)) {
    throw new UsageError(`${flag} takes a number greater than 0, and not "${text}".`);
  }
  return value;
}
