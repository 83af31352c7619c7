import assert from 'node:assert/strict';

import { judgeRows, Verdicts } from '../../../bench/goals';
import { type BenchOptions, parseBenchOptions } from '../../../bench/options';
import { type Row, Samples } from '../../../bench/rows';

const sample = { wallMs: 1, cpuMs: 1, rssMb: 1 };

function row(facts: Partial<Row>): Row {
  const usual = { job: 'J', server: 'simulator', vms: 10_000, wallMs: 100, cpuMs: 100, rssMB: 100, rounds: 5 };
  return { ...usual, client: 'ours', checksum: '1 a', ...facts };
}

describe('Bench: rows', () => {
  it('are medians of the rounds', () => {
    const samples = new Samples();
    const key = { job: 'J', server: 'simulator', vms: 5, client: 'ours' };
    for (const wallMs of [900, 10, 20]) {
      samples.add(key, { wallMs, cpuMs: wallMs / 2, rssMb: 1 }, '5 a', 'bench');
    }
    assert.deepEqual(samples.rows(), [{ ...key, wallMs: 20, cpuMs: 10, rssMB: 1, checksum: '5 a', rounds: 3 }]);
  });

  it('are refused when a client reads something else than before', () => {
    const samples = new Samples();
    const key = { job: 'J', server: 'simulator', vms: 5, client: 'ours' };
    samples.add(key, sample, '5 a', 'bench');
    assert.throws(() => {
      samples.add(key, sample, '5 b', 'bench');
    }, /read 5 b and before it 5 a/);
  });

  it('are refused when two clients read different things from servers with the same inventory', () => {
    const samples = new Samples();
    samples.add({ job: 'J', server: 'simulator', vms: 5, client: 'ours' }, sample, '5 a', 'bench');
    samples.add({ job: 'J', server: 'simulator', vms: 5, client: 'curl' }, sample, null, 'bench');
    samples.add({ job: 'J', server: 'vcsim', vms: 5, client: 'ours' }, sample, '5 c', 'vcsim');
    samples.add({ job: 'J', server: 'simulator', vms: 6, client: 'ours' }, sample, '6 d', 'bench');
    assert.equal(samples.rows().length, 4);
    samples.add({ job: 'J', server: 'replay', vms: 5, client: 'govmomi' }, sample, '5 b', 'bench');
    assert.throws(() => samples.rows(), /govmomi on replay read 5 b, ours on simulator 5 a/);
  });
});

describe('Bench: verdicts', () => {
  it('hold up to the goal', () => {
    const verdicts = new Verdicts();
    verdicts.add('at it', 0.5, 0.5);
    verdicts.add('above it', 0.50001, 0.5);
    assert.deepEqual(verdicts.ratios, [
      { name: 'at it', value: 0.5, goal: 0.5, holds: true },
      { name: 'above it', value: 0.5, goal: 0.5, holds: false },
    ]);
  });

  it('compare rows of the same server and size, where there is a goal and a peer', () => {
    const rows = [
      row({ wallMs: 60 }),
      row({ client: 'govmomi', wallMs: 100 }),
      row({ client: 'govc', wallMs: 50 }),
      row({ client: 'govmomi', vms: 1_000, wallMs: 1 }),
      row({ client: 'govmomi', server: 'vcsim', wallMs: 1 }),
      row({ client: 'fetch+fast-xml-parser', job: 'start', wallMs: 1 }),
    ];
    assert.deepEqual(judgeRows(rows), [
      { name: 'simulator, 10000 VMs: wall against govmomi', value: 0.6, goal: 0.7, holds: true },
      { name: 'simulator, 10000 VMs: wall against govc', value: 1.2, goal: 0.6, holds: false },
    ]);
  });
});

describe('Bench: options', () => {
  const parse = (...args: string[]): BenchOptions => parseBenchOptions(args, ['read', 'several']);

  it('are all sizes, five rounds and all jobs', () => {
    const { vms, rounds, jsonFile, jobs } = parse();
    assert.deepEqual([vms, rounds, jsonFile, jobs], [[1_000, 10_000, 50_000], 5, undefined, undefined]);
  });

  it('name sizes, rounds, a file and jobs', () => {
    const { vms, rounds, jsonFile, jobs } = parse(
      ...['--vms', '10,20', '--rounds', '1', '--json', 'a.json', '--jobs', 'several'],
    );
    assert.deepEqual([vms, rounds, jsonFile, jobs], [[10, 20], 1, 'a.json', ['several']]);
  });

  it('are refused in words', () => {
    assert.throws(() => parse('--vms', '1e3'), /--vms takes whole numbers from 1 to 100000, and not "1e3"/);
    assert.throws(() => parse('--rounds', '0'), /--rounds takes whole numbers from 1 to 100, and not "0"/);
    assert.throws(() => parse('--jobs', 'read,nothing'), /--jobs takes read, several, and not "nothing"/);
  });
});
