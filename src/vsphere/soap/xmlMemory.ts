import { InternedTexts } from './internedTexts';
import { MarkupRuns } from './markupRuns';
import { XmlNames } from './xmlNames';
import { XmlScope } from './xmlScope';

/** What was learned from documents; replaced as a whole when it is full. */
export interface Learned {
  /** The scope outside of every root element. */
  readonly root: XmlScope;
  readonly texts: InternedTexts;
  readonly runs: MarkupRuns;
}

/**
 * What the readers of one client remember from one document to the next: a server writes the same names, tags and short
 * texts again and again. Bounded, whatever a server sends. It changes how fast a document is read and nothing else.
 */
export class XmlMemory {
  readonly names = new XmlNames();
  private latest: Learned | undefined;

  /** For one more document. */
  learned(): Learned {
    if (this.latest === undefined || this.latest.root.isFull || this.latest.runs.isFull) {
      this.latest = { root: XmlScope.root(), texts: new InternedTexts(), runs: new MarkupRuns() };
    }
    return this.latest;
  }
}
