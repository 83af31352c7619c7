import type { Snapshot } from '../../hypervisor/model/snapshot';
import type { SnapshotTexts } from '../prompts/editFlow';

/**
 * Texts of a snapshot that were typed where they stand, as the argument of *Edit Snapshot*: nothing has to be asked. Says
 * afterwards what came of it.
 */
export class InPlaceEdit {
  /** The texts are on the server. */
  isDone = false;
  /** What somebody else has written since; then nothing was changed. */
  theirs: SnapshotTexts | undefined;

  /**
   * @param base - as they were when the person began to type
   * @param texts - as they shall be
   */
  constructor(
    readonly base: SnapshotTexts,
    readonly texts: SnapshotTexts,
  ) {}

  /** Whether a snapshot still bears the texts on which this is based. */
  isBasedOn({ name, description }: Pick<Snapshot, 'name' | 'description'>): boolean {
    return this.base.name === name && this.base.description === description;
  }
}
