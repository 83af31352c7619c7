import { type Disposable, DisposableStore } from '../../common/disposable';
import { Emitter } from '../../common/event';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ServerId } from '../../hypervisor/model/ids';
import type { CredentialService } from '../../servers/credentialService';
import type { ProfileStore } from '../../servers/profileStore';
import { formatAddress } from '../../servers/serverAddress';
import type { ServerProfile } from '../../servers/serverProfile';
import type { ServerRegistry } from '../../servers/serverRegistry';
import type { CredentialStores } from '../../servers/storeChain';
import type { ServerFacts } from '../text/serverFacts';
import type { ServerDirectory } from '../tree/serverDirectory';

/** The registry of servers as the views see it. */
export class RegistryDirectory implements ServerDirectory, Disposable {
  private readonly changed = new Emitter<void>();
  private readonly resources = new DisposableStore();

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly registry: ServerRegistry,
    private readonly profiles: ProfileStore,
    private readonly credentials: CredentialService,
    private readonly stores: CredentialStores,
  ) {
    this.resources.add(this.changed);
    this.resources.add(
      registry.onDidChange(() => {
        this.changed.fire();
      }),
    );
  }

  all(): readonly HypervisorConnection[] {
    return this.registry.all();
  }

  facts(id: ServerId): ServerFacts | undefined {
    const profile = this.profiles.get(id);
    return (
      profile && {
        address: formatAddress(profile),
        isDemo: profile.isDemo,
        trust: !profile.useTls ? 'none' : profile.trust.mode === 'pinned' ? 'pinned' : 'verified',
        passwordStore: this.passwordStore(profile),
        product: this.product(id),
      }
    );
  }

  dispose(): void {
    this.resources.dispose();
  }

  private passwordStore(profile: ServerProfile): string | undefined {
    if (profile.isDemo) {
      // It guards nothing and cannot be asked for again.
      return undefined;
    }
    if (this.credentials.hasForSession(profile)) {
      return this.stores.session.label;
    }
    return profile.credentialStore === 'none' || profile.credentialStore === 'session'
      ? undefined
      : this.stores[profile.credentialStore].label;
  }

  /** `vCenter 8.0.3`, without the build. */
  private product(id: ServerId): string | undefined {
    const identity = this.registry.get(id)?.identity;
    return identity && `${identity.product} ${identity.version.split(' ')[0] ?? ''}`;
  }
}
