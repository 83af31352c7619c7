/** One call that the server has received. Holds no arguments: a password is one. */
export interface CallRecord {
  readonly sequence: number;
  readonly atMs: number;
  /** Unset before a login. */
  readonly user: string | undefined;
  readonly method: string;
  /** `VirtualMachine:vm-12` */
  readonly object: string;
  readonly objectName: string | undefined;
  readonly operationId: string | undefined;
  /** `pending`, `ok`, the type of a fault, or what became of it instead (`closed`, `aborted`, `status 503`). */
  readonly outcome: string;
}

// Enough for the longest test; a demo that runs for days must not fill the memory.
const maxRecords = 20_000;

/** What was asked of the server, in order. */
export class CallLog {
  private records: CallRecord[] = [];
  private sequence = 0;

  get all(): readonly CallRecord[] {
    return this.records;
  }

  /** Calls after `sequence`. */
  since(sequence: number): readonly CallRecord[] {
    return this.records.filter((record) => record.sequence > sequence);
  }

  /** Number of the newest call. */
  get lastSequence(): number {
    return this.sequence;
  }

  clear(): void {
    this.records = [];
  }

  /** Notes a call; the returned function notes how it ended. */
  begin(call: Omit<CallRecord, 'sequence' | 'outcome'>): (outcome: string) => void {
    const record: CallRecord = { sequence: ++this.sequence, ...call, outcome: 'pending' };
    this.records.push(record);
    if (this.records.length > maxRecords) {
      this.records.splice(0, maxRecords / 10);
    }
    let current = record;
    return (outcome) => {
      const at = this.records.lastIndexOf(current);
      current = { ...current, outcome };
      if (at >= 0) {
        this.records[at] = current;
      }
    };
  }
}
