import { DisposableStore, type Disposable } from '../common/disposable';
import { Emitter } from '../common/event';
import type { HypervisorError } from '../hypervisor/errors';
import type { ServerId } from '../hypervisor/model/ids';
import type { CredentialService, StoreReport } from './credentialService';
import type { HeldPassword } from './heldPassword';
import type { PasswordGuard } from './passwordGuard';
import type { ProfileChange, ProfileStore } from './profileStore';
import { type ConnectionServices, ServerConnection } from './serverConnection';
import type { ConnectOptions } from './sessionKeeper';
import { asHypervisorError, serverExists, serverGone } from './serverErrors';
import { type NewServerProfile, sameAccount, type ServerProfile, type ServerProfileChanges } from './serverProfile';
import { sameAddress } from './serverAddress';

/** Servers that came, went or were edited, in whichever window. */
export interface RegistryChange {
  readonly added: readonly ServerConnection[];
  readonly removed: readonly ServerConnection[];
  /** Their profile has changed; a change of state alone is told by the connection itself. */
  readonly changed: readonly ServerConnection[];
}

/** What of an edit or a removal did not work out; the rest is done. */
export interface PasswordLeftover {
  /** Why the stored password could not be taken along or deleted. */
  readonly error: HypervisorError;
}

/** A password for a server, and what to do with it. */
export interface PasswordChoice {
  readonly password: HeldPassword;
  /** Whether to keep it beyond this window. */
  readonly save: boolean;
}

