import assert from 'node:assert/strict';
import { configurationText } from '../../../../src/ui/text/manager/configurationText';
import { changeOfTree } from '../../../../src/ui/text/manager/announcements';
import type { ManagerContext } from '../../../../src/ui/text/manager/context';
import { keptFacts } from '../../../../src/ui/text/manager/keptFacts';
import { linkedServer, linkedVms, parseManagerLink } from '../../../../src/ui/text/manager/managerLink';
import { takeNotes } from '../../../../src/ui/text/manager/takeNotes';
import { managerHtml } from '../../../../src/ui/manager/managerHtml';
import type { VmDetail } from '../../../../src/hypervisor/model/vmDetail';
import { buildPlan } from '../../../../src/hypervisor/plan/buildPlan';
import { chain, datastore, detail, disk, testNowMs, vm, vmConfiguration } from '../../../support/domainBuilders';
import { connectionWith, paris, serverFacts } from '../../../support/rowFixtures';

const context: ManagerContext = {
  formats: paris,
  nowMs: testNowMs,
  warnAfterDays: 3,
  oldAfterDays: 30,
  backupPattern: () => undefined,
  creators: new Map(),
};

describe('notes before a snapshot is taken', () => {
  const notes = (facts: Partial<VmDetail>, isReadOnlyServer = false): string[] => {
    const machine = facts.vm ?? vm('vm-1');
    const plan = buildPlan({
      detail: detail({ ...facts, vm: machine }),
      operation: { kind: 'take', vmId: machine.id, name: '', description: '', contents: 'disks' },
      missingPrivileges: [],
      isReadOnlyServer,
      space: [],
      backupPattern: () => undefined,
      nowMs: testNowMs,
    });
    return takeNotes(connectionWith(machine), plan, context).map(({ tone, text }) => `${tone}: ${text}`);
  };
  const chainOf = (length: number): Partial<VmDetail> => ({
    vm: vm('vm-1', { snapshots: chain(...Array.from({ length }, (_, index) => `s${index}`)) }),
  });

  it('are none where nothing speaks against it', () => {
    assert.deepEqual(notes({}), []);
    assert.deepEqual(notes(chainOf(1)), []);
  });

  it('say how long the chain gets, and when it is full', () => {
    assert.deepEqual(notes(chainOf(2)), ['info: This will be snapshot 3 in the chain; long chains slow the VM.']);
    assert.deepEqual(notes(chainOf(20)), ['warning: This will be snapshot 21 in the chain; long chains slow the VM.']);
    assert.deepEqual(notes(chainOf(31)), ['warning: This will be snapshot 32 of at most 32 in the chain.']);
    assert.deepEqual(notes(chainOf(32)), ['error: It has the maximum of 32 snapshots in a chain. Delete some first.']);
  });

  it('say what the VM itself allows', () => {
    assert.deepEqual(notes({ ...chainOf(1), maxSnapshots: 5 }), [
      'info: This VM is limited to 5 snapshots in a chain.',
    ]);
    assert.deepEqual(notes({ ...chainOf(1), maxSnapshots: 2 }), [
      'warning: This will be snapshot 2 of at most 2 in the chain.',
    ]);
  });

  it('say which disks and devices are in the way', () => {
    assert.deepEqual(
      notes({ disks: [disk('Hard disk 1', { physicalRaw: true }), disk('Hard disk 2', { shared: true })] }),
      ["error: 'Hard disk 1' is a raw device in physical mode.", "error: 'Hard disk 2' is shared with other VMs."],
    );
    assert.deepEqual(notes({ disks: [disk('Hard disk 3', { independent: true })] }), [
      'warning: Independent, so in no snapshot: Hard disk 3. Memory has to be left out.',
    ]);
    assert.deepEqual(notes({ limitations: new Set(['faultTolerance']) }), [
      'warning: It is protected by Fault Tolerance.',
    ]);
  });

  it('say what the guest and the datastore mean for it', () => {
    assert.deepEqual(notes({ toolsRunning: false }), [
      "info: VMware Tools isn't running: a snapshot can't be quiesced.",
    ]);
    assert.deepEqual(notes({ toolsRunning: false, vm: vm('vm-1', { powerState: 'off' }) }), []);
    const full = datastore('DS-03', { capacityBytes: 1_000 * 1024 ** 3, freeBytes: 20 * 1024 ** 3 });
    assert.deepEqual(notes({ datastores: [full] }), [
      'warning: Only 20 GB free on DS-03 (2%). Snapshots grow until it is full.',
    ]);
  });

  it('say that the person wants no changes there', () => {
    assert.deepEqual(notes({}, true), ["error: 'vc-paris' is marked as read-only here."]);
  });
});

describe('why, by whom and until when a snapshot is kept', () => {
  const read = (description: string): string[] =>
    keptFacts(description).map(({ label, value }) => `${label}: ${value}`);

  it('is found in plain words', () => {
    assert.deepEqual(read('before the update\nReason: CHG-20402\nTaken by CORP\\jdoe\nKeep until 1 Dec 2026'), [
      'Reason: CHG-20402',
      'Kept by: CORP\\jdoe',
      'Keep until: 1 Dec 2026',
    ]);
    assert.deepEqual(read('expires: Friday\nowner: DB team'), ['Kept by: DB team', 'Keep until: Friday']);
  });

  it('is not found in any text', () => {
    assert.deepEqual(read('until the meeting we talked by the reason of things'), [
      'Keep until: the meeting we talked by the reason of things',
    ]);
    for (const text of ['', 'wait until Friday', 'the reason: unknown', 'standby: x', 'until', 'Reason:']) {
      assert.deepEqual(read(text), [], text);
    }
  });

  it('is the first of its kind, without what nobody should see, and not too long', () => {
    const [only, ...others] = keptFacts(`Reason: a\u202eb\nReason: c\n${'x'.repeat(100_000)}`);
    assert.deepEqual([only?.value, others], ['ab', []]);
    assert.ok((keptFacts(`Reason: ${'y'.repeat(10_000)}`)[0]?.value.length ?? 0) <= 200);
  });
});

