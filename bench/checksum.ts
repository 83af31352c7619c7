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

const firstTwoBytes = 0x80;
const firstThreeBytes = 0x800;
const firstSurrogate = 0xd800;
const lastHighSurrogate = 0xdbff;

/**
 * Sums up VMs in any order: FNV-1a of each VM's line in UTF-8, added up modulo 2^32. Every client has its own writing of
 * this; equal results mean that all have read the same of every field.
 *
 * @remarks Takes a line piece by piece: what is measured is the reading, so the sum must cost next to nothing.
 */
export class Checksum {
  private sum = 0;
  private vms = 0;
  private hash = fnvOffset;

  /** Adds `text` to the line, from the character `from` on. */
  text(text: string, from = 0): void {
    let { hash } = this;
    for (let i = from; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < firstTwoBytes) {
        hash = Math.imul(hash ^ code, fnvPrime);
      } else if (code < firstThreeBytes) {
        hash = Math.imul(hash ^ (0xc0 | (code >> 6)), fnvPrime);
        hash = Math.imul(hash ^ (0x80 | (code & 0x3f)), fnvPrime);
      } else if (code < firstSurrogate || code > lastHighSurrogate) {
        hash = Math.imul(hash ^ (0xe0 | (code >> 12)), fnvPrime);
        hash = Math.imul(hash ^ (0x80 | ((code >> 6) & 0x3f)), fnvPrime);
        hash = Math.imul(hash ^ (0x80 | (code & 0x3f)), fnvPrime);
      } else {
        const point = text.codePointAt(i) ?? 0;
        i++;
        hash = Math.imul(hash ^ (0xf0 | (point >> 18)), fnvPrime);
        hash = Math.imul(hash ^ (0x80 | ((point >> 12) & 0x3f)), fnvPrime);
        hash = Math.imul(hash ^ (0x80 | ((point >> 6) & 0x3f)), fnvPrime);
        hash = Math.imul(hash ^ (0x80 | (point & 0x3f)), fnvPrime);
      }
    }
    this.hash = hash;
  }

  add(vm: VmFacts): void {
    this.text(lineOf(vm));
    this.endVm();
  }

  /** The line of a VM is complete. */
  endVm(): void {
    this.sum = (this.sum + (this.hash >>> 0)) >>> 0;
    this.hash = fnvOffset;
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
