import type { SnapshotContents } from '../../hypervisor/model/operation';
import type { StatePort } from '../../servers/statePort';

const countKey = 'take.count';
const contentsKey = 'take.lastContents';
const known: readonly SnapshotContents[] = ['disks', 'memory', 'quiesced'];

/** What is remembered of earlier takes: how many there were, and what the last one included. */
export class TakeMemory {
  constructor(private readonly state: StatePort) {}

  get count(): number {
    const saved = this.state.get(countKey);
    return typeof saved === 'number' && saved > 0 ? saved : 0;
  }

  get lastContents(): SnapshotContents {
    const saved = this.state.get(contentsKey);
    return known.find((each) => each === saved) ?? 'disks';
  }

  async add(contents: SnapshotContents): Promise<void> {
    await this.state.set(countKey, this.count + 1);
    await this.state.set(contentsKey, contents);
  }
}
