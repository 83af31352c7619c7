import * as z from 'zod/mini';
import type { ServerId } from '../hypervisor/model/ids';
import type { JsonValue, StatePort } from './statePort';

const stateKey = 'passwordVersions';

const versionSchema = z.object({ version: z.number(), refusedVersion: z.optional(z.number()) });
type PasswordVersion = z.infer<typeof versionSchema>;

/**
 * Remembers, for all windows, which stored passwords a server has refused, so that none of them is tried again.
 *
 * @remarks An ESXi locks an account after five refused logins, and every open window would contribute one with each of
 * its attempts. Passwords are told apart by counting their changes; nothing that is derived from them is kept.
 */
export class PasswordGuard {
  constructor(private readonly state: StatePort) {}

  /** How often the stored password of the server was changed. */
  version(id: ServerId): number {
    return this.read(id)?.version ?? 0;
  }

  /** Whether the server has refused the password that is stored now. */
  isRefused(id: ServerId): boolean {
    const entry = this.read(id);
    return entry !== undefined && entry.refusedVersion === entry.version;
  }

  /** Another password is stored: windows may try again. */
  async passwordChanged(id: ServerId): Promise<void> {
    await this.write(id, { version: this.version(id) + 1 });
  }

  /** The server refused the password of that version. Without effect when another one has been stored meanwhile. */
  async refused(id: ServerId, version: number): Promise<void> {
    if (version === this.version(id)) {
      await this.write(id, { version, refusedVersion: version });
    }
  }

  async forget(id: ServerId): Promise<void> {
    await this.write(id, undefined);
  }

  private read(id: ServerId): PasswordVersion | undefined {
    const entry = z.safeParse(versionSchema, this.all()[id]);
    return entry.success ? entry.data : undefined;
  }

  private async write(id: ServerId, entry: PasswordVersion | undefined): Promise<void> {
    const { [id]: replaced, ...others } = this.all();
    if (entry !== undefined || replaced !== undefined) {
      await this.state.set(stateKey, entry === undefined ? others : { ...others, [id]: entry });
    }
  }

  private all(): Record<string, JsonValue> {
    const saved = this.state.get(stateKey);
    return typeof saved === 'object' && saved !== null && !Array.isArray(saved)
      ? (saved as Record<string, JsonValue>)
      : {};
  }
}
