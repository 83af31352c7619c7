import type { Clock } from '../../common/clock';
import { accountKey } from '../access/accountName';

/** An account. */
export interface UserSpec {
  /** As a client sends it: `administrator@vsphere.local`, `CORP\jdoe`, `root`. `DOMAIN\\user` is the same as `user@domain`,
   * and upper case the same as lower. */
  readonly name: string;
  readonly password: string;
  readonly fullName?: string;
  /** A right password then answers PasswordExpired. */
  readonly passwordExpired?: boolean;
  /** What it may do; an account without any permission cannot log in. */
  readonly permissions?: readonly UserPermission[];
}

export interface UserPermission {
  /** Name of a role. */
  readonly role: string;
  /** Inventory path from the root folder, such as `Paris/vm/Production/SQL01`; the root folder itself when left out. */
  readonly on?: string;
  /** Default: true. */
  readonly propagate?: boolean;
}

/** After how many wrong passwords in a row an account is locked, and for how long: the defaults of ESXi. */
const lockAfterFailures = 5;
const lockForMs = 900_000;

export type LoginOutcome = 'accepted' | 'refused' | 'locked' | 'passwordExpired';

interface Failures {
  readonly count: number;
  readonly lastAtMs: number;
}

/** Who can log in. */
export class Users {
  private readonly byName = new Map<string, UserSpec>();
  private readonly failures = new Map<string, Failures>();

  constructor(
    users: readonly UserSpec[],
    private readonly clock: Clock,
  ) {
    for (const user of users) {
      this.add(user);
    }
  }

  /** Adds an account, in place of the one of that name if there is one. It needs a permission before it can log in. */
  add(user: UserSpec): void {
    this.byName.set(accountKey(user.name), user);
    this.failures.delete(accountKey(user.name));
  }

  find(name: string): UserSpec | undefined {
    return this.byName.get(accountKey(name));
  }

  /** Judges a name and a password; counts failures. A locked account refuses the right password too. */
  check(name: string, password: string): LoginOutcome {
    const key = accountKey(name);
    const user = this.byName.get(key);
    if (this.isLocked(key)) {
      return 'locked';
    }
    if (user?.password !== password) {
      this.failures.set(key, { count: (this.failures.get(key)?.count ?? 0) + 1, lastAtMs: this.clock.now() });
      return 'refused';
    }
    this.failures.delete(key);
    return user.passwordExpired === true ? 'passwordExpired' : 'accepted';
  }

  private isLocked(key: string): boolean {
    const failures = this.failures.get(key);
    if (failures === undefined || failures.count < lockAfterFailures) {
      return false;
    }
    if (this.clock.now() - failures.lastAtMs >= lockForMs) {
      this.failures.delete(key);
      return false;
    }
    return true;
  }
}
