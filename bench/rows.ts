import { median } from './measure';

/** One run of one client. */
export interface Sample {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** What one client needs for a job on a server. */
export interface Row {
  readonly job: string;
  readonly server: string;
  readonly vms: number;
  readonly client: string;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rssMB: number;
  /** Of what it has read; undefined for clients that look at nothing. */
  readonly checksum: string | undefined;
  readonly rounds: number;
}

export interface RowKey {
  readonly job: string;
  readonly server: string;
  readonly vms: number;
  readonly client: string;
}

/** Collects samples, round by round. */
export class Samples {
  private readonly all = new Map<string, { readonly key: RowKey; readonly samples: Sample[]; checksum?: string }>();

  /** @throws Error when the client has read something else than before. */
  add(key: RowKey, sample: Sample, checksum: string | undefined): void {
    const name = JSON.stringify(key);
    const entry = this.all.get(name) ?? { key, samples: [] };
    if (entry.checksum !== undefined && entry.checksum !== checksum) {
      throw new Error(`${key.client} read ${String(checksum)} and before it ${entry.checksum}`);
    }
    entry.samples.push(sample);
    if (checksum !== undefined) {
      entry.checksum = checksum;
    }
    this.all.set(name, entry);
  }

  /** Medians. @throws Error when clients of one job have not read the same. */
  rows(): Row[] {
    const rows = [...this.all.values()].map(({ key, samples, checksum }): Row => ({
      ...key,
      wallMs: round(median(samples.map(({ wallMs }) => wallMs))),
      cpuMs: round(median(samples.map(({ cpuMs }) => cpuMs))),
      rssMB: round(median(samples.map(({ rssMb }) => rssMb))),
      checksum,
      rounds: samples.length,
    }));
    const sums = new Map<string, Row>();
    for (const row of rows.filter(({ checksum }) => checksum !== undefined)) {
      const job = `${row.job} ${row.vms}`;
      const other = sums.get(job) ?? row;
      if (other.checksum !== row.checksum) {
        throw new Error(
          `${job}: ${row.client} on ${row.server} read ${row.checksum}, ${other.client} on ${other.server} ${other.checksum}`,
        );
      }
      sums.set(job, other);
    }
    return rows;
  }
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
