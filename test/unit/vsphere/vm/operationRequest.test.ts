import assert from 'node:assert/strict';
import { HypervisorError } from '../../../../src/hypervisor/errors';
import type { ObjectId, SnapshotId } from '../../../../src/hypervisor/model/ids';
import type { Operation } from '../../../../src/hypervisor/model/operation';
import { encodeRequest } from '../../../../src/vsphere/soap/envelope';
import type { Caller } from '../../../../src/vsphere/soapClient';
import { requestFor, takePlain } from '../../../../src/vsphere/vm/operationRequest';
import { envelope } from '../soap/codecSupport';

const vmId = 'VirtualMachine:vm-42' as ObjectId;
const snapshotId = 'VirtualMachineSnapshot:snapshot-7' as SnapshotId;
const versions = ['6.0', '6.5', '7.0.0.0', '8.0.3.0'] as const;
type Version = (typeof versions)[number];

/** What goes over the wire, the operation id left out. */
async function bytesOf(request: ReturnType<typeof requestFor>): Promise<string> {
  let sent: string | undefined;
  const caller: Caller = {
    call: (method, target, args) => {
      sent = encodeRequest(method, target, args);
      return Promise.resolve(undefined as never);
    },
  };
  await request.send(caller, {});
  return sent ?? '';
}

function body(method: string, self: string, inner: string): string {
  return envelope(`<${method} xmlns="urn:vim25">${self}${inner}</${method}>`);
}

const onVm = '<_this type="VirtualMachine">vm-42</_this>';
const onSnapshot = '<_this type="VirtualMachineSnapshot">snapshot-7</_this>';
const same = (text: string): Record<Version, string> => ({
  '6.0': text,
  '6.5': text,
  '7.0.0.0': text,
  '8.0.3.0': text,
});
const sinceEx = (before: string, since: string): Record<Version, string> => ({ ...same(since), '6.0': before });

const take = { kind: 'take', vmId, name: 'a <b> 5%', description: 'why & what', contents: 'disks' } as const;

// Operation by operation, the exact request for each announced version.
const cases: readonly [title: string, operation: Operation, expected: Record<Version, string>][] = [
  [
    'a snapshot of the disks',
    take,
    sinceEx(
      body(
        'CreateSnapshot_Task',
        onVm,
        '<name>a &lt;b&gt; 5%25</name><description>why &amp; what</description><memory>false</memory><quiesce>false</quiesce>',
      ),
      body(
        'CreateSnapshotEx_Task',
        onVm,
        '<name>a &lt;b&gt; 5%25</name><description>why &amp; what</description><memory>false</memory>',
      ),
    ),
  ],
  [
    'a snapshot with memory and without a description',
    { ...take, description: '', contents: 'memory' },
    sinceEx(
      body('CreateSnapshot_Task', onVm, '<name>a &lt;b&gt; 5%25</name><memory>true</memory><quiesce>false</quiesce>'),
      body('CreateSnapshotEx_Task', onVm, '<name>a &lt;b&gt; 5%25</name><memory>true</memory>'),
    ),
  ],
  [
    'a quiesced snapshot',
    { ...take, name: 'q', description: '', contents: 'quiesced' },
    sinceEx(
      body('CreateSnapshot_Task', onVm, '<name>q</name><memory>false</memory><quiesce>true</quiesce>'),
      body(
        'CreateSnapshotEx_Task',
        onVm,
        '<name>q</name><memory>false</memory><quiesceSpec xsi:type="VirtualMachineGuestQuiesceSpec"></quiesceSpec>',
      ),
    ),
  ],
  [
    'a quiesced snapshot with a time-out',
    { ...take, name: 'q', description: '', contents: 'quiesced', quiesceTimeoutMinutes: 240 },
    sinceEx(
      body('CreateSnapshot_Task', onVm, '<name>q</name><memory>false</memory><quiesce>true</quiesce>'),
      body(
        'CreateSnapshotEx_Task',
        onVm,
        '<name>q</name><memory>false</memory><quiesceSpec xsi:type="VirtualMachineGuestQuiesceSpec">' +
          '<timeout>240</timeout></quiesceSpec>',
      ),
    ),
  ],
  [
    'a new name and description',
    { kind: 'edit', vmId, snapshotId, name: 'n%2f', description: 'd' },
    same(body('RenameSnapshot', onSnapshot, '<name>n%2f</name><description>d</description>')),
  ],
  [
    'a new name alone',
    { kind: 'edit', vmId, snapshotId, name: 'n' },
    same(body('RenameSnapshot', onSnapshot, '<name>n</name>')),
  ],
  [
    'a description that is cleared',
    { kind: 'edit', vmId, snapshotId, description: '' },
    same(body('RenameSnapshot', onSnapshot, '<description></description>')),
  ],
  ['a restore', { kind: 'restore', vmId, snapshotId }, same(body('RevertToSnapshot_Task', onSnapshot, ''))],
  [
    'a restore to the current snapshot',
    { kind: 'restoreLatest', vmId },
    same(body('RevertToCurrentSnapshot_Task', onVm, '')),
  ],
  [
    'a delete',
    { kind: 'delete', vmId, snapshotId },
    same(body('RemoveSnapshot_Task', onSnapshot, '<removeChildren>false</removeChildren>')),
  ],
  [
    'a delete with children',
    { kind: 'deleteWithChildren', vmId, snapshotId },
    same(body('RemoveSnapshot_Task', onSnapshot, '<removeChildren>true</removeChildren>')),
  ],
  ['a delete of all', { kind: 'deleteAll', vmId }, same(body('RemoveAllSnapshots_Task', onVm, ''))],
  ['a consolidation', { kind: 'consolidate', vmId }, same(body('ConsolidateVMDisks_Task', onVm, ''))],
  ['a power-on', { kind: 'powerOn', vmId }, same(body('PowerOnVM_Task', onVm, ''))],
];

describe('requestFor', () => {
  for (const [title, operation, expected] of cases) {
    for (const version of versions) {
      it(`writes ${title} for ${version}`, async () => {
        assert.equal(await bytesOf(requestFor(operation, version)), expected[version]);
      });
    }
  }

  it('writes a take in the old form where the new one is missing', async () => {
    const quiesced = { ...take, name: 'q', contents: 'quiesced', quiesceTimeoutMinutes: 5 } as const;
    assert.match(await bytesOf(takePlain(quiesced)), /<CreateSnapshot_Task .*<quiesce>true<\/quiesce>/);
  });

  it('refuses what no server accepts, before anything is sent', () => {
    const refused: Operation[] = [
      { ...take, name: '' },
      { ...take, name: ' \t' },
      { ...take, contents: 'quiesced', quiesceTimeoutMinutes: 4 },
      { ...take, contents: 'quiesced', quiesceTimeoutMinutes: 241 },
      { ...take, contents: 'quiesced', quiesceTimeoutMinutes: 5.5 },
      { kind: 'edit', vmId, snapshotId },
      { kind: 'edit', vmId, snapshotId, name: '' },
    ];
    for (const operation of refused) {
      assert.throws(
        () => requestFor(operation, '8.0.3.0'),
        (error) => error instanceof HypervisorError && error.kind === 'invalidInput' && error.say() !== '',
      );
    }
  });
});
