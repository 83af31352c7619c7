import type { RawName } from './xmlNames';
import type { StartTag, XmlScope } from './xmlScope';
import { BytePattern } from './bytePattern';
import type { InternedText } from './internedTexts';

// Between two texts of a reply stands nearly always what stood there in the object before: the same tags, byte by byte.
// Such a run of tags is compared as a whole and not read again.

/** One tag of a run: what was found out when it was read. */
export interface Step {
  /** From the beginning of the run. */
  readonly offset: number;
  readonly name: RawName;
  /** Undefined for an end tag. */
  readonly tag: StartTag | undefined;
  /** In which the tag was read. */
  readonly scope: XmlScope;
}

// Of one run, so many different ones can follow that it is cheaper to read them.
const maxFollowers = 8;

// Real replies have some dozens.
const maxRuns = 1_024;
const maxRunBytes = 512;

/** Tags without any text between them. */
export class MarkupRun {
  readonly pattern: BytePattern;
  /** The text that stood behind it last. */
  nextText: InternedText | undefined;
  private readonly followers: MarkupRun[] = [];

  constructor(
    bytes: Uint8Array,
    readonly steps: readonly Step[],
  ) {
    this.pattern = new BytePattern(bytes);
  }

  /** The run that stands at `at`, if it has followed this one before. */
  followerAt(view: DataView, at: number): MarkupRun | undefined {
    const { followers } = this;
    for (let i = 0; i < followers.length; i++) {
      const run = followers[i] as MarkupRun;
      if (run.pattern.standsAt(view, at)) {
        return run;
      }
    }
    return undefined;
  }

  addFollower(run: MarkupRun): void {
    if (this.followers.length < maxFollowers && !this.followers.includes(run)) {
      this.followers.push(run);
    }
  }
}

/** All runs that have been met. */
export class MarkupRuns {
  private readonly known = new Map<string, MarkupRun>();
  private made = 0;

  get isFull(): boolean {
    return this.made >= maxRuns;
  }

  /** The run of these bytes; undefined for one that is not worth keeping. */
  of(bytes: Buffer, from: number, to: number, steps: readonly Step[]): MarkupRun | undefined {
    if (to - from > maxRunBytes || this.isFull) {
      return undefined;
    }
    const key = bytes.toString('latin1', from, to);
    const known = this.known.get(key);
    if (known !== undefined && sameSteps(known.steps, steps)) {
      return known;
    }
    const run = new MarkupRun(bytes.subarray(from, to), steps.slice());
    this.known.set(key, run);
    this.made++;
    return run;
  }
}

function sameSteps(a: readonly Step[], b: readonly Step[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, tag, scope }, i) => {
      const other = b[i] as Step;
      return name === other.name && tag === other.tag && scope === other.scope;
    })
  );
}
