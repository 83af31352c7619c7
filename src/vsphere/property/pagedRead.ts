import { LinkedAbort } from '../../common/cancellation';
import type { Logger } from '../../common/logger';
import type { ReadContent, ResultListener } from '../soap/readContent';
import type { CallOptions } from '../soapClient';
import { type Session, SessionRenewedError } from '../session';
import {
  CancelRetrievePropertiesEx,
  ContinueRetrievePropertiesEx,
  DynamicProperty,
  type MissingProperty,
  ObjectContent,
  type RetrieveResult,
} from '../vim/property';
import type { ManagedObjectReference } from '../vim/schema';

/** Receives what is read. */
export interface ContentSink {
  /** @param content - not to be kept, nor is `missing`: the next object comes in the same */
  object(reference: ManagedObjectReference, content: ReadContent, missing: readonly MissingProperty[]): void;
  /** Everything of a page has been given. */
  page(): void;
}

/** Asks for the first page, with options that the call has to have. */
export type FirstPage = (options: CallOptions) => Promise<RetrieveResult | undefined>;

/** A page that has been asked for. */
interface Page {
  /** Under which it was asked for; undefined for the first. */
  readonly askedBy: string | undefined;
  done: Promise<unknown>;
  /** Under which the one after it can be had, once the server has said so. */
  token: string | undefined;
  next: Page | undefined;
}

/** Somebody who is not signed in is answered that every property is missing. */
class NotSignedIn extends Error {
  override readonly name = 'NotSignedIn';
}

/**
 * One read of a list that comes in pages. How to ask for the next page stands at the beginning of a reply: it is asked for
 * while this one still comes in, one page ahead and no more, so that the server never waits for us nor we for it.
 */
export class PagedRead {
  private front: Page | undefined;
  private readonly abort: LinkedAbort;

  constructor(
    private readonly session: Session,
    private readonly logger: Logger,
    private readonly sink: ContentSink,
    signal: AbortSignal | undefined,
  ) {
    this.abort = new LinkedAbort(signal);
  }

  /**
   * @throws SessionRenewedError when the session was lost on the way: what was given before is not to be used; what the
   * sink throws.
   */
  async run(first: FirstPage): Promise<void> {
    const { epoch } = this.session;
    let last: Page | undefined;
    try {
      const page: Page = { askedBy: undefined, done: Promise.resolve(), token: undefined, next: undefined };
      this.front = page;
      page.done = first({ listener: this.listener(page), signal: this.abort.signal });
      for (let at: Page | undefined = page; at !== undefined; at = at.next) {
        last = at;
        this.front = at;
        this.askAhead(at);
        await at.done;
        this.sink.page();
      }
      last = undefined;
    } catch (error) {
      if (error instanceof NotSignedIn) {
        await this.session.renew(epoch, this.abort.signal);
        throw new SessionRenewedError('the session was renewed');
      }
      throw error;
    } finally {
      this.abort.dispose();
      if (last !== undefined) {
        void this.abandon(last);
      }
    }
  }

  private listener(page: Page): ResultListener {
    return {
      contentTypes: { content: ObjectContent, property: DynamicProperty },
      field: (name, value) => {
        if (name === 'token') {
          page.token = value as string;
          if (page === this.front) {
            this.askAhead(page);
          }
        }
      },
      content: (content) => {
        // As the schema has it, which the decoder has checked.
        const reference = content.obj as ManagedObjectReference;
        const missing = content.missing as readonly MissingProperty[];
        if (missing.some(({ fault }) => fault.fault.$type === 'NotAuthenticated')) {
          throw new NotSignedIn();
        }
        this.sink.object(reference, content, missing);
      },
    };
  }

  private askAhead(page: Page): void {
    const { token } = page;
    if (token === undefined || page.next !== undefined || this.abort.signal.aborted) {
      return;
    }
    const next: Page = { askedBy: token, done: Promise.resolve(), token: undefined, next: undefined };
    page.next = next;
    const collector = this.session.content.propertyCollector;
    // A token means something only in the session that it comes from.
    const options = { sessionBound: true, listener: this.listener(next), signal: this.abort.signal };
    next.done = this.session.call(ContinueRetrievePropertiesEx, collector, { token }, options);
    // Whoever stops before it never looks at it.
    next.done.catch(() => undefined);
  }

  /** Tells the server that the rest is not wanted. Nobody waits for that. */
  private async abandon(last: Page): Promise<void> {
    const asked = last.next ?? last;
    try {
      await asked.done;
    } catch {
      // It was cancelled, or the session is gone: whether its token was used is not known, so it is cancelled too.
    }
    const token = asked.token ?? asked.askedBy;
    if (token === undefined) {
      return;
    }
    try {
      const collector = this.session.content.propertyCollector;
      await this.session.call(CancelRetrievePropertiesEx, collector, { token }, { sessionBound: true });
    } catch (error) {
      this.logger.debug(`The rest of a list could not be cancelled: ${String(error)}`);
    }
  }
}