describe('a configuration as text', () => {
  it('stands in sections, one fact a line, in a fixed order', () => {
    const text = configurationText(
      vmConfiguration({
        name: 'SQL01',
        disks: [
          {
            label: 'Hard disk 10',
            capacityBytes: 1024 ** 3,
            mode: 'persistent',
            provisioning: 'thin',
            controller: 'SCSI controller 0:1',
            file: undefined,
          },
          {
            label: 'Hard disk 2',
            capacityBytes: 2 * 1024 ** 3,
            mode: undefined,
            provisioning: undefined,
            controller: undefined,
            file: '[DS] a.vmdk',
          },
        ],
        networks: [
          {
            label: 'Network adapter 1',
            type: 'VirtualVmxnet3',
            network: 'Prod',
            macAddress: '00:50:56:00:00:01',
            connectedAtStart: true,
          },
        ],
        options: new Map([
          ['b', '2'],
          ['a', 'line 1\nline 2'],
        ]),
        annotation: 'first\nsecond',
      }),
    );
    assert.equal(
      text,
      `[General]
Name: SQL01
Guest: Debian GNU/Linux 12 (64-bit)
Hardware version: vmx-19
Firmware: efi
Changed block tracking: off

[CPU and memory]
CPUs: 2
Cores per socket: 1
Memory: 4 GB
CPU hot add: off
Memory hot add: off

[Hard disk 2]
Capacity: 2 GB
File: [DS] a.vmdk

[Hard disk 10]
Capacity: 1 GB
Mode: persistent
Provisioning: thin
Attached to: SCSI controller 0:1

[Network adapter 1]
Network: Prod
Adapter: VirtualVmxnet3
MAC address: 00:50:56:00:00:01
Connect at power on: on

[Options]
a: line 1 line 2
b: 2

[Notes]
first
second
`,
    );
  });
});

describe('a link to the manager', () => {
  it('names a server and a VM', () => {
    assert.deepEqual(parseManagerLink('/manage', 'server=vc-paris.corp&vm=SQL 01'), {
      server: 'vc-paris.corp',
      vm: 'SQL 01',
    });
    // As the editor gives them, `&`, `=` and `%` of a name are what they are.
    assert.deepEqual(parseManagerLink('/manage/', 'vm=R&D=50% + x&server=vc:8443'), {
      server: 'vc:8443',
      vm: 'R&D=50% + x',
    });
    for (const [path, query] of [
      ['/delete', 'server=a&vm=b'],
      ['/manage', 'server=a'],
      ['/manage', 'vm=b&server='],
      ['/manage', 'server=a&vm=b&vm=c'],
      ['/manage', 'x=1&server=a'],
      ['/manage', `server=a&vm=${'b'.repeat(2_000)}`],
    ] as const) {
      assert.equal(parseManagerLink(path, query), undefined, `${path}?${query.slice(0, 40)}`);
    }
  });

  it('is found by address, name or identity, whatever the case', () => {
    const connection = connectionWith(
      vm('vm-1', { name: 'SQL01' }),
      vm('vm-2', { name: 'sql01' }),
      vm('vm-3', { name: 'vm-1' }),
    );
    const facts = (): typeof serverFacts => serverFacts;
    for (const server of ['VC-PARIS.corp', 'Vc-Paris']) {
      assert.equal(linkedServer({ server, vm: '' }, [connection], facts), connection);
    }
    assert.equal(linkedServer({ server: 'other', vm: '' }, [connection], facts), undefined);
    const found = (named: string): string[] =>
      linkedVms({ server: '', vm: named }, connection.inventory.allVms()).map(({ id }) => id);
    assert.deepEqual(found('SQL01').sort(), ['vm-1', 'vm-2']);
    // An identity means one VM, even when another is named like it.
    assert.deepEqual(found('vm-1'), ['vm-1']);
    assert.deepEqual(found('x'), []);
  });
});

describe('what is said of a tree that has changed', () => {
  it('is what came, went or moved', () => {
    const say = (...ids: string[]): string | undefined => changeOfTree(chain('a', 'b'), chain(...ids), context);
    assert.equal(say('a', 'b', 'c'), "Snapshot 'c' was added.");
    assert.equal(say('a'), "Snapshot 'b' was deleted.");
    assert.equal(say(), '2 snapshots were deleted.');
    assert.equal(say('a', 'b'), undefined);
    assert.equal(
      changeOfTree(chain('a', 'b'), { ...chain('a', 'b'), currentId: chain('a').currentId }, context),
      'You are here has moved.',
    );
  });
});

describe('the page of a panel', () => {
  it('has a strict policy, a language and nothing inline', () => {
    const html = managerHtml({
      cspSource: "'self' https://*.cdn.net",
      script: 'a"b.js',
      styles: 's.css',
      language: 'de',
      nonce: 'N0',
    });
    assert.match(html, /<html lang="de">/);
    assert.match(
      html,
      /default-src 'none'; style-src 'self' https:\/\/\*\.cdn\.net; font-src [^;]+; script-src 'nonce-N0'; base-uri 'none'; form-action 'none'/,
    );
    assert.doesNotMatch(html, /unsafe| style=| on\w+=|<style|src="a"b/);
    assert.equal(html.match(/<script/g)?.length, 1);
  });
});