/** Every server that the person added, each with its connection. Servers are independent: none waits for another. */
export class ServerRegistry implements Disposable {
  private readonly connections = new Map<ServerId, ServerConnection>();
  private readonly changed = new Emitter<RegistryChange>();
  private readonly resources = new DisposableStore();
  private readonly leaving = new Set<Promise<void>>();
  private isVisible = false;

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly profiles: ProfileStore,
    private readonly credentials: CredentialService,
    private readonly guard: PasswordGuard,
    private readonly services: ConnectionServices,
  ) {
    this.resources.add(this.changed);
    this.resources.add(
      profiles.onDidChange((change) => {
        this.follow(change);
      }),
    );
    for (const profile of profiles.all()) {
      this.connections.set(profile.id, new ServerConnection(profile, services));
    }
  }

  /** In the order in which the servers were added. */
  all(): readonly ServerConnection[] {
    return this.profiles.all().flatMap(({ id }) => this.connections.get(id) ?? []);
  }

  get(id: ServerId): ServerConnection | undefined {
    return this.connections.get(id);
  }

  /** The saved side of a server. @throws HypervisorError of kind `gone`. */
  profile(id: ServerId): ServerProfile {
    const profile = this.profiles.get(id);
    if (profile === undefined) {
      throw serverGone(id);
    }
    return profile;
  }

  /** A saved server with the same address and account; undefined when there is none. */
  findSame(server: Pick<ServerProfile, 'host' | 'port' | 'userName'>, except?: ServerId): ServerProfile | undefined {
    return this.profiles.all().find((profile) => profile.id !== except && sameAccount(profile, server));
  }

  /**
   * Adds a server with its password. It does not connect by itself.
   *
   * @returns the connection, and where the password went
   * @throws HypervisorError of kind `invalidInput` when the server is there already.
   */
  async add(
    fields: NewServerProfile,
    choice: PasswordChoice | undefined,
  ): Promise<{ readonly connection: ServerConnection; readonly stored: StoreReport | undefined }> {
    const same = this.findSame(fields);
    if (same !== undefined) {
      throw serverExists(same.label);
    }
    const profile = await this.profiles.add({ ...fields, credentialStore: 'none' });
    let stored: StoreReport | undefined;
    if (choice?.save === true) {
      stored = await this.credentials.store(profile, choice.password);
    } else if (choice !== undefined) {
      await this.credentials.keepForSession(profile, choice.password);
    }
    return { connection: this.connection(profile.id), stored };
  }

  /**
   * Adds servers without passwords, all or none. They do not connect by themselves.
   *
   * @throws HypervisorError of kind `invalidInput` when one of them is there already.
   */
  async addAll(fields: readonly NewServerProfile[]): Promise<readonly ServerConnection[]> {
    for (const each of fields) {
      const same = this.findSame(each);
      if (same !== undefined) {
        throw serverExists(same.label);
      }
    }
    const added = await this.profiles.addAll(fields.map((each) => ({ ...each, credentialStore: 'none' })));
    return added.map(({ id }) => this.connection(id));
  }

  /**
   * Changes a server. Trust is for one address: with another one it starts anew. The password moves along with the
   * address, and is deleted when the account becomes another one.
   *
   * @returns undefined when everything is done
   * @throws HypervisorError of kind `gone`, or `invalidInput` when it would become the same as another server.
   */
  async edit(id: ServerId, changes: ServerProfileChanges): Promise<PasswordLeftover | undefined> {
    const before = this.profile(id);
    const wanted = { ...before, ...changes };
    const same = this.findSame(wanted, id);
    if (same !== undefined) {
      throw serverExists(same.label);
    }
    const isReaddressed = !sameAddress(before, wanted);
    const isOtherAccount = before.userName !== wanted.userName;
    // First the copy: as soon as the profile changes, its connection looks for the password under the new account.
    const copied =
      isReaddressed && !isOtherAccount ? await failureOf(this.credentials.copy(before, wanted)) : undefined;
    if (isReaddressed || isOtherAccount) {
      await this.guard.passwordChanged(id);
    }
    await this.profiles.update(id, {
      ...(isReaddressed && { trust: { mode: 'verify' } }),
      ...(isOtherAccount && { credentialStore: 'none' }),
      ...changes,
    });
    const erased = isReaddressed || isOtherAccount ? await failureOf(this.credentials.erase(before)) : undefined;
    return copied ?? erased;
  }

  /**
   * Takes a server off the list: ends its session and deletes its stored password. Nothing changes on the server.
   *
   * @returns undefined when everything is done; a password that could not be deleted keeps nobody from removing
   */
  async remove(id: ServerId): Promise<PasswordLeftover | undefined> {
    const profile = this.profile(id);
    const leftover = await failureOf(this.credentials.erase(profile));
    await this.profiles.remove(id);
    await this.guard.forget(id);
    return leftover;
  }

  /** @throws as {@link ServerConnection.connect}; HypervisorError of kind `gone`. */
  async connect(id: ServerId, options: ConnectOptions): Promise<void> {
    await this.connection(id).connect(options);
  }

  /** @throws HypervisorError of kind `gone`. */
  async disconnect(id: ServerId): Promise<void> {
    await this.connection(id).disconnect();
  }

  /**
   * Deletes the stored password of a server. Its session, if there is one, goes on.
   *
   * @throws HypervisorError of kind `passwordUnavailable` when the store did not do it.
   */
  async forgetPassword(id: ServerId): Promise<void> {
    await this.credentials.forget(this.profile(id));
  }

  /** Says whether a view that shows the servers is visible. */
  setVisible(visible: boolean): void {
    this.isVisible = visible;
    for (const connection of this.connections.values()) {
      connection.setVisible(visible);
    }
  }

  /** Takes over what other windows have changed. To be called when the window gets the focus. */
  refresh(): void {
    this.profiles.refresh();
    for (const connection of this.connections.values()) {
      connection.reconsider();
    }
  }

  dispose(): void {
    this.resources.dispose();
    for (const connection of this.connections.values()) {
      this.retire(connection);
    }
    this.connections.clear();
  }

  /** Ends every session. Resolves when the servers have been told, or have taken too long. */
  async shutDown(): Promise<void> {
    this.dispose();
    await Promise.all(this.leaving);
  }

  private follow({ added, changed, removed }: ProfileChange): void {
    const gone = removed.flatMap(({ id }) => this.connections.get(id) ?? []);
    for (const connection of gone) {
      this.connections.delete(connection.id);
      this.retire(connection);
    }
    const edited = changed.flatMap(({ after }) => {
      const connection = this.connections.get(after.id);
      connection?.updateProfile(after);
      return connection ?? [];
    });
    const fresh = added.map((profile) => {
      const connection = new ServerConnection(profile, this.services);
      this.connections.set(profile.id, connection);
      return connection;
    });
    for (const connection of fresh) {
      connection.setVisible(this.isVisible);
    }
    this.changed.fire({ added: fresh, removed: gone, changed: edited });
  }

  private retire(connection: ServerConnection): void {
    connection.dispose();
    const left = connection.closed().finally(() => this.leaving.delete(left));
    this.leaving.add(left);
  }

  private connection(id: ServerId): ServerConnection {
    const connection = this.connections.get(id);
    if (connection === undefined) {
      throw serverGone(id);
    }
    return connection;
  }
}

/** How `work` failed, if it did. */
async function failureOf(work: Promise<void>): Promise<PasswordLeftover | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return { error: asHypervisorError(error) };
  }
}
