import { median } from './measure';

/** One run of one client. */
export interface Sample {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rssMb: number;
}

export interface RowKey {
  readonly job: string;
  readonly server: string;
  readonly vms: number;
  readonly client: string;
}

/** What one client needs for a job on a server. Medians of the rounds. */
export interface Row extends RowKey {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rssMB: number;
  /** Of what it has read; null for clients that look at nothing. */
  readonly checksum: string | null;
  readonly rounds: number;
}

interface Entry {
  readonly key: RowKey;
  readonly inventory: string;
  readonly checksum: string | null;
  readonly samples: Sample[];
}

/** Collects samples, round by round. */
export class Samples {
  private readonly all = new Map<string, Entry>();

  /**
   * @param checksum - what the client has read; null when it looks at nothing
   * @param inventory - servers with the same one, of the same size, have to be read alike
   * @throws Error when the client has read something else than before
   */
  add(key: RowKey, sample: Sample, checksum: string | null, inventory: string): void {
    const name = JSON.stringify(key);
    const entry = this.all.get(name) ?? { key, inventory, checksum, samples: [] };
    if (entry.checksum !== checksum) {
      throw new Error(
        `${key.client} on ${key.server} read ${String(checksum)} and before it ${String(entry.checksum)}`,
      );
    }
    entry.samples.push(sample);
    this.all.set(name, entry);
  }

  /** Medians. @throws Error when clients of one job have not read the same. */
  rows(): Row[] {
    const first = new Map<string, Entry>();
    for (const entry of this.all.values()) {
      const { key, inventory, checksum } = entry;
      if (checksum !== null) {
        const same = `${key.job} ${key.vms} ${inventory}`;
        const other = first.get(same) ?? entry;
        if (other.checksum !== checksum) {
          throw new Error(
            `${key.job}, ${key.vms} VMs: ${key.client} on ${key.server} read ${checksum}, ` +
              `${other.key.client} on ${other.key.server} ${String(other.checksum)}`,
          );
        }
        first.set(same, other);
      }
    }
    return [...this.all.values()].map(({ key, samples, checksum }) => ({
      ...key,
      wallMs: round(median(samples.map(({ wallMs }) => wallMs))),
      cpuMs: round(median(samples.map(({ cpuMs }) => cpuMs))),
      rssMB: round(median(samples.map(({ rssMb }) => rssMb))),
      checksum,
      rounds: samples.length,
    }));
  }
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
