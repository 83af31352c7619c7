import assert from 'node:assert/strict';
import { HypervisorError } from '../../../../src/hypervisor/errors';
import { powerCliLine, webPageOf } from '../../../../src/vsphere/vm/externalLinks';
import { objectId, snapshotId } from '../../../support/domainBuilders';

const endpoint = { host: 'vc-paris.corp', port: 443, useTls: true };
const vmId = objectId('VirtualMachine:vm-1042');
const about = (facts: { apiType: string; instanceUuid?: string }): Parameters<typeof webPageOf>[1] =>
  facts as Parameters<typeof webPageOf>[1];
const vcenter = about({ apiType: 'VirtualCenter', instanceUuid: '93734f74-49db-4644-be85-8dab90d13b02' });

describe('addresses in the vSphere Client', () => {
  it('name the VM and the vCenter', () => {
    assert.equal(
      webPageOf(endpoint, vcenter, vmId),
      'https://vc-paris.corp/ui/app/vm;nav=v/urn:vmomi:VirtualMachine:vm-1042:93734f74-49db-4644-be85-8dab90d13b02/summary',
    );
  });

  it("are the Host Client's on an ESXi", () => {
    const host = { host: 'fe80::1%eth0', port: 8443, useTls: true };
    assert.equal(
      webPageOf(host, about({ apiType: 'HostAgent' }), objectId('VirtualMachine:12')),
      'https://[fe80::1]:8443/ui/#/host/vms/12',
    );
  });

  it('do not let a server write more than its part of them', () => {
    const page = webPageOf(endpoint, vcenter, objectId('VirtualMachine:../..?x=#'));
    assert.match(page, /VirtualMachine:\.\.%2F\.\.%3Fx%3D%23:/);
  });

  it('do not exist for a simulator', () => {
    assert.throws(
      () => webPageOf({ ...endpoint, useTls: false }, vcenter, vmId),
      (error) =>
        error instanceof HypervisorError &&
        error.kind === 'notSupported' &&
        error.say({ serverLabel: 'demo' }) === "'demo' has no vSphere Client.",
    );
  });
});

describe('lines of PowerCLI', () => {
  const line = (vmName: string, name?: string): string =>
    powerCliLine(endpoint, {
      vmId,
      vmName,
      isTemplate: false,
      ...(name !== undefined && { snapshot: { id: snapshotId('VirtualMachineSnapshot:snapshot-7'), name } }),
    });

  it('get a VM and a snapshot by identity and name', () => {
    assert.equal(
      line('SQL01'),
      "Get-VM -Server 'vc-paris.corp' -Id 'VirtualMachine-vm-1042' | Where-Object Name -EQ 'SQL01'",
    );
    assert.equal(
      line('SQL01', 'before KB5034'),
      "Get-VM -Server 'vc-paris.corp' -Id 'VirtualMachine-vm-1042' | Where-Object Name -EQ 'SQL01' | " +
        "Get-Snapshot -Id 'VirtualMachineSnapshot-snapshot-7' | Where-Object Name -EQ 'before KB5034'",
    );
    assert.match(powerCliLine(endpoint, { vmId, vmName: 'T', isTemplate: true }), /^Get-Template -Server /);
  });

  it('quote what PowerShell takes for a quote, however a name tries to end it', () => {
    // Read as PowerShell does: two of any single quotes stand for the first of them, one alone ends the text.
    const read = (text: string): string => {
      const quotes = "'\u2018\u2019\u201a\u201b";
      const start = text.lastIndexOf(' -EQ ') + 6;
      let value = '';
      let at = start;
      for (; at < text.length; at++) {
        if (quotes.includes(text.charAt(at))) {
          if (!quotes.includes(text.charAt(at + 1)) || at + 1 === text.length) {
            break;
          }
          at++;
        }
        value += text.charAt(at);
      }
      assert.equal(at, text.length - 1, text);
      return value;
    };
    for (const name of [
      "Dave's",
      "'; Remove-VM *; '",
      '\u2019; Remove-VM *; \u2018',
      '\u201a\u201b\u2019',
      "a'\u2019b",
      '$(Remove-VM *) `n "x"',
      '[ab]*?',
      '日本',
    ]) {
      assert.equal(read(line(name)), name);
    }
  });

  it('stay one line, and leave out what PowerCLI may write otherwise', () => {
    for (const name of ['two\nlines', 'a/b', 'a%2fb', '\u202egnp.exe', '']) {
      assert.equal(line(name), "Get-VM -Server 'vc-paris.corp' -Id 'VirtualMachine-vm-1042'", name);
    }
  });
});
