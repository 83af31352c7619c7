import type { Logger } from '../../common/logger';
import { type Session, SessionRenewedError } from '../session';
import type { ReadContent } from '../soap/readContent';
import type { CallOptions } from '../soapClient';
import {
  type MissingProperty,
  type ObjectContent,
  type PropertyFilterSpec,
  RetrievePropertiesEx,
  type RetrieveResult,
} from '../vim/property';
import type { ManagedObjectReference, ManagedType } from '../vim/schema';
import { ObjectProperties } from './objectProperties';
import { type ContentSink, PagedRead } from './pagedRead';
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
   * Reads page after page and gives each object as soon as it has arrived.
   *
   * @remarks A path that the server does not know is left out.
   * @throws SessionRenewedError when the session was lost on the way: what was given before is not to be used; what the
   * sink throws.
   */
  async readPages(spec: PropertyFilterSpec, sink: ContentSink, signal?: AbortSignal): Promise<void> {
    const read = new PagedRead(this.session, this.logger, sink, signal);
    await read.run((options) => this.firstPage(spec, options));
  }

  private async readAll(spec: PropertyFilterSpec, signal: AbortSignal | undefined): Promise<ObjectContent[]> {
    for (let isRepeated = false; ; isRepeated = true) {
      try {
        const found: ObjectContent[] = [];
        const sink: ContentSink = {
          object: (obj, content, missing) => found.push(keep(obj, content, missing)),
          page: () => undefined,
        };
        await this.readPages(spec, sink, signal);
        return found;
      } catch (error) {
        if (isRepeated || !(error instanceof SessionRenewedError)) {
          throw error;
        }
      }
    }
  }

  private firstPage(spec: PropertyFilterSpec, call: CallOptions): Promise<RetrieveResult | undefined> {
    const options = { maxObjects: this.limits.pageObjects };
    return leavingOutUnknownPaths(spec, this.logger, (asked) =>
      this.session.call(
        RetrievePropertiesEx,
        this.session.content.propertyCollector,
        { specSet: [asked], options },
        call,
      ),
    );
  }
}

function keep(obj: ManagedObjectReference, content: ReadContent, missing: readonly MissingProperty[]): ObjectContent {
  const propSet = Array.from({ length: content.count }, (_, i) => ({ name: content.name(i), val: content.value(i) }));
  return { obj, propSet, missingSet: [...missing] };
}
