import { CancelledError, isCancelled, throwIfCancelled } from '../common/cancellation';
import type { ServerIdentity } from '../hypervisor/client';
import { CertificateError, type ErrorKind, type HypervisorError } from '../hypervisor/errors';
import type { ServerId } from '../hypervisor/model/ids';
import type { ClientFactory } from './clientFactory';
import type { CredentialService, StoreReport } from './credentialService';
import type { HeldPassword } from './heldPassword';
import type { ProfileStore } from './profileStore';
import { formatHostPort, parseServerAddress, sameAddress, type ServerAddress } from './serverAddress';
import type { ServerConnection } from './serverConnection';
import { asHypervisorError, passwordNeeded } from './serverErrors';
import {
  defaultLabel,
  type NewServerProfile,
  type PinnedCertificate,
  type ServerProfile,
  type TrustPolicy,
} from './serverProfile';
import type { ServerRegistry } from './serverRegistry';
import type { SessionCloser } from './sessionCloser';
import type { TrustService } from './trustService';

/** A question of the wizard, and thus a place to go back to. */
export type AddServerStep = 'address' | 'certificate' | 'user' | 'password';

/** A password that was typed, or the one that is stored for another server. The caller disposes a typed one. */
export type DraftPassword = HeldPassword | { readonly sameAs: ServerId };

/** What is known of a server that is being added. */
export interface ServerDraft {
  /** As it was typed. */
  readonly addressText: string;
  readonly userName?: string | undefined;
  readonly password?: DraftPassword | undefined;
  /** What an earlier check of the same address has found; unset asks the person again where that is needed. */
  readonly trust?: TrustPolicy | undefined;
}

/** What the checks say. */
export type DraftCheck =
  /** Everything works, up to a login. */
  | { readonly kind: 'ready'; readonly server: NewServerProfile; readonly identity: ServerIdentity }
  /** It is a server of the kind and trusted; what is missing is asked for next. */
  | {
      readonly kind: 'incomplete';
      readonly step: 'user' | 'password';
      readonly address: ServerAddress;
      /** How the server proves who it is, as the person has decided. */
      readonly trust: TrustPolicy;
    }
  /** The same account of the same server is in the list already. */
  | { readonly kind: 'duplicate'; readonly existing: ServerProfile }
  /** `step` is where it can be put right. */
  | { readonly kind: 'failed'; readonly step: AddServerStep; readonly error: HypervisorError };

// Everything else is about reaching the server.
const stepOfKind: Readonly<Partial<Record<ErrorKind, AddServerStep>>> = {
  certificate: 'certificate',
  loginRefused: 'password',
  loginNotAllowed: 'user',
  passwordNeeded: 'password',
  passwordUnavailable: 'password',
};

/** Finds out whether a server can be added, as far as it is described, and adds it. */
export class AddServer {
  /** What the person has trusted for an address whose server is not in the list yet: asked once, not at every check. */
  private readonly trusted = new Map<string, PinnedCertificate>();

  constructor(
    private readonly createClient: ClientFactory,
    private readonly trust: TrustService,
    private readonly credentials: CredentialService,
    private readonly profiles: ProfileStore,
    private readonly registry: ServerRegistry,
    private readonly closer: SessionCloser,
  ) {}

  /**
   * Checks a draft in this order: address, name lookup, connection, certificate, kind of server, version, login. Without
   * a user name or password it stops before the login. Asks the person about a certificate that nobody vouches for.
   * Nothing is saved, and no session stays open.
   *
   * @throws CancelledError when `signal` is aborted.
   */
  async check(draft: ServerDraft, signal: AbortSignal): Promise<DraftCheck> {
    let address: ServerAddress;
    try {
      address = parseServerAddress(draft.addressText);
    } catch (error) {
      return { kind: 'failed', step: 'address', error: asHypervisorError(error) };
    }
    const userName = draft.userName?.trim() ?? '';
    const existing = this.registry.findSame({ ...address, userName });
    if (existing !== undefined) {
      return { kind: 'duplicate', existing };
    }
    let trust = draft.trust ?? this.knownTrust(address);
    for (;;) {
      const result = await this.tryOnce(address, userName, trust, draft.password, signal);
      if (!(result instanceof CertificateError)) {
        return result;
      }
      const pin = await this.trust.decide(address.host, trust, result, signal);
      if (pin === undefined) {
        return { kind: 'failed', step: 'certificate', error: result };
      }
      trust = pin;
      this.trusted.set(formatHostPort(address), pin);
    }
  }

