import assert from 'node:assert/strict';
import type { SnapshotId } from '../../../../src/hypervisor/model/ids';
import type { Snapshot, SnapshotTree } from '../../../../src/hypervisor/model/snapshot';
import { ManagedObjectReference } from '../../../../src/vsphere/vim/schema';
import type { VirtualMachineFileLayoutEx } from '../../../../src/vsphere/vim/layout';
import { measureSnapshots } from '../../../../src/vsphere/vm/snapshotSizes';

type Layout = VirtualMachineFileLayoutEx;

/** Builds a layout by the names of its files. */
class Builder {
  private readonly files: Layout['file'][number][] = [];
  private readonly snapshots: Layout['snapshot'][number][] = [];
  private readonly disks: Layout['disk'][number][] = [];

  file(name: string, size: number, extra: Partial<Layout['file'][number]> = {}): this {
    this.files.push({ key: this.files.length, name: `[DS] vm/${name}`, type: 'diskExtent', size, ...extra });
    return this;
  }

  key(name: string): number {
    const key = this.files.findIndex((file) => file.name === `[DS] vm/${name}`);
    assert.notEqual(key, -1, name);
    return key;
  }

  /** Each unit of a chain is a list of file names, parted by blanks. */
  chain(disk: number, ...units: string[]): Layout['disk'][number] {
    return { key: disk, chain: units.map((unit) => ({ fileKey: unit.split(' ').map((name) => this.key(name)) })) };
  }

  snapshot(id: string, data: string, memory: string | undefined, ...disk: Layout['disk'][number][]): this {
    this.snapshots.push({
      key: new ManagedObjectReference('VirtualMachineSnapshot', id),
      dataKey: this.key(data),
      memoryKey: memory === undefined ? -1 : this.key(memory),
      disk,
    });
    return this;
  }

  running(...disk: Layout['disk'][number][]): this {
    this.disks.push(...disk);
    return this;
  }

  build(): Layout {
    return { file: this.files, disk: this.disks, snapshot: this.snapshots, timestamp: '2026-11-22T14:05:00Z' };
  }
}

function id(name: string): SnapshotId {
  return `VirtualMachineSnapshot:${name}` as SnapshotId;
}

function node(name: string, ...children: Snapshot[]): Snapshot {
  return {
    id: id(name),
    number: 1,
    name,
    description: '',
    createdAtMs: 0,
    powerState: 'off',
    hasMemory: false,
    quiesced: false,
    children,
  };
}

function tree(current: string | undefined, ...roots: Snapshot[]): SnapshotTree {
  return { roots, currentId: current === undefined ? undefined : id(current) };
}

/** A base disk of two files and three deltas of it. */
function withDisks(): Builder {
  return new Builder()
    .file('a.vmdk', 1)
    .file('a-flat.vmdk', 1_000)
    .file('a-000001.vmdk', 2)
    .file('a-000001-delta.vmdk', 100)
    .file('a-000002.vmdk', 3)
    .file('a-000002-delta.vmdk', 200)
    .file('a-000003.vmdk', 4)
    .file('a-000003-sesparse.vmdk', 300)
    .file('s1.vmsn', 10)
    .file('s2.vmsn', 20)
    .file('s3.vmsn', 30)
    .file('s1.vmem', 4_000);
}

const base = 'a.vmdk a-flat.vmdk';
const delta1 = 'a-000001.vmdk a-000001-delta.vmdk';
const delta2 = 'a-000002.vmdk a-000002-delta.vmdk';
const delta3 = 'a-000003.vmdk a-000003-sesparse.vmdk';

function sizeOf(sizes: ReturnType<typeof measureSnapshots>, name: string): [number, number, number] | undefined {
  const size = sizes.bySnapshot.get(id(name));
  return size === undefined ? undefined : [size.diskBytes, size.memoryBytes, size.liveBytes];
}

