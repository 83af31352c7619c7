import { CancelledError } from '../common/cancellation';
import type { OpenedSession } from './signIn';

/** What comes of an attempt that nobody has given up. */
export interface AttemptListener {
  onOpened(opened: OpenedSession): void;
  /** Gives what the caller is told. */
  onFailed(error: unknown): Error;
}

/** One attempt to open a session, which can be given up at any time: what comes of it then concerns nobody. */
export class ConnectAttempt {
  /** Settles as the attempt does; with CancelledError when it was given up. */
  readonly outcome: Promise<void>;
  private readonly abort = new AbortController();

  /**
   * @param isInteractive - whether the person waits for it and may be asked
   * @param discard - ends a session that was opened too late
   */
  constructor(
    readonly isInteractive: boolean,
    open: (signal: AbortSignal) => Promise<OpenedSession>,
    discard: (opened: OpenedSession) => void,
    listener: AttemptListener,
  ) {
    const { signal } = this.abort;
    this.outcome = open(signal).then(
      (opened) => {
        if (signal.aborted) {
          discard(opened);
          throw new CancelledError('The attempt was given up');
        }
        listener.onOpened(opened);
      },
      (error: unknown) => {
        throw signal.aborted ? new CancelledError('The attempt was given up') : listener.onFailed(error);
      },
    );
    // Whoever waits for the outcome hears of a failure; nobody has to wait.
    this.outcome.catch(() => undefined);
  }

  giveUp(): void {
    this.abort.abort();
  }
}
