import type { Clock } from '../../common/clock';
import type { Disposable } from '../../common/disposable';
import type { Access } from '../access/accessControl';
import { type Random, randomHex, randomUuid } from '../random/random';
import { Session } from './session';

export interface NewSession {
  readonly userName: string;
  readonly fullName: string;
  readonly access: Access;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly locale: string;
}

/** The sessions of a server. One that is idle for too long, with no call under way, is closed. */
export class Sessions implements Disposable {
  private readonly byCookie = new Map<string, Session>();
  private readonly timers = new Map<Session, Disposable>();

  /**
   * @param onClosed - called when a session is over, however it ended
   */
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private timeoutSeconds: number,
    private readonly onClosed: (session: Session) => void,
  ) {}

  /** 0: never. */
  get idleTimeoutSeconds(): number {
    return this.timeoutSeconds;
  }

  set idleTimeoutSeconds(seconds: number) {
    this.timeoutSeconds = seconds;
    for (const session of this.all) {
      this.watch(session);
    }
  }

  get all(): readonly Session[] {
    return [...this.byCookie.values()];
  }

  get count(): number {
    return this.byCookie.size;
  }

  open(details: NewSession): Session {
    const session = new Session(
      randomHex(this.random, 40),
      `52${randomUuid(this.random).slice(2)}`,
      details.userName,
      details.fullName,
      details.access,
      details.ipAddress,
      details.userAgent,
      this.clock.now(),
      details.locale,
    );
    this.byCookie.set(session.cookie, session);
    this.watch(session);
    return session;
  }

  byCookieValue(cookie: string | undefined): Session | undefined {
    return cookie === undefined ? undefined : this.byCookie.get(cookie);
  }

  byKey(key: string): Session | undefined {
    return this.all.find((session) => session.key === key);
  }

  /** A call of the session begins. */
  enter(session: Session): void {
    session.callCount++;
    session.inFlight++;
    session.lastActiveMs = this.clock.now();
  }

  /** It has been answered. */
  leave(session: Session): void {
    session.inFlight--;
    session.lastActiveMs = this.clock.now();
  }

  close(session: Session): void {
    if (this.byCookie.delete(session.cookie)) {
      this.timers.get(session)?.dispose();
      this.timers.delete(session);
      for (const collector of session.collectors.values()) {
        collector.dispose();
      }
      this.onClosed(session);
    }
  }

  closeAll(): void {
    for (const session of this.all) {
      this.close(session);
    }
  }

  dispose(): void {
    for (const timer of this.timers.values()) {
      timer.dispose();
    }
    this.timers.clear();
    for (const session of this.all) {
      for (const collector of session.collectors.values()) {
        collector.dispose();
      }
    }
  }

  private watch(session: Session): void {
    this.timers.get(session)?.dispose();
    if (this.timeoutSeconds <= 0) {
      return;
    }
    const timeoutMs = this.timeoutSeconds * 1_000;
    const isBusy = session.inFlight > 0;
    const restMs = isBusy ? timeoutMs : session.lastActiveMs + timeoutMs - this.clock.now();
    if (restMs <= 0) {
      this.close(session);
      return;
    }
    this.timers.set(
      session,
      this.clock.schedule(restMs, () => {
        this.watch(session);
      }),
    );
  }
}
