import { ManualClock } from '../../src/common/clock';
import { InventoryBuilder } from '../../src/simulator/inventory/inventoryBuilder';
import { smallInventory, type InventorySource } from '../../src/simulator/inventory/smallInventory';
import type { VmSpec } from '../../src/simulator/inventory/vmSpec';
import { seededRandom } from '../../src/simulator/random/random';
import { vcenterProfile } from '../../src/simulator/server/profile';
import { VimServer, type VimServerOptions } from '../../src/simulator/server/vimServer';
import type { Session } from '../../src/simulator/session/session';

/** A simulated server without a network, its time standing still. */
export function bareServer(
  source: readonly VmSpec[] | InventorySource = [{ name: 'VM1' }],
  options: Partial<VimServerOptions> = {},
): { readonly server: VimServer; readonly clock: ManualClock } {
  const clock = new ManualClock();
  const server = new VimServer({
    profile: vcenterProfile('8.0.3.0', 'instance'),
    clock,
    random: seededRandom(1),
    users: [],
    roles: [],
    speed: 1,
    sessionTimeoutSeconds: 1_800,
    maxSessions: 10,
    isRestricted: false,
    historyLength: 100,
    maxObjectsPerPage: undefined,
    injectedTaskFault: () => undefined,
    ...options,
  });
  (typeof source === 'function' ? source : smallInventory(source))(new InventoryBuilder(server));
  return { server, clock };
}

/** A session of an account with that role on everything. */
export function adminSession(server: VimServer, role = 'Admin'): Session {
  const { accessControl, registry, content, sessionStore } = server;
  const root = registry.resolveEntity(content.rootFolder);
  const id = accessControl.role(role)?.id;
  if (root === undefined || id === undefined) {
    throw new Error(`no role ${role}`);
  }
  accessControl.grant(root, role, id, true);
  return sessionStore.open({
    userName: role,
    fullName: role,
    access: accessControl.accessOf(role),
    ipAddress: '127.0.0.1',
    userAgent: 'test',
    locale: 'en_US',
  });
}
