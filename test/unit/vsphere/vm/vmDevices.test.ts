import assert from 'node:assert/strict';
import type { VirtualDevice } from '../../../../src/vsphere/vim/device';
import { ManagedObjectReference } from '../../../../src/vsphere/vim/schema';
import { blockingDevices, disksOf } from '../../../../src/vsphere/vm/vmDevices';

const datastore = new ManagedObjectReference('Datastore', 'ds-3');

function device($type: string, key: number, extra: object = {}): VirtualDevice {
  return { $type, key, deviceInfo: { label: `${$type} ${key}`, summary: '' }, ...extra };
}

function disk(key: number, backing: object, controllerKey = 1_000): VirtualDevice {
  return device('VirtualDisk', key, { controllerKey, backing: { fileName: '[DS] a.vmdk', datastore, ...backing } });
}

const flat = { $type: 'VirtualDiskFlatVer2BackingInfo', diskMode: 'persistent' };

describe('disksOf', () => {
  it('tells of each disk what matters for snapshots', () => {
    const devices = [
      device('ParaVirtualSCSIController', 1_000, { busNumber: 0, device: [], sharedBus: 'noSharing' }),
      device('VirtualLsiLogicSASController', 1_001, { busNumber: 1, device: [], sharedBus: 'physicalSharing' }),
      disk(2_000, flat),
      disk(2_001, { ...flat, diskMode: 'independent_persistent' }),
      disk(2_002, { $type: 'VirtualDiskRawDiskMappingVer1BackingInfo', compatibilityMode: 'physicalMode' }),
      disk(2_003, { $type: 'VirtualDiskRawDiskMappingVer1BackingInfo', compatibilityMode: 'virtualMode' }),
      disk(2_004, { ...flat, sharing: 'sharingMultiWriter' }),
      disk(2_005, flat, 1_001),
      device('VirtualCdrom', 3_000),
    ];
    const facts = disksOf(devices);
    assert.deepEqual(
      facts.map(({ label, independent, physicalRaw, shared }) => [label, independent, physicalRaw, shared]),
      [
        ['VirtualDisk 2000', false, false, false],
        ['VirtualDisk 2001', true, false, false],
        ['VirtualDisk 2002', false, true, false],
        ['VirtualDisk 2003', false, false, false],
        ['VirtualDisk 2004', false, false, true],
        ['VirtualDisk 2005', false, false, true],
      ],
    );
    assert.ok(facts.every(({ datastoreId }) => datastoreId === 'Datastore:ds-3'));
  });

  it('does without what is not there, and with a backing that nobody knows', () => {
    const facts = disksOf([
      { $type: 'VirtualDisk', key: 7 },
      disk(8, { $type: 'VirtualDiskOfTheFutureBackingInfo' }, 99),
    ]);
    assert.deepEqual(facts, [
      { label: 'VirtualDisk 7', independent: false, physicalRaw: false, shared: false, datastoreId: undefined },
      { label: 'VirtualDisk 8', independent: false, physicalRaw: false, shared: false, datastoreId: undefined },
    ]);
  });
});

describe('blockingDevices', () => {
  it('names devices that are passed through', () => {
    const devices = [
      device('VirtualPCIPassthrough', 1),
      device('VirtualSriovEthernetCard', 2),
      device('VirtualVmxnet3', 3),
    ];
    assert.deepEqual(blockingDevices(devices), ['VirtualPCIPassthrough 1', 'VirtualSriovEthernetCard 2']);
  });
});