describe('measureSnapshots', () => {
  it('is nothing without snapshots', () => {
    const b = withDisks();
    const sizes = measureSnapshots(b.running(b.chain(2000, base)).build(), tree(undefined));
    assert.deepEqual(sizes, {
      bySnapshot: new Map(),
      totalBytes: 0,
      leftoverBytes: 0,
      measuredAtMs: Date.UTC(2026, 10, 22, 14, 5),
    });
  });

  it('counts no disk for a root, and the running delta for the current snapshot', () => {
    const b = withDisks();
    b.snapshot('s1', 's1.vmsn', undefined, b.chain(2000, base)).running(b.chain(2000, base, delta1));
    const sizes = measureSnapshots(b.build(), tree('s1', node('s1')));
    assert.deepEqual(sizeOf(sizes, 's1'), [0, 10, 102]);
    assert.deepEqual([sizes.totalBytes, sizes.leftoverBytes], [112, 0]);
  });

  it('adds a memory file, which is apart from the state', () => {
    const b = withDisks();
    b.snapshot('s1', 's1.vmsn', 's1.vmem', b.chain(2000, base)).running(b.chain(2000, base, delta1));
    assert.deepEqual(sizeOf(measureSnapshots(b.build(), tree('s1', node('s1'))), 's1'), [0, 4_010, 102]);
  });

  it('gives each snapshot what was frozen since its parent, whatever the order of a chain', () => {
    const orders: ((...units: string[]) => string[])[] = [
      (...units) => units,
      (...units) => units.reverse(),
      (...units) => [...units.slice(1), ...units.slice(0, 1)],
    ];
    for (const order of orders) {
      const b = withDisks();
      b.snapshot('s1', 's1.vmsn', undefined, b.chain(2000, ...order(base)))
        .snapshot('s3', 's3.vmsn', undefined, b.chain(2000, ...order(base, delta1, delta2)))
        .snapshot('s2', 's2.vmsn', undefined, b.chain(2000, ...order(base, delta1)))
        .running(b.chain(2000, ...order(base, delta1, delta2, delta3)));
      const sizes = measureSnapshots(b.build(), tree('s3', node('s1', node('s2', node('s3')))));
      assert.deepEqual(sizeOf(sizes, 's1'), [0, 10, 0]);
      assert.deepEqual(sizeOf(sizes, 's2'), [102, 20, 0]);
      assert.deepEqual(sizeOf(sizes, 's3'), [203, 30, 304]);
      assert.deepEqual([sizes.totalBytes, sizes.leftoverBytes], [669, 0]);
    }
  });

  it('parts branches and counts the running delta for the branch that runs', () => {
    const b = withDisks();
    b.snapshot('s1', 's1.vmsn', undefined, b.chain(2000, base))
      .snapshot('s2', 's2.vmsn', undefined, b.chain(2000, base, delta1))
      .snapshot('s3', 's3.vmsn', undefined, b.chain(2000, base, delta2))
      .running(b.chain(2000, base, delta2, delta3));
    const sizes = measureSnapshots(b.build(), tree('s3', node('s1', node('s2'), node('s3'))));
    assert.deepEqual(sizeOf(sizes, 's2'), [102, 20, 0]);
    assert.deepEqual(sizeOf(sizes, 's3'), [203, 30, 304]);
  });

  it('counts what is left behind apart: after a delete that did not finish', () => {
    const b = withDisks();
    b.snapshot('s1', 's1.vmsn', undefined, b.chain(2000, base)).running(b.chain(2000, base, delta1, delta2, delta3));
    const sizes = measureSnapshots(b.build(), tree('s1', node('s1')));
    assert.deepEqual(sizeOf(sizes, 's1'), [0, 10, 304]);
    assert.equal(sizes.leftoverBytes, 305);
    assert.equal(sizes.totalBytes, 10 + 304 + 305);
  });

  it('counts deltas of a VM without snapshots as left behind, and its base disk as nothing', () => {
    const b = withDisks();
    const sizes = measureSnapshots(b.running(b.chain(2000, delta1, base)).build(), tree(undefined));
    assert.deepEqual([sizes.totalBytes, sizes.leftoverBytes], [102, 102]);
  });

  it('counts what runs as left behind when no snapshot is current', () => {
    const b = withDisks();
    b.snapshot('s1', 's1.vmsn', undefined, b.chain(2000, base)).running(b.chain(2000, base, delta1));
    const sizes = measureSnapshots(b.build(), tree(undefined, node('s1')));
    assert.deepEqual(sizeOf(sizes, 's1'), [0, 10, 0]);
    assert.equal(sizes.leftoverBytes, 102);
  });

  it('takes descriptors for the disks where there are no extents, as on vSAN', () => {
    const b = new Builder()
      .file('a.vmdk', 1_100_000_000, { type: 'diskDescriptor' })
      .file('a-000001.vmdk', 5_000, { type: 'diskDescriptor' })
      .file('s1.vmsn', 10, { type: 'snapshotData' });
    b.snapshot('s1', 's1.vmsn', undefined, b.chain(2000, 'a.vmdk')).running(b.chain(2000, 'a.vmdk', 'a-000001.vmdk'));
    assert.deepEqual(sizeOf(measureSnapshots(b.build(), tree('s1', node('s1'))), 's1'), [0, 10, 5_000]);
  });

  it('knows the running delta of a disk by the chain below it, whatever its files are called', () => {
    const b = new Builder().file('base', 1_000).file('redo', 50).file('s1.vmsn', 10);
    b.snapshot('s1', 's1.vmsn', undefined, b.chain(2000, 'base')).running(b.chain(2000, 'redo', 'base'));
    assert.deepEqual(sizeOf(measureSnapshots(b.build(), tree('s1', node('s1'))), 's1'), [0, 10, 50]);
  });

  it('does not take a disk that was added later for a delta', () => {
    const b = withDisks().file('b.vmdk', 1).file('b-flat.vmdk', 5_000).file('b-000001-delta.vmdk', 7);
    b.snapshot('s1', 's1.vmsn', undefined, b.chain(2000, base))
      .snapshot('s2', 's2.vmsn', undefined, b.chain(2000, base, delta1), b.chain(2001, 'b.vmdk b-flat.vmdk'))
      .running(
        b.chain(2000, base, delta1, delta2),
        b.chain(2001, 'b.vmdk b-flat.vmdk', 'b-000001-delta.vmdk'),
        b.chain(2002, 'a.vmdk a-flat.vmdk'),
      );
    const sizes = measureSnapshots(b.build(), tree('s2', node('s1', node('s2'))));
    assert.deepEqual(sizeOf(sizes, 's2'), [102, 20, 203 + 7]);
    assert.equal(sizes.leftoverBytes, 0);
  });

  it('takes files that cannot be reached for empty, and sizes below zero too', () => {
    const b = new Builder()
      .file('a.vmdk', 1)
      .file('a-000001.vmdk', 900, { accessible: false })
      .file('a-000001-delta.vmdk', -1)
      .file('s1.vmsn', 10, { accessible: true });
    b.snapshot('s1', 's1.vmsn', undefined, b.chain(2000, 'a.vmdk')).running(
      b.chain(2000, 'a.vmdk', 'a-000001.vmdk a-000001-delta.vmdk'),
    );
    assert.deepEqual(sizeOf(measureSnapshots(b.build(), tree('s1', node('s1'))), 's1'), [0, 10, 0]);
  });

  it('counts a file once that two snapshots share', () => {
    const b = withDisks();
    b.snapshot('s1', 's1.vmsn', 's1.vmem', b.chain(2000, base))
      .snapshot('s2', 's1.vmsn', 's1.vmem', b.chain(2000, base))
      .running(b.chain(2000, base));
    const sizes = measureSnapshots(b.build(), tree('s2', node('s1', node('s2'))));
    assert.deepEqual(sizeOf(sizes, 's2'), [0, 4_010, 0]);
    assert.equal(sizes.totalBytes, 4_010);
  });

  it('sums several disks', () => {
    const b = withDisks().file('b.vmdk', 9).file('b-000001.vmdk', 11);
    b.snapshot('s1', 's1.vmsn', undefined, b.chain(2000, base), b.chain(2001, 'b.vmdk')).running(
      b.chain(2000, base, delta1),
      b.chain(2001, 'b.vmdk', 'b-000001.vmdk'),
    );
    assert.deepEqual(sizeOf(measureSnapshots(b.build(), tree('s1', node('s1'))), 's1'), [0, 10, 113]);
  });

  it('leaves out snapshots that the layout does not know, and files that it names but does not list', () => {
    const b = withDisks();
    b.snapshot('s1', 's1.vmsn', undefined, b.chain(2000, base)).running(b.chain(2000, base));
    const layout = b.build();
    const sizes = measureSnapshots(
      { ...layout, file: layout.file.filter(({ name }) => !name.includes('s1.vmsn')) },
      tree('new', node('s1', node('new'))),
    );
    assert.deepEqual(sizeOf(sizes, 's1'), [0, 0, 0]);
    assert.equal(sizeOf(sizes, 'new'), undefined);
  });

  it('counts files of snapshots that are in no tree any more as left behind', () => {
    const b = withDisks();
    b.snapshot('ghost', 's2.vmsn', undefined, b.chain(2000, base, delta1)).running(b.chain(2000, base, delta1, delta2));
    const sizes = measureSnapshots(b.build(), tree(undefined));
    assert.deepEqual([sizes.bySnapshot.size, sizes.leftoverBytes], [0, 305]);
  });

  it('finds nothing where every snapshot has the chain that runs, as vcsim has it', () => {
    const b = withDisks();
    b.snapshot('s1', 's1.vmsn', undefined, b.chain(2000, base))
      .snapshot('s2', 's2.vmsn', undefined, b.chain(2000, base))
      .running(b.chain(2000, base));
    const sizes = measureSnapshots(b.build(), tree('s2', node('s1', node('s2'))));
    assert.deepEqual([sizes.totalBytes, sizes.leftoverBytes], [30, 0]);
  });
});
