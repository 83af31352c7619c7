import type { Clock } from '../../common/clock';
import type { Logger } from '../../common/logger';
import { readMessage } from '../../webview/protocol/readMessage';
import { toHost, type ToHost } from '../../webview/protocol/toHost';
import { toPage, type ToPage } from '../../webview/protocol/toPage';

// A page that has gone wild must not fill the log.
const logAtMost = 20;
const logAgainMs = 60_000;

/** What a page is reached by: the editor's webview, or a test. */
export interface PagePort {
  post(message: unknown): void;
}

/**
 * The messages between a panel and its page. What does not fit the protocol is refused and logged, in both directions:
 * the page would refuse it anyway, and so it is found where it was made.
 */
export class PageChannel {
  private isOpen = true;
  private logged = 0;
  private loggedSinceMs: number;

  /**
   * @param act - does what a message asks; gives back why not
   */
  constructor(
    private readonly port: PagePort,
    private readonly act: (message: ToHost) => string | undefined,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.loggedSinceMs = clock.now();
  }

  send(message: ToPage): void {
    if (!this.isOpen) {
      return;
    }
    const reading = readMessage(toPage, message);
    if ('refused' in reading) {
      this.logger.error(`A message of type ${message.type} to the page does not fit the protocol: ${reading.refused}`);
      return;
    }
    this.port.post(message);
  }

  /** Takes whatever the page has sent. Never throws. */
  receive(sent: unknown): void {
    if (!this.isOpen) {
      this.refuse('after the panel was closed');
      return;
    }
    const reading = readMessage(toHost, sent);
    if ('refused' in reading) {
      this.refuse(reading.refused);
      return;
    }
    const { message } = reading;
    try {
      const refused = this.act(message);
      if (refused !== undefined) {
        this.refuse(`${message.type}: ${refused}`);
      }
    } catch (error) {
      this.logger.error(`What the page asked for by ${message.type} could not be done`, error);
    }
  }

  /** Refuses everything from now on. */
  close(): void {
    this.isOpen = false;
  }

  private refuse(why: string): void {
    const nowMs = this.clock.now();
    if (nowMs - this.loggedSinceMs > logAgainMs) {
      this.loggedSinceMs = nowMs;
      this.logged = 0;
    }
    if (this.logged++ < logAtMost) {
      this.logger.warn(`A message of the page was refused: ${why}`);
    }
  }
}
