import { type Disposable, DisposableStore } from '../../common/disposable';
import type { Logger } from '../../common/logger';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ServerId } from '../../hypervisor/model/ids';
import type { CredentialService } from '../../servers/credentialService';
import type { ServerAddress } from '../../servers/serverAddress';
import type { ServerRegistry } from '../../servers/serverRegistry';
import { subjectOf } from '../feedback/subject';
import type { InventoryView } from '../tree/inventoryView';
import type { CommandHandlers } from './commandRegistry';

/** An embedded vCenter that listens on this machine. */
export interface RunningDemo {
  readonly address: ServerAddress;
  readonly userName: string;
  readonly password: string;
  /** Ends it, and with it everything that was done in it. */
  stop(): Promise<void>;
}

export interface DemoServices {
  readonly registry: ServerRegistry;
  readonly credentials: CredentialService;
  readonly inventory: InventoryView;
  readonly logger: Logger;
  /** Loads and starts the embedded vCenter. */
  readonly start: () => Promise<RunningDemo>;
  /** Whether the demo was there when this window was open the last time. */
  readonly wasOn: () => boolean;
  readonly setOn: (on: boolean) => Promise<void>;
}

// The name under which the demo's vCenter stands in every picture and text about the product.
const demoLabel = 'vc-paris';

// A chain with memory, quiesced and plain snapshots on a VM that runs: what most people will want to try first.
const showcaseVm = 'SQL01';

/**
 * The embedded vCenter as a server in the list: started when it is asked for, gone when it is removed.
 *
 * @remarks It is no saved server: it belongs to this window, and its password to the memory of it. After a reload it is
 * started again, in the state of its beginning.
 */
export class Demo implements Disposable {
  private readonly resources = new DisposableStore();
  private running: { readonly demo: RunningDemo; readonly serverId: ServerId } | undefined;
  private starting: Promise<HypervisorConnection> | undefined;

  constructor(private readonly services: DemoServices) {
    this.resources.add(
      services.registry.onDidChange(({ removed }) => {
        if (removed.some(({ id }) => id === this.running?.serverId)) {
          this.stop();
          this.note(false);
        }
      }),
    );
  }

  get commands(): Pick<CommandHandlers, 'exploreDemo'> {
    const { inventory, registry } = this.services;
    return {
      exploreDemo: async ({ act }) => {
        await inventory.show();
        const connection = await this.ensureStarted();
        act.about(subjectOf({ kind: 'server', connection }));
        await registry.connect(connection.id, { interactive: true });
        await whenRead(connection);
        await this.showSomething(connection);
      },
    };
  }

  /** Starts the demo again if it was there before the window was reloaded. Shows nothing by itself. */
  async resume(): Promise<void> {
    if (this.services.wasOn() && this.running === undefined) {
      const { id } = await this.ensureStarted();
      await this.services.registry.connect(id, { interactive: false });
    }
  }

  dispose(): void {
    this.resources.dispose();
    this.stop();
  }

  private async ensureStarted(): Promise<HypervisorConnection> {
    const known = this.running && this.services.registry.get(this.running.serverId);
    if (known !== undefined) {
      return known;
    }
    this.starting ??= this.startNow().finally(() => {
      this.starting = undefined;
    });
    return await this.starting;
  }

  private async startNow(): Promise<HypervisorConnection> {
    const { start, registry, credentials } = this.services;
    const demo = await start();
    const password = credentials.hold(demo.password);
    try {
      const { connection } = await registry.add(
        {
          ...demo.address,
          userName: demo.userName,
          label: demoLabel,
          trust: { mode: 'verify' },
          isProtected: false,
          isReadOnly: false,
          isDemo: true,
          credentialStore: 'none',
        },
        { password, save: false },
      );
      this.running = { demo, serverId: connection.id };
      this.note(true);
      return connection;
    } catch (error) {
      await demo.stop();
      throw error;
    } finally {
      password.dispose();
    }
  }

  private stop(): void {
    const { running } = this;
    this.running = undefined;
    running?.demo.stop().catch((error: unknown) => {
      this.services.logger.error('The demo vCenter did not end well', error);
    });
  }

  /** Remembers whether to start again after a reload. */
  private note(on: boolean): void {
    this.services.setOn(on).catch((error: unknown) => {
      this.services.logger.error('It was not noted whether the demo is on', error);
    });
  }

  /** Opens a VM that has something to show. */
  private async showSomething(connection: HypervisorConnection): Promise<void> {
    const { inventory } = this.services;
    for (const vm of connection.inventory.allVms()) {
      if (vm.name === showcaseVm && (await inventory.revealVm(connection, vm.id, { expand: true, focus: true }))) {
        return;
      }
    }
    await inventory.revealServer(connection, { expand: true, focus: true });
  }
}

/** Resolves when the inventory has been read, or when that is not to be expected any more. */
function whenRead(connection: HypervisorConnection): Promise<void> {
  return new Promise((resolve) => {
    const subscription = connection.onDidChangeState(check);
    function check(): void {
      if (connection.state.kind !== 'loading' && connection.state.kind !== 'connecting') {
        subscription.dispose();
        resolve();
      }
    }
    check();
  });
}
