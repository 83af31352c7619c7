import type { Logger } from '../../common/logger';
import { isCancelled } from '../../common/cancellation';
import type { Failures, StepActions } from './failures';
import type { Subject } from './subject';

/** What a command tells its boundary while it runs, so that a failure can be told well. */
export interface Act {
  /** Says what the command is about now, and what the buttons of a failure do. */
  about(subject: Subject, actions?: StepActions): void;
}

/**
 * The one place where every command ends: nothing that it throws reaches the editor, which would show it as an error
 * dialog with a stack.
 *
 * @remarks Giving up is silence; a failure that is understood becomes one sentence with what helps; anything else goes
 * to the log. The promise settles when the command has ended, never later: messages stay open behind it.
 */
export class CommandBoundary {
  constructor(
    private readonly failures: Failures,
    private readonly logger: Logger,
  ) {}

  /**
   * @param name - for the log
   * @param work - what the command does. *Retry* runs it again unless it says something better
   */
  async run(name: string, work: (act: Act) => Promise<void>): Promise<void> {
    let subject: Subject = {};
    let actions: StepActions = {};
    try {
      await work({
        about: (newSubject, newActions = {}) => {
          subject = newSubject;
          actions = newActions;
        },
      });
    } catch (error) {
      if (isCancelled(error)) {
        this.logger.trace(`${name}: given up`);
        return;
      }
      this.logger.warn(`${name} did not end well`);
      const retry = async (): Promise<void> => {
        await this.run(name, work);
      };
      this.failures.show(error, subject, { retry, ...actions });
    }
  }
}
