import type { Logger } from '../../common/logger';
import { type Session, SessionRenewedError } from '../session';
import {
  CancelRetrievePropertiesEx,
  ContinueRetrievePropertiesEx,
  type ObjectContent,
  type PropertyFilterSpec,
  RetrievePropertiesEx,
  type RetrieveResult,
} from '../vim/property';
import type { ManagedObjectReference, ManagedType } from '../vim/schema';
import { ObjectProperties } from './objectProperties';
import { ofObjects } from './propertySpecs';
import { leavingOutUnknownPaths } from './unknownPaths';

export interface PropertyReaderLimits {
  /** Objects that the server shall put into one reply; it may decide for fewer. */
  readonly pageObjects: number;
}

export const defaultReaderLimits: PropertyReaderLimits = {
  // A megabyte or so: progress that can be seen, at a cost that cannot be measured. 100 would be seven times slower
  // over a line of 20 ms.
  pageObjects: 1_000,
};

// No documented limit; enough for what is on a screen, little enough for any server.
const maxNamedObjects = 500;

/** Reads properties once, in as few calls as possible. */
export class PropertyReader {
  constructor(
    private readonly session: Session,
    private readonly logger: Logger,
    private readonly limits: PropertyReaderLimits = defaultReaderLimits,
  ) {}

  /** Reads some properties of objects. Those that no longer exist are left out. */
  async read<P extends object>(
    type: ManagedType<P>,
    objects: readonly ManagedObjectReference[],
    paths: readonly string[],
    signal?: AbortSignal,
  ): Promise<ObjectProperties<P>[]> {
    const found: ObjectProperties<P>[] = [];
    for (let at = 0; at < objects.length; at += maxNamedObjects) {
      const spec = ofObjects([{ type, paths }], objects.slice(at, at + maxNamedObjects));
      const contents = await this.readAll(spec, signal);
      found.push(...contents.map((content) => new ObjectProperties(content.obj, type, content, this.logger)));
    }
    if (found.length < objects.length && (await this.session.verify(signal))) {
      // Nobody was signed in: that, too, looks as if there were nothing.
      return await this.read(type, objects, paths, signal);
    }
    return found;
  }

  /**
   * Reads what a specification asks for, about an object and what it leads to.
   *
   * @param root - the object itself; must be asked for at least one property. Without a sign of it the answer could as
   * well mean that nobody is signed in, which is found out then.
   */
  async readContents(
    spec: PropertyFilterSpec,
    root: ManagedObjectReference,
    signal?: AbortSignal,
  ): Promise<ObjectContent[]> {
    const contents = await this.readAll(spec, signal);
    return contents.some(({ obj }) => obj.key === root.key) || !(await this.session.verify(signal))
      ? contents
      : await this.readAll(spec, signal);
  }

  /**
   * Reads page after page. The next one is asked for before the last one is given out, so that the server works while
   * the caller does.
   *
   * @remarks Must be used up or returned from, else the server keeps the rest for us. A path that the server does not
   * know is left out.
   * @throws SessionRenewedError when the session was lost on the way: what was given out before is not to be used.
   */
  async *pages(spec: PropertyFilterSpec, signal?: AbortSignal): AsyncGenerator<readonly ObjectContent[], void, void> {
    const { epoch } = this.session;
    let next: Promise<RetrieveResult> | undefined;
    let token: string | undefined;
    try {
      let page = await this.firstPage(spec, signal);
      for (;;) {
        token = page?.token;
        next = token === undefined ? undefined : this.nextPage(token, signal);
        // Whoever stops here never looks at it.
        next?.catch(() => undefined);
        if (page !== undefined) {
          await this.assertSignedIn(page.objects, epoch, signal);
          yield page.objects;
        }
        if (next === undefined) {
          return;
        }
        page = await next;
        next = undefined;
        token = undefined;
      }
    } finally {
      if (token !== undefined) {
        void this.abandon(token, next);
      }
    }
  }

  /** Tells the server that the rest is not wanted. Nobody waits for that. */
  private async abandon(token: string, next: Promise<RetrieveResult> | undefined): Promise<void> {
    let unused: string | undefined = token;
    try {
      unused = (await next)?.token;
    } catch {
      // It was cancelled, or the session is gone: whether the token was used is not known, so it is cancelled too.
    }
    if (unused === undefined) {
      return;
    }
    try {
      const collector = this.session.content.propertyCollector;
      await this.session.call(CancelRetrievePropertiesEx, collector, { token: unused }, { sessionBound: true });
    } catch (error) {
      this.logger.debug(`The rest of a list could not be cancelled: ${String(error)}`);
    }
  }

  /**
   * Reading properties needs no session: to somebody who is not signed in a server answers that each of them is
   * missing.
   */
  private async assertSignedIn(
    objects: readonly ObjectContent[],
    epoch: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const isLost = objects.some((each) =>
      each.missingSet.some(({ fault }) => fault.fault.$type === 'NotAuthenticated'),
    );
    if (isLost) {
      await this.session.renew(epoch, signal);
      throw new SessionRenewedError('the session was renewed');
    }
  }

  private async readAll(spec: PropertyFilterSpec, signal: AbortSignal | undefined): Promise<ObjectContent[]> {
    for (let isRepeated = false; ; isRepeated = true) {
      try {
        const found: ObjectContent[] = [];
        for await (const page of this.pages(spec, signal)) {
          found.push(...page);
        }
        return found;
      } catch (error) {
        if (isRepeated || !(error instanceof SessionRenewedError)) {
          throw error;
        }
      }
    }
  }

  private firstPage(spec: PropertyFilterSpec, signal: AbortSignal | undefined): Promise<RetrieveResult | undefined> {
    const options = { maxObjects: this.limits.pageObjects };
    return leavingOutUnknownPaths(spec, this.logger, (asked) =>
      this.session.call(
        RetrievePropertiesEx,
        this.session.content.propertyCollector,
        { specSet: [asked], options },
        { signal },
      ),
    );
  }

  private nextPage(token: string, signal: AbortSignal | undefined): Promise<RetrieveResult> {
    const collector = this.session.content.propertyCollector;
    // A token means something only in the session that it comes from.
    return this.session.call(ContinueRetrievePropertiesEx, collector, { token }, { sessionBound: true, signal });
  }
}
