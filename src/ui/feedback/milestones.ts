import { type Disposable, DisposableStore } from '../../common/disposable';
import type { Logger } from '../../common/logger';
import type { OperationHistory } from '../../operations/operationHistory';
import type { ProfileStore } from '../../servers/profileStore';
import type { ProtectionMarks } from '../../servers/protectionMarks';
import type { ContextKey } from '../text/contextKeys';
import { setContextKey } from '../tree/setContextKey';

type Milestone = Extract<
  ContextKey,
  | 'vsphereSnapshots.hasSeenDemo'
  | 'vsphereSnapshots.hasSavedServers'
  | 'vsphereSnapshots.hasTaken'
  | 'vsphereSnapshots.hasRestored'
  | 'vsphereSnapshots.hasGuards'
>;

/**
 * Tells VS Code what the person has done for the first time, which ticks off steps of the walkthrough.
 *
 * @remarks VS Code ticks a step when its key turns true while walkthroughs are known to it: from the moment on in which
 * one is opened, which it does by itself when an extension is installed. A key that was true before ticks nothing until
 * the next window (1.139).
 */
export class Milestones implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly reached = new Set<Milestone>();

  constructor(
    private readonly profiles: Pick<ProfileStore, 'all' | 'onDidChange'>,
    private readonly marks: Pick<ProtectionMarks, 'hasAny' | 'onDidChange'>,
    history: Pick<OperationHistory, 'onDidChange'>,
    private readonly logger: Logger,
  ) {
    this.resources.add(
      profiles.onDidChange(() => {
        this.lookAtServers();
      }),
    );
    this.resources.add(
      marks.onDidChange(() => {
        this.lookAtServers();
      }),
    );
    this.resources.add(
      history.onDidChange((operation) => {
        if (operation?.state !== 'succeeded') {
          return;
        }
        const { kind } = operation.operation;
        if (kind === 'take') {
          this.reach('vsphereSnapshots.hasTaken');
        } else if (kind === 'restore' || kind === 'restoreLatest') {
          this.reach('vsphereSnapshots.hasRestored');
        }
      }),
    );
    this.lookAtServers();
  }

  dispose(): void {
    this.resources.dispose();
  }

  private lookAtServers(): void {
    const profiles = this.profiles.all();
    if (profiles.some(({ isDemo }) => isDemo)) {
      this.reach('vsphereSnapshots.hasSeenDemo');
    }
    if (profiles.some(({ isDemo }) => !isDemo)) {
      this.reach('vsphereSnapshots.hasSavedServers');
    }
    if (this.marks.hasAny || profiles.some(({ isProtected, isReadOnly }) => isProtected || isReadOnly)) {
      this.reach('vsphereSnapshots.hasGuards');
    }
  }

  /** VS Code remembers by itself that a step was done. */
  private reach(milestone: Milestone): void {
    if (this.reached.has(milestone)) {
      return;
    }
    this.reached.add(milestone);
    setContextKey(milestone, true).then(undefined, (error: unknown) => {
      this.logger.error(`the context key ${milestone} could not be set`, error);
    });
  }
}