  /**
   * Adds a server that was checked.
   *
   * @param save - whether to keep the password beyond this window
   * @returns the connection, not yet connected, and where the password went
   * @throws HypervisorError, for one of kind `passwordUnavailable` when the password of another server was to be used.
   */
  async add(
    server: NewServerProfile,
    password: DraftPassword,
    save: boolean,
  ): Promise<{ readonly connection: ServerConnection; readonly stored: StoreReport | undefined }> {
    const held = 'sameAs' in password ? await this.borrow(password.sameAs) : password;
    try {
      const added = await this.registry.add(server, { password: held, save });
      // From here on the profile is what is trusted.
      this.trusted.delete(formatHostPort(server));
      return added;
    } finally {
      if (held !== password) {
        held.dispose();
      }
    }
  }

  private async tryOnce(
    address: ServerAddress,
    userName: string,
    trust: TrustPolicy,
    password: DraftPassword | undefined,
    signal: AbortSignal,
  ): Promise<DraftCheck | CertificateError> {
    const missing = userName === '' ? 'user' : password === undefined ? 'password' : undefined;
    const login: { isReached: boolean; borrowed?: HeldPassword } = { isReached: false };
    const getPassword = async (): Promise<string> => {
      login.isReached = true;
      if (missing !== undefined || password === undefined) {
        throw new CancelledError('There is nothing to sign in with yet');
      }
      if (!('sameAs' in password)) {
        return password.reveal();
      }
      login.borrowed ??= await this.borrow(password.sameAs);
      return login.borrowed.reveal();
    };
    try {
      const client = await this.createClient({ ...address, userName, trust, getPassword }, signal);
      const { identity } = client;
      this.closer.close(client, formatHostPort(address));
      return { kind: 'ready', server: this.describe(address, userName, trust), identity };
    } catch (error) {
      throwIfCancelled(signal);
      if (login.isReached && missing !== undefined) {
        return { kind: 'incomplete', step: missing, address, trust };
      }
      if (isCancelled(error)) {
        throw error;
      }
      const known = asHypervisorError(error);
      return known instanceof CertificateError
        ? known
        : { kind: 'failed', step: stepOfKind[known.kind] ?? 'address', error: known };
    } finally {
      login.borrowed?.dispose();
    }
  }

  /** The password of another server. */
  private async borrow(id: ServerId): Promise<HeldPassword> {
    const other = this.registry.profile(id);
    const held = await this.credentials.find(other);
    if (held === undefined) {
      throw passwordNeeded(other.label, other.userName);
    }
    return held;
  }

  private describe(address: ServerAddress, userName: string, trust: TrustPolicy): NewServerProfile {
    const labels = this.profiles.all().map(({ label }) => label);
    return {
      ...address,
      userName,
      trust,
      label: defaultLabel({ ...address, userName }, labels),
      isProtected: false,
      isReadOnly: false,
      isDemo: false,
      credentialStore: 'none',
    };
  }

  /** What is trusted for the address already: since the wizard began, or by another account's entry. */
  private knownTrust(address: ServerAddress): TrustPolicy {
    return (
      this.trusted.get(formatHostPort(address)) ??
      this.profiles.all().find((profile) => sameAddress(profile, address))?.trust ?? { mode: 'verify' }
    );
  }
}
