import { isCancelled, throwIfCancelled } from '../common/cancellation';
import type { Disposable } from '../common/disposable';
import type { HypervisorClient } from '../hypervisor/client';
import { CertificateError, HypervisorError } from '../hypervisor/errors';
import type { ServerId } from '../hypervisor/model/ids';
import type { ClientFactory } from './clientFactory';
import { type PasswordServices, PasswordSource, type PasswordSourceOptions } from './passwordSource';
import type { ProfileStore } from './profileStore';
import { serverGone } from './serverErrors';
import { sameEndpoint, type ServerProfile } from './serverProfile';
import type { TrustService } from './trustService';

/** A session that was opened. Disposing forgets its password; the client is closed by its owner. */
export interface OpenedSession extends Disposable {
  readonly client: HypervisorClient;
  /** The profile with which it was opened. */
  readonly profile: ServerProfile;
  /** To be called when the server refuses the password at a later login. */
  refused(): Promise<void>;
}

/** Opens sessions: brings together the profile, its password and the person's trust. */
export class SignIn {
  constructor(
    private readonly createClient: ClientFactory,
    private readonly profiles: ProfileStore,
    private readonly trust: TrustService,
    private readonly services: PasswordServices,
  ) {}

  /**
   * Connects and signs in. In the background it asks nobody anything: an unknown certificate or a missing password is an
   * error then. A login that was refused is not tried again.
   *
   * @throws HypervisorError, or CancelledError when the person gives up or the signal is aborted.
   */
  async open(id: ServerId, options: PasswordSourceOptions): Promise<OpenedSession> {
    const password = new PasswordSource(() => this.profile(id), this.services, options);
    try {
      for (;;) {
        const profile = this.profile(id);
        try {
          const client = await this.connect(profile, password, options.signal);
          return {
            client,
            profile,
            refused: () => password.refused(),
            dispose: () => {
              password.dispose();
            },
          };
        } catch (error) {
          if (!(await this.isMended(id, profile, error, options))) {
            throw error;
          }
        }
      }
    } catch (error) {
      if (!isCancelled(error) && HypervisorError.find(error, 'loginRefused') !== undefined) {
        await password.refused();
      }
      password.dispose();
      throw error;
    }
  }

  private async connect(
    profile: ServerProfile,
    password: PasswordSource,
    signal: AbortSignal,
  ): Promise<HypervisorClient> {
    const { host, port, useTls, userName, trust } = profile;
    const client = await this.createClient(
      { host, port, useTls, userName, trust, getPassword: () => password.get(profile) },
      signal,
    );
    try {
      throwIfCancelled(signal);
      await password.accepted();
      return client;
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** Whether what was wrong has been put right, so that another try makes sense. */
  private async isMended(
    id: ServerId,
    tried: ServerProfile,
    error: unknown,
    { interactive, signal }: PasswordSourceOptions,
  ): Promise<boolean> {
    const refusal = HypervisorError.find(error, 'certificate');
    if (isCancelled(error)) {
      return false;
    }
    const profile = this.profile(id);
    if (!sameEndpoint(tried, profile)) {
      // It was edited meanwhile: what went wrong with the old address or account says nothing of the new one.
      return true;
    }
    if (!(refusal instanceof CertificateError)) {
      return false;
    }
    const { trust } = profile;
    if (trust.mode === 'pinned' && trust.sha256 === refusal.certificate.sha256) {
      // Trusted in another window meanwhile. If this is what was tried, the pin is not what is wrong.
      return !(tried.trust.mode === 'pinned' && tried.trust.sha256 === trust.sha256);
    }
    if (!interactive) {
      return false;
    }
    const pin = await this.trust.decide(tried.host, tried.trust, refusal, signal);
    if (pin === undefined) {
      return false;
    }
    await this.profiles.update(id, { trust: pin });
    return true;
  }

  private profile(id: ServerId): ServerProfile {
    const profile = this.profiles.get(id);
    if (profile === undefined) {
      throw serverGone(id);
    }
    return profile;
  }
}
