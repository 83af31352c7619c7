import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly vms: readonly number[];
  readonly rounds: number;
  readonly jsonFile: string | undefined;
  /** Names of the jobs to run; undefined: all. */
  readonly jobs: readonly string[] | undefined;
  /** Folder for a series of pictures of 50,000 VMs that come into the workbench; undefined: none. */
  readonly picturesFolder: string | undefined;
}

// A single process of Node cannot hold much more than that, and no vCenter may.
const maxVms = 100_000;

/**
 * @param jobs - names of those that there are
 * @throws Error in words
 */
export function parseBenchOptions(args: readonly string[], jobs: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      vms: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'string' },
      jobs: { type: 'string' },
      pictures: { type: 'string' },
    },
  });
  const vms = (values.vms ?? '1000,10000,50000').split(',').map((text) => wholeNumber('--vms', text, maxVms));
  const wanted = values.jobs?.split(',');
  const unknown = wanted?.find((name) => !jobs.includes(name));
  if (unknown !== undefined) {
    throw new Error(`--jobs takes ${jobs.join(', ')}, and not "${unknown}".`);
  }
  return {
    vms,
    rounds: wholeNumber('--rounds', values.rounds ?? '5', 100),
    jsonFile: values.json,
    jobs: wanted,
    picturesFolder: values.pictures,
  };
}

function wholeNumber(flag: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > max) {
    throw new Error(`${flag} takes whole numbers from 1 to ${max}, and not "${text}".`);
  }
  return value;
}
