import assert from 'node:assert/strict';
import { CancelledError } from '../../../../src/common/cancellation';
import { toCsv } from '../../../../src/hypervisor/report/csv';
import { gatherReport, type ReportScope } from '../../../../src/hypervisor/report/gatherReport';
import { toSnapshotCsv } from '../../../../src/hypervisor/report/snapshotCsv';
import { toSnapshotJson } from '../../../../src/hypervisor/report/snapshotJson';
import { toSnapshotMarkdown } from '../../../../src/hypervisor/report/snapshotMarkdown';
import type { VmReportFacts } from '../../../../src/hypervisor/report/vmReportFacts';
import type { ObjectId } from '../../../../src/hypervisor/model/ids';
import type { VirtualMachine } from '../../../../src/hypervisor/model/inventory';
import { tableTimeFormat } from '../../../../src/ui/text/tableTime';
import { describeTake, recordedUserIn } from '../../../../src/ui/text/takeQuestions';
import { pick, seededRandom } from '../../../../src/simulator/random/random';
import { chain, container, snapshot, snapshotId, testNowMs, vm } from '../../../support/domainBuilders';
import { readCsv } from '../../../support/readCsv';
import { connectionWith, paris } from '../../../support/rowFixtures';
import { failure, type ScriptedClient, type ScriptedConnection } from '../../../support/scriptedHypervisor';

const mib = 1024 ** 2;
const rules = { nowMs: testNowMs, creatorIn: recordedUserIn };
const parisTime = tableTimeFormat('Europe/Paris');

function inventory(): { connection: ScriptedConnection; sql: VirtualMachine } {
  const dc = container('DC1', 'datacenter', { folders: null, compute: null });
  const prod = container('Prod', 'folder', { folders: dc.id });
  const databases = container('DB', 'folder', { folders: prod.id });
  const cluster = container('C1', 'cluster', { compute: dc.id });
  const host = container('esx-07', 'host', { compute: cluster.id });
  const sql = vm('SQL01', {
    placement: { folders: databases.id, compute: host.id },
    hostId: host.id,
    guestName: 'Windows Server 2022',
    needsConsolidation: true,
    snapshots: {
      roots: [
        snapshot('a', {
          name: 'before KB5034',
          createdAtMs: Date.UTC(2026, 9, 12, 7, 12),
          description: 'CHG-7\nTaken by CORP\\jdoe',
          hasMemory: true,
          powerState: 'on',
          children: [snapshot('b', { name: 'nightly', quiesced: true })],
        }),
      ],
      currentId: snapshotId('b'),
    },
  });
  return { connection: connectionWith(dc, prod, databases, cluster, host, sql, vm('WEB', {})), sql };
}

const factsOfSql: VmReportFacts = {
  serverId: 'vm-1042',
  uuid: '4215-uuid',
  annotation: 'Owner: DBA team',
  runningGuestName: 'Microsoft Windows Server 2022 (64-bit)',
  sizes: {
    bySnapshot: new Map([
      [snapshotId('a'), { diskBytes: 0, memoryBytes: 100 * mib, liveBytes: 0 }],
      [snapshotId('b'), { diskBytes: 50 * mib, memoryBytes: 4_096, liveBytes: 7 * mib }],
    ]),
    totalBytes: 157 * mib,
    leftoverBytes: 0,
    measuredAtMs: testNowMs,
  },
  serverSnapshotIds: new Map([
    [snapshotId('a'), 'snapshot-1'],
    [snapshotId('b'), 'snapshot-2'],
  ]),
  files: new Map([[snapshotId('a'), { path: '[DS-03] SQL01/SQL01-Snapshot1.vmsn', bytes: 2 * mib }]]),
};

function scopeOf(connection: ScriptedConnection): ReportScope {
  return {
    connection,
    address: 'vc-paris.corp',
    vms: [...connection.inventory.allVms()].map((each) => ({ vm: each })),
  };
}

function clientOf(connection: ScriptedConnection): ScriptedClient {
  return connection.current as ScriptedClient;
}

