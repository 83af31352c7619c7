import type { ControlAddress } from '../../src/simulator/control/controlServer';
import type { VirtualMachine } from '../../src/hypervisor/model/inventory';

/** What a VM's power becomes, so that there is a change to tell. */
export type Power = 'poweredOn' | 'suspended';

/** Suspends a VM or switches it on, at once, as somebody else would. @throws Error when the server refuses. */
export async function changePower({ url, token }: ControlAddress, moid: string, power: Power): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ command: 'changeVm', vm: moid, change: { power } }),
  });
  if (!response.ok) {
    throw new Error(`control: HTTP ${response.status} ${await response.text()}`);
  }
  // The answer has to be taken in, else the next command needs a new connection.
  await response.text();
}

/** The one of the two that the VM is not. */
export function otherPower({ powerState }: VirtualMachine): Power {
  return powerState === 'on' ? 'suspended' : 'poweredOn';
}

/** `vm-7` of `VirtualMachine:vm-7`. */
export function moidOf({ id }: VirtualMachine): string {
  return id.slice(id.indexOf(':') + 1);
}
