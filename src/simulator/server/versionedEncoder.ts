import { isNewer } from './versionCheck';
import type { Field, VimType } from '../../vsphere/vim/schema';
import { VimEncoder } from '../../vsphere/soap/vimEncoder';
import type { ApiVersion } from '../apiVersion';
import { LazyList, Rendered } from '../collector/rendered';
import { TypedValue } from '../collector/typedValue';

// Characters of a long reply that are made at a time: some objects of an inventory, and no noticeable stretch of time.
const chunkLength = 65_536;

/** Writes a reply for a client of some version: what is newer than that is left out. */
export class VersionedEncoder extends VimEncoder {
  /** What has been written, with the lists in between that have not. */
  private readonly written: (string | Iterable<string>)[] = [];

  constructor(private readonly version: ApiVersion) {
    super();
  }

  override field(field: Field, value: unknown, ofType: string): void {
    if (isNewer(field, this.version)) {
      return;
    }
    if (value instanceof LazyList) {
      this.written.push(this.take(), this.itemsOf(field, value));
    } else {
      super.field(field, value, ofType);
    }
  }

  override element(name: string, type: VimType, value: unknown): void {
    if (value instanceof TypedValue) {
      this.anyOf(name, value.field, value.value);
    } else if (value instanceof Rendered) {
      this.raw(`<${name}>${value.xml}</${name}>`);
    } else {
      super.element(name, type, value);
    }
  }

  /** Everything that was written, in pieces of some tens of thousands of characters. Can be asked for once. */
  *chunks(): Generator<string> {
    let pieces: string[] = [];
    let length = 0;
    for (const part of [...this.written, this.take()]) {
      for (const piece of typeof part === 'string' ? [part] : part) {
        pieces.push(piece);
        length += piece.length;
        if (length >= chunkLength) {
          // Joined, not concatenated bit by bit: a text of a thousand ropes is slow to send.
          yield pieces.join('');
          pieces = [];
          length = 0;
        }
      }
    }
    if (length > 0) {
      yield pieces.join('');
    }
  }

  private *itemsOf(field: Field, list: LazyList): Generator<string> {
    for (const item of list.items) {
      if (item instanceof Rendered) {
        yield `<${field.name}>`;
        yield item.xml;
        yield `</${field.name}>`;
      } else {
        const encoder = new VersionedEncoder(this.version);
        encoder.element(field.name, field.type, item);
        yield encoder.toString();
      }
    }
  }
}
