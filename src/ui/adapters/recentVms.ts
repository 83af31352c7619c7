import type { StatePort } from '../../servers/statePort';

const stateKey = 'recentVms';
// More than a person works on in a day; beyond that, searching is faster than looking.
const kept = 10;

/** The VMs that the person has worked with last, for all windows. */
export class RecentVms {
  constructor(private readonly state: StatePort) {}

  /** Identities as of `findableId`, the last used first. */
  all(): readonly string[] {
    const saved = this.state.get(stateKey);
    return Array.isArray(saved) ? saved.filter((each): each is string => typeof each === 'string') : [];
  }

  async add(id: string): Promise<void> {
    const others = this.all().filter((each) => each !== id);
    await this.state.set(stateKey, [id, ...others].slice(0, kept));
  }
}
