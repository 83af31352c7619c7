import type { Clock } from '../common/clock';
import type { Logger } from '../common/logger';
import type { HypervisorClient } from '../hypervisor/client';
import { messageOf } from './serverErrors';
import { withTimeLimit } from './timeLimit';

/** How long a session may take to say good-bye before nobody waits for it any more. */
const closeLimitMs = 5_000;

/** Ends sessions in the background and knows which ones have not ended yet. */
export class SessionCloser {
  private readonly closing = new Set<Promise<void>>();

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /**
   * Logs a session out, as far as the server can be reached.
   *
   * @param where - names the server in the log
   */
  close(client: HypervisorClient, where: string): void {
    const closed = withTimeLimit(this.clock, closeLimitMs, 'The server', client.close())
      .catch((error: unknown) => {
        // The server ends the session by itself some time later.
        this.logger.info(`[${where}] Could not log out: ${messageOf(error)}`);
      })
      .finally(() => this.closing.delete(closed));
    this.closing.add(closed);
  }

  /** Resolves when every session has ended or has taken too long for it. Never rejects. */
  async settled(): Promise<void> {
    await Promise.all(this.closing);
  }
}
