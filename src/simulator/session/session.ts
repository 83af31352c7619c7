import type { UserSession } from '../../vsphere/vim/service';
import type { Access } from '../access/accessControl';
import type { Collector } from '../collector/collector';
import type { RetrievedPage } from '../collector/retrieval';
import { dateTime } from '../projection/viewer';

/** Rest of a read that was too big for one reply. */
export interface Page {
  readonly collectorId: string;
  /** Gives the next objects, read when they are asked for. */
  next(limit: number): RetrievedPage;
  readonly limit: number;
}

/** One login. */
export class Session {
  /** Rests of reads by their token. */
  readonly pages = new Map<string, Page>();
  /** By the id of their managed object. The default collector is shared by name only: each session has its own. */
  readonly collectors = new Map<string, Collector>();
  /** How far each history collector has been read. */
  readonly historyPositions = new Map<string, number>();
  locale: string;
  lastActiveMs: number;
  callCount = 0;
  /** Calls that are being answered now. */
  inFlight = 0;

  constructor(
    /** What the client shows by its cookie; a secret. */
    readonly cookie: string,
    /** Public name of the session; not the cookie. */
    readonly key: string,
    readonly userName: string,
    private readonly fullName: string,
    readonly access: Access,
    private readonly ipAddress: string,
    private readonly userAgent: string,
    private readonly loginMs: number,
    locale: string,
  ) {
    this.locale = locale;
    this.lastActiveMs = loginMs;
  }

  get info(): UserSession {
    return {
      key: this.key,
      userName: this.userName,
      fullName: this.fullName,
      loginTime: dateTime(this.loginMs),
      lastActiveTime: dateTime(this.lastActiveMs),
      locale: this.locale,
      messageLocale: this.locale,
      extensionSession: false,
      ipAddress: this.ipAddress,
      userAgent: this.userAgent,
      callCount: this.callCount,
    };
  }
}