describe('snapshot report', () => {
  it("is RVTools' vSnapshot as CSV, with columns of our own behind it", async () => {
    const { connection, sql } = inventory();
    clientOf(connection).onReport = () => Promise.resolve(new Map([[sql.id, factsOfSql]]));
    const { rows, gaps } = await gatherReport([scopeOf(connection)], rules, () => undefined);
    assert.deepEqual(gaps, []);
    const table = readCsv(toSnapshotCsv(rows, parisTime));
    assert.deepEqual(table[0], [
      ...['VM', 'Powerstate', 'Name', 'Description', 'Date / time', 'Filename', 'Size MiB (vmsn)', 'Size MiB (total)'],
      ...['Quiesced', 'State', 'Annotation', 'Datacenter', 'Cluster', 'Host', 'Folder', 'OS (config file)'],
      ...['OS (Tools)', 'VM ID', 'VM UUID', 'VI SDK Server', 'VI SDK UUID'],
      ...['Creator', 'Age days', 'Chain depth', 'Is current', 'Has memory', 'Growth MiB', 'Needs consolidation'],
      'Snapshot id',
    ]);
    assert.deepEqual(table[1], [
      ...['SQL01', 'poweredOn', 'before KB5034', 'CHG-7\nTaken by CORP\\jdoe', '2026/10/12 09:12:00'],
      ...['[DS-03] SQL01/SQL01-Snapshot1.vmsn', '2', '100', 'False', 'poweredOn', 'Owner: DBA team'],
      ...['DC1', 'C1', 'esx-07', 'Prod/DB', 'Windows Server 2022', 'Microsoft Windows Server 2022 (64-bit)'],
      ...['vm-1042', '4215-uuid', 'vc-paris.corp', 'i'],
      ...['CORP\\jdoe', '41', '1', 'False', 'True', '', 'True', 'snapshot-1'],
    ]);
    assert.deepEqual(table[2]?.slice(6, 10), ['', '50', 'True', 'poweredOff']);
    assert.deepEqual(table[2].slice(21), ['', '1', '2', 'True', 'False', '7', 'True', 'snapshot-2']);
    assert.equal(table.length, 3);
  });

  it('reads in batches the VMs that have snapshots, and says how far it is', async () => {
    const many = Array.from({ length: 250 }, (_, i) => vm(`vm-${i}`, i < 230 ? { snapshots: chain('a') } : {}));
    const connection = connectionWith(...many);
    const batches: number[] = [];
    clientOf(connection).onReport = (ids) => {
      batches.push(ids.length);
      return Promise.resolve(new Map<ObjectId, VmReportFacts>());
    };
    const progress: string[] = [];
    const report = await gatherReport([scopeOf(connection)], rules, (done, total) => progress.push(`${done}/${total}`));
    assert.deepEqual(batches, [100, 100, 30]);
    assert.deepEqual(progress, ['100/230', '200/230', '230/230']);
    assert.equal(report.rows.length, 230);
  });

  it('goes on without a server that stops answering, and says what is missing', async () => {
    const { connection, sql } = inventory();
    clientOf(connection).onReport = () => Promise.resolve(new Map([[sql.id, factsOfSql]]));
    const away = connectionWith(vm('OLD', { snapshots: chain('x') }));
    const error = failure('connectionLost');
    clientOf(away).onReport = () => Promise.reject(error);
    const report = await gatherReport([scopeOf(away), scopeOf(connection)], rules, () => undefined);
    assert.deepEqual(
      report.rows.map(({ vmName, sizeBytes }) => [vmName, sizeBytes]),
      [
        ['OLD', undefined],
        ['SQL01', 100 * mib],
        ['SQL01', 50 * mib + 4_096],
      ],
    );
    assert.deepEqual(report.gaps, [{ connection: away, vmCount: 1, error }]);
  });

  it('is given up when the person gives up', async () => {
    const { connection } = inventory();
    const abort = new AbortController();
    clientOf(connection).onReport = (_ids, signal) => {
      abort.abort();
      assert.equal(signal?.aborted, true);
      return Promise.reject(new CancelledError());
    };
    await assert.rejects(
      gatherReport([scopeOf(connection)], rules, () => undefined, abort.signal),
      CancelledError,
    );
  });

  it('can be about some snapshots of a VM only', async () => {
    const { connection, sql } = inventory();
    const scope = { ...scopeOf(connection), vms: [{ vm: sql, snapshotIds: new Set([snapshotId('b')]) }] };
    const { rows } = await gatherReport([scope], rules, () => undefined);
    assert.deepEqual(
      rows.map(({ snapshotName, chainDepth }) => [snapshotName, chainDepth]),
      [['nightly', 2]],
    );
  });

  it('is JSON for programs: times in UTC, bytes, and nothing for what is not known', async () => {
    const { connection, sql } = inventory();
    clientOf(connection).onReport = () => Promise.resolve(new Map([[sql.id, factsOfSql]]));
    const { rows } = await gatherReport([scopeOf(connection)], rules, () => undefined);
    const read = JSON.parse(toSnapshotJson(rows, testNowMs)) as { snapshots: Record<string, unknown>[] };
    assert.equal(read.snapshots.length, 2);
    const [first] = read.snapshots;
    assert.equal(first?.['createdAt'], '2026-10-12T07:12:00.000Z');
    assert.equal(first['sizeBytes'], 100 * mib);
    assert.equal(first['folder'], 'Prod/DB');
    assert.equal('growthBytes' in first, false);
  });

  it('is Markdown for people, in which no name is markup', async () => {
    const name = '[x](command:evil) | **b** <img> `c` http://evil @you $(rocket)';
    const connection = connectionWith(
      vm(name, { snapshots: { roots: [snapshot('s', { name: 'line\nbreak' })], currentId: undefined } }),
    );
    const { rows } = await gatherReport([scopeOf(connection)], rules, () => undefined);
    const lines = toSnapshotMarkdown(rows, paris, testNowMs).split('\n');
    assert.equal(lines[2], 'Snapshots: 1. VMs: 1. Servers: 1. Size altogether: 0 B. As of 22 Nov 2026 15:05.');
    const row = lines[6] ?? '';
    assert.equal(row.replace(/\\./g, '').split('|').length, 9);
    assert.doesNotMatch(row.replace(/\\./g, ''), /[<[\]*`$(]|:\/\/|@y/);
    assert.match(row, /line break/);
  });
});

describe('CSV', () => {
  it('gives every text back as it was, whatever is in it, and lets no spreadsheet compute it', () => {
    const random = seededRandom(3);
    const pieces = ['=', '+', '-', '@', '\t', ' ', '"', ',', ';', '\n', "'", 'a', '日', '😀', '＝', '\u00a0', '1', '|'];
    for (let i = 0; i < 3_000; i++) {
      const text = Array.from({ length: Math.floor(random() * 8) }, () => pick(random, pieces)).join('');
      const csv = toCsv(['head'], [[text, 7, true, undefined]]);
      const [, cells] = readCsv(csv);
      assert.equal(cells?.length, 4);
      const [cell = ''] = cells;
      assert.ok(cell === text || cell === `'${text}`, JSON.stringify({ text, cell }));
      assert.doesNotMatch(cell.replace(/^[\s\u3000]+/, ''), /^[=+\-@＝＋－＠]/);
      assert.deepEqual(cells.slice(1), ['7', 'True', '']);
    }
  });

  it('begins with a byte order mark and ends each line as RFC 4180 has it', () => {
    assert.equal(toCsv(['a', 'b'], [['x\r\ny', 'say "hi"']]), '\ufeff"a","b"\r\n"x\ny","say ""hi"""\r\n');
  });

  it('leaves out what cannot be drawn or turns the reading direction', () => {
    assert.equal(toCsv(['a'], [['x\u0000\u202egnp.exe']]), '\ufeff"a"\r\n"xgnp.exe"\r\n');
  });
});

describe('the taker in a description', () => {
  it('is who is named in the last line', () => {
    assert.equal(recordedUserIn(describeTake('CHG-7', 'CORP\\jdoe')), 'CORP\\jdoe');
    assert.equal(recordedUserIn(describeTake('', 'root')), 'root');
    assert.equal(recordedUserIn('Taken by jdoe\nand something else'), undefined);
    assert.equal(recordedUserIn('Taken by '), undefined);
    assert.equal(recordedUserIn(''), undefined);
  });
});
