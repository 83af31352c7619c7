import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ManualClock } from '../../../src/common/clock';
import { JournalFiles, type JournalOptions } from '../../../src/journal/journalFiles';
import { formatRecord, parseRecords } from '../../../src/journal/recordFormat';
import { unfinished } from '../../../src/operations/journal/journalFold';
import type { JournalRecord, OpenEntry } from '../../../src/operations/journal/journalRecord';
import { integerBetween, seededRandom } from '../../../src/simulator/random/random';
import { RecordingLog } from '../../support/serverFixtures';
import { endedRecord, requestedRecord, sentRecord, taskRecord } from '../../support/journalRecords';
import { TemporaryFolder } from '../../support/temporaryFolder';

const keysOf = (open: readonly OpenEntry[]): string[] => open.map(({ requested }) => `${requested.op}`);

describe('JournalFiles', () => {
  let folder: TemporaryFolder;
  let log: RecordingLog;
  const opened: JournalFiles[] = [];
  let windows = 0;

  beforeEach(() => {
    folder = new TemporaryFolder('journal');
    log = new RecordingLog();
    windows = 0;
  });

  afterEach(async () => {
    for (const files of opened.splice(0)) {
      await files.close();
    }
    folder.remove();
  });

  /** A window; `isAlive` decides whether the processes of others seem to be there. */
  function window(options: Partial<JournalOptions> = {}): JournalFiles {
    const name = `window-${++windows}`;
    let nonces = 0;
    const files = new JournalFiles({
      folder: folder.path,
      clock: new ManualClock(Date.now()),
      logger: log.logger,
      createNonce: () => (nonces++ === 0 ? name : `${name}-${nonces}`),
      isAlive: () => false,
      ...options,
    });
    opened.push(files);
    return files;
  }

  const segmentsNow = (): string[] =>
    fs
      .readdirSync(folder.path)
      .filter((name) => name.endsWith('.jsonl'))
      .sort();

  it('gives to the next window what the one before left open, to one of them only', async () => {
    const first = window();
    await first.append([requestedRecord(1), requestedRecord(2), requestedRecord(3)], false);
    await first.append([sentRecord(1)], true);
    await first.append([taskRecord(1, 'task-7')], false);
    await first.append([sentRecord(2), endedRecord(2)], false);
    // It crashes: nothing is closed.
    const second = window();
    const left = await second.takeLeftBehind();
    const open = unfinished(left?.journals ?? []);
    assert.deepEqual(
      open.map(({ key, sent, taskId }) => [key, sent !== undefined, taskId]),
      [
        ['window-1/1', true, 'task-7'],
        ['window-1/3', false, undefined],
      ],
    );
    // A third one starts at the same moment: the second is alive and holds it.
    assert.equal(await window({ isAlive: () => true }).takeLeftBehind(), undefined);
    await left?.settle();
    assert.equal(await window().takeLeftBehind(), undefined, 'it has been dealt with');
  });

  it('leaves a window alone that is alive', async () => {
    await window().append([requestedRecord(1)], true);
    assert.equal(await window({ isAlive: () => true }).takeLeftBehind(), undefined);
  });

  it('finds again what a window had taken over and not settled', async () => {
    await window().append([requestedRecord(1)], true);
    const second = window();
    const left = await second.takeLeftBehind();
    assert.equal(left?.journals.length, 1);
    await second.append([{ ...requestedRecord(5), from: 'window-1/1' }], true);
    // It crashes before it has settled: both journals are there, and the operation is in both.
    const third = await window().takeLeftBehind();
    assert.deepEqual(
      unfinished(third?.journals ?? []).map(({ key }) => key),
      ['window-2/5'],
    );
  });

  it('ignores a last line that was torn by a crash, at whatever byte', async () => {
    const first = window();
    await first.append([requestedRecord(1), requestedRecord(2)], true);
    const [name] = segmentsNow();
    const whole = fs.readFileSync(path.join(folder.path, name ?? ''), 'utf8');
    const firstLine = whole.indexOf('\n') + 1;
    for (let end = firstLine; end < whole.length - 1; end++) {
      const { records, skipped } = parseRecords(whole.slice(0, end));
      assert.deepEqual(
        records.map(({ op }) => op),
        [1],
        `cut at ${end}`,
      );
      assert.equal(skipped, end === firstLine ? 0 : 1);
    }
  });

  it('ignores lines of a later version, and says so in the log', async () => {
    const first = window();
    await first.append([requestedRecord(1)], true);
    const [name] = segmentsNow();
    fs.appendFileSync(
      path.join(folder.path, name ?? ''),
      '{"kind":"later","op":1}\nnonsense\n{"kind":"sent","op":"x"}\n',
    );
    const left = await window().takeLeftBehind();
    assert.deepEqual(keysOf(unfinished(left?.journals ?? [])), ['1']);
    assert.match(log.text, /window-1\.1\.jsonl has 3 lines that cannot be read/);
  });

  it('stays small: segments that are closed go, what is open is in the last one', async () => {
    const first = window({ maxSegmentBytes: 4_000, maxKeptBytes: 8_000 });
    await first.append([requestedRecord(1), sentRecord(1)], true);
    for (let op = 2; op < 120; op++) {
      await first.append([requestedRecord(op), sentRecord(op), endedRecord(op)], false);
    }
    const bytes = fs
      .readdirSync(folder.path)
      .reduce((sum, name) => sum + fs.statSync(path.join(folder.path, name)).size, 0);
    assert.ok(bytes < 16_000, `${bytes} bytes`);
    assert.equal(segmentsNow().length, 1);
    const left = await window().takeLeftBehind();
    const open = unfinished(left?.journals ?? []);
    assert.deepEqual(keysOf(open), ['1']);
    assert.notEqual(open[0]?.sent, undefined);
  });

  it('rejects what it cannot write, and goes on when it can again', async () => {
    const blocked = new JournalFiles({
      folder: path.join(folder.resolve('file'), 'inside'),
      clock: new ManualClock(Date.now()),
      logger: log.logger,
      createNonce: () => 'window-x',
    });
    fs.writeFileSync(folder.resolve('file'), '');
    await assert.rejects(blocked.append([requestedRecord(1)], true), { code: 'ENOTDIR' });
    fs.rmSync(folder.resolve('file'));
    await blocked.append([requestedRecord(2)], true);
    assert.match(await blocked.export(), /"op":2/);
    await blocked.close();
  });

  it('exports everything that is kept, in order', async () => {
    const first = window();
    await first.append([requestedRecord(1, { atMs: 5 })], false);
    const second = window();
    await second.append([requestedRecord(1, { atMs: 3 })], false);
    const times = (await second.export())
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as JournalRecord).atMs);
    assert.deepEqual(times, [3, 5]);
  });

  it('keeps no secret of this machine for others to read', async () => {
    await window().append([requestedRecord(1)], true);
    const [name] = segmentsNow();
    assert.equal(fs.statSync(path.join(folder.path, name ?? '')).mode & 0o077, 0);
  });

  it('says after any number of crashes just what is open', async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const random = seededRandom(seed);
      const inner = new TemporaryFolder('journal-random');
      const open = new Map<string, boolean>();
      let expected: string[] = [];
      for (let generation = 1; generation <= 3; generation++) {
        let nonces = 0;
        const files = new JournalFiles({
          folder: inner.path,
          clock: new ManualClock(Date.now()),
          logger: log.logger,
          createNonce: () => `g${generation}${nonces++ === 0 ? '' : `-${nonces}`}`,
          isAlive: () => false,
          maxSegmentBytes: integerBetween(random, 500, 5_000),
        });
        const left = await files.takeLeftBehind();
        const found = unfinished(left?.journals ?? []);
        assert.deepEqual(
          found.map(({ key, sent }) => `${key} ${sent !== undefined}`).sort(),
          expected,
          `seed ${seed}, generation ${generation}`,
        );
        open.clear();
        let op = 0;
        for (const { key, sent } of found) {
          op++;
          await files.append(
            [{ ...requestedRecord(op), from: key }, ...(sent === undefined ? [] : [sentRecord(op)])],
            true,
          );
          open.set(`g${generation}/${op}`, sent !== undefined);
        }
        if (random() < 0.8) {
          await left?.settle();
        }
        for (let step = 0; step < 60; step++) {
          const key = `g${generation}/${integerBetween(random, 1, op)}`;
          const number = Number(key.split('/')[1]);
          if (open.has(key) && open.get(key) === false && random() < 0.7) {
            await files.append([sentRecord(number)], false);
            open.set(key, true);
          } else if (open.get(key) === true && random() < 0.8) {
            await files.append([endedRecord(number)], false);
            open.delete(key);
          } else {
            op++;
            await files.append([requestedRecord(op)], false);
            open.set(`g${generation}/${op}`, false);
          }
        }
        opened.push(files);
        expected = [...open].map(([key, sent]) => `${key} ${sent}`).sort();
      }
      for (const files of opened.splice(0)) {
        await files.close();
      }
      inner.remove();
    }
  });
});

describe('a record as a line', () => {
  it('is read as it was written, whatever it holds', () => {
    const records: JournalRecord[] = [
      requestedRecord(1, {
        vmName: 'a\nb "c" \u2028 🚀',
        operation: { kind: 'edit', vmId: requestedRecord(1).operation.vmId, snapshotId: 's' as never, name: '\\' },
        bulk: 3,
        snapshotName: '',
        from: 'w/1',
      }),
      sentRecord(1),
      taskRecord(1, 't'),
      endedRecord(1),
    ];
    const text = records.map(formatRecord).join('');
    assert.equal(text.split('\n').length, 5);
    assert.deepEqual(parseRecords(text), { records, skipped: 0 });
  });
});
