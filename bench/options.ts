import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly vms: readonly number[];
  readonly rounds: number;
  readonly jsonFile: string | undefined;
}

// A single process of Node cannot hold much more than that, and no vCenter may.
const maxVms = 100_000;

/** @throws Error in words */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { vms: { type: 'string' }, rounds: { type: 'string' }, json: { type: 'string' } },
  });
  const vms = (values.vms ?? '1000,10000,50000').split(',').map((text) => wholeNumber('--vms', text, maxVms));
  return { vms, rounds: wholeNumber('--rounds', values.rounds ?? '5', 100), jsonFile: values.json };
}

function wholeNumber(flag: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > max) {
    throw new Error(`${flag} takes whole numbers from 1 to ${max}, and not "${text}".`);
  }
  return value;
}
