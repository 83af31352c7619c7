/** A snapshot as every client has to have read it. */
export interface SnapshotFacts {
  /** Managed object id alone: `snapshot-7`. */
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly description: string;
  readonly createdAtMs: number;
  /** `poweredOn`, `poweredOff`, `suspended`. */
  readonly state: string;
  readonly quiesced: boolean;
  readonly children: readonly SnapshotFacts[];
}

/** A VM as every client has to have read it. */
export interface VmFacts {
  readonly id: string;
  readonly name: string;
  readonly parent: string;
  readonly powerState: string;
  readonly host: string;
  readonly needsConsolidation: boolean;
  readonly isTemplate: boolean;
  readonly current: string;
  readonly roots: readonly SnapshotFacts[];
}

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/**
 * Sums up VMs in any order: FNV-1a of each VM's line in UTF-8, added up modulo 2^32. Every client has its own writing of
 * this; equal results mean that all have read the same of every field.
 */
export class Checksum {
  private sum = 0;
  private vms = 0;
  private buffer = Buffer.allocUnsafe(65_536);

  add(vm: VmFacts): void {
    const line = lineOf(vm);
    if (line.length * 3 > this.buffer.length) {
      this.buffer = Buffer.allocUnsafe(line.length * 6);
    }
    const length = this.buffer.write(line, 'utf8');
    let hash = fnvOffset;
    for (let i = 0; i < length; i++) {
      hash = Math.imul(hash ^ (this.buffer[i] as number), fnvPrime);
    }
    this.sum = (this.sum + (hash >>> 0)) >>> 0;
    this.vms++;
  }

  /** `COUNT CHECKSUM`, what every client prints as its last line. */
  toString(): string {
    return `${this.vms} ${this.sum.toString(16).padStart(8, '0')}`;
  }
}

function lineOf(vm: VmFacts): string {
  let line = `${vm.id}|${vm.name}|${vm.parent}|${vm.powerState}|${vm.host}|${flag(vm.needsConsolidation)}|${flag(vm.isTemplate)}|${vm.current}`;
  const pending = [...vm.roots].reverse().map((snapshot) => ({ snapshot, depth: 1 }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { snapshot, depth } = next;
    line += `|${depth},${snapshot.id},${snapshot.number},${snapshot.name},${snapshot.description},${snapshot.createdAtMs},${snapshot.state},${flag(snapshot.quiesced)}`;
    for (const child of [...snapshot.children].reverse()) {
      pending.push({ snapshot: child, depth: depth + 1 });
    }
  }
  return line;
}

function flag(value: boolean): string {
  return value ? '1' : '0';
}
