import { MethodFault } from '../vim/fault';
import type { FieldSlot, ObjectShape } from '../vim/objectShape';
import { isA, ManagedObjectReference, type ObjectType } from '../vim/schema';
import { ElementMeaning, formOf, meaningInList, meaningInObject, type Strictness, ValueForm } from './elementMeaning';
import { ReadContent, type ResultListener } from './readContent';
import { readScalar } from './scalars';
import { SchemaError } from './schemaError';
import type { ItemsOf } from './typeNames';
import type { StartTag } from './xmlScope';
import { XmlInterest, type XmlSink } from './xmlSink';

/** An object or a list that is open. Used again for the next one at its depth: a reply has tens of thousands. */
class Frame {
  meaning: ElementMeaning | undefined;
  role: Role = 'kept';
  /** Undefined for a list. */
  shape: ObjectShape | undefined;
  list: ItemsOf | undefined;
  fields: Record<string, unknown> = {};
  items: unknown[] = [];
  /** Flags of the fields that have been given. */
  seen = 0;
  /** The same of a type with more fields than there are flags in a word. */
  readonly seenMore: number[] = [];
  /** Index of the field that was seen last, for the order of a request. */
  position = -1;
  /** Of a property that is told and not kept: its parts. */
  name = '';
  value: unknown;
}

/** What becomes of an object: it is kept where it belongs, or told as a content, or as a property of one. */
type Role = 'kept' | 'content' | 'property';

// The response is the first object, the result the second.
const resultDepth = 2;

const emptyList: readonly never[] = Object.freeze([]);

/**
 * Turns the content of one element into a value of the schema. Drives itself by the schema, never by the shape of what
 * arrives: one item of a list is still a list, and a name that looks like a number stays text.
 */
export class VimDecoder implements XmlSink {
  private readonly frames: Frame[] = [];
  private depth = 0;
  /** The element that is open, when it holds a text or nothing that is known here. */
  private leaf: ElementMeaning | undefined;
  private leafText = '';
  /** What is told of the content that is open. */
  private readonly told = new ReadContent();

  /**
   * @param onValue - called when the element with which {@link begin} started has ended
   * @param listener - told of what stands directly inside of the result as soon as it has been read
   */
  constructor(
    private readonly strictness: Strictness,
    private readonly onValue: (value: unknown) => void,
    private readonly listener: ResultListener = {},
  ) {}

  /** Starts with an element whose declared type is `type`. */
  begin(type: ObjectType, tag: StartTag): this {
    this.push(new ElementMeaning(this, undefined, formOf(type, tag, this.strictness)));
    return this;
  }

  /** Starts with an element that holds a method's arguments or a response: the fields of `type` as its children. */
  beginObject(type: ObjectType): this {
    this.push(new ElementMeaning(this, undefined, new ValueForm('object', { shape: type.shape() })));
    return this;
  }

  open(tag: StartTag): XmlInterest {
    if (this.leaf !== undefined) {
      throw new SchemaError(`element "${tag.local}" where text belongs`);
    }
    return this.push(this.meaningOf(tag));
  }

  text(text: string): void {
    this.leafText = this.leafText === '' ? text : this.leafText + text;
  }

  close(): void {
    const { leaf } = this;
    if (leaf !== undefined) {
      this.leaf = undefined;
      this.give(leaf.slot, this.leafValue(leaf));
      return;
    }
    const frame = this.frames[--this.depth] as Frame;
    const { shape } = frame;
    if (shape !== undefined) {
      this.checkRequired(shape, frame);
    }
    if (frame.role === 'property') {
      this.told.add(frame.name, frame.value);
      return;
    }
    if (frame.role === 'content') {
      this.listener.content?.(this.told);
      return;
    }
    const value = shape === undefined ? frame.items : frame.fields;
    if (this.depth === 0) {
      this.onValue(value);
    } else {
      this.give(frame.meaning?.slot, value);
    }
  }

  private meaningOf(tag: StartTag): ElementMeaning {
    const top = this.frames[this.depth - 1] as Frame;
    const { shape, list } = top;
    const { note } = tag;
    if (note instanceof ElementMeaning && note.within === (shape ?? list) && this.strictness === 'reply') {
      return note;
    }
    const meaning =
      shape === undefined
        ? meaningInList(list as ItemsOf, tag, this.strictness)
        : meaningInObject(shape, tag, this.strictness);
    if (this.strictness === 'reply') {
      tag.note = meaning;
    } else if (shape !== undefined) {
      checkOrder(top, shape, meaning.slot as FieldSlot);
    }
    return meaning;
  }

  private push(meaning: ElementMeaning): XmlInterest {
    const { form } = meaning;
    switch (form.kind) {
      case 'text':
      case 'reference':
        this.leaf = meaning;
        this.leafText = '';
        return XmlInterest.text;
      case 'unknown':
        this.leaf = meaning;
        return XmlInterest.none;
      case 'object':
        this.pushObject(meaning, form.shape as ObjectShape, form.typeName);
        return XmlInterest.elements;
      case 'list': {
        const frame = this.pushFrame(meaning);
        frame.role = 'kept';
        frame.shape = undefined;
        frame.list = form.items;
        frame.items = [];
        return XmlInterest.elements;
      }
    }
  }

  private pushFrame(meaning: ElementMeaning): Frame {
    const frame = (this.frames[this.depth] ??= new Frame());
    this.depth++;
    frame.meaning = meaning;
    return frame;
  }

  private pushObject(meaning: ElementMeaning, shape: ObjectShape, typeName: string | undefined): void {
    const role = this.roleOf(shape);
    const frame = this.pushFrame(meaning);
    frame.role = role;
    frame.shape = shape;
    frame.seen = 0;
    for (let word = 1; word < shape.required.length; word++) {
      frame.seenMore[word] = 0;
    }
    frame.position = -1;
    if (role === 'kept') {
      frame.fields = newObject(shape, typeName);
    } else if (role === 'content') {
      this.told.clear();
    } else {
      frame.name = '';
      frame.value = undefined;
    }
  }

  private roleOf({ type }: ObjectShape): Role {
    const { contentTypes } = this.listener;
    if (contentTypes === undefined) {
      return 'kept';
    }
    if (this.depth === resultDepth) {
      return type === contentTypes.content ? 'content' : 'kept';
    }
    const isPart = this.depth === resultDepth + 1 && this.frames[resultDepth]?.role === 'content';
    return isPart && type === contentTypes.property ? 'property' : 'kept';
  }

  private leafValue({ form }: ElementMeaning): unknown {
    switch (form.kind) {
      case 'text':
        return readScalar(form.scalar, this.leafText);
      case 'reference':
        return new ManagedObjectReference(form.referenceType, this.leafText);
      default:
        return form.value;
    }
  }

  /** Puts a value where it belongs in the element around it. */
  private give(slot: FieldSlot | undefined, value: unknown): void {
    const parent = this.frames[this.depth - 1] as Frame;
    if (parent.shape === undefined) {
      parent.items.push(value);
      return;
    }
    if (slot === undefined || value === undefined) {
      return;
    }
    const { name } = slot.field;
    const isFirst = !isSeen(parent, slot);
    if (isFirst) {
      markSeen(parent, slot);
    } else if (!slot.field.array) {
      throw new SchemaError(`"${name}" given twice in ${parent.shape.type.name}`);
    }
    switch (parent.role) {
      case 'kept':
        if (!slot.field.array) {
          parent.fields[name] = value;
        } else if (isFirst) {
          parent.fields[name] = [value];
        } else {
          (parent.fields[name] as unknown[]).push(value);
        }
        if (this.depth === resultDepth) {
          this.listener.field?.(name, value);
        }
        break;
      case 'property':
        if (name === 'name') {
          parent.name = value as string;
        } else {
          parent.value = value;
        }
        break;
      case 'content':
        if (name === 'obj') {
          this.told.obj = value as ManagedObjectReference;
        } else {
          this.told.missing.push(value);
        }
        break;
    }
  }

  private checkRequired(shape: ObjectShape, frame: Frame): void {
    const { required } = shape;
    for (let word = 0; word < required.length; word++) {
      const seen = word === 0 ? frame.seen : (frame.seenMore[word] as number);
      if (((required[word] as number) & ~seen) !== 0) {
        this.refuseIncomplete(shape, frame);
      }
    }
  }

  private refuseIncomplete({ type, slots }: ObjectShape, frame: Frame): void {
    if (this.strictness === 'reply' && isA(type, MethodFault)) {
      // Half a fault still says what went wrong; who reads its fields has to check them.
      return;
    }
    const missing = slots.find((slot) => !slot.field.optional && !isSeen(frame, slot));
    throw new SchemaError(
      `Required property ${missing?.field.name ?? ''} is missing from data object of type ${type.name}`,
    );
  }
}

function checkOrder(frame: Frame, { type, slots }: ObjectShape, { field, index }: FieldSlot): void {
  if (index < frame.position || (index === frame.position && !field.array)) {
    throw new SchemaError(`Unexpected element tag "${field.name}" seen in ${type.name}`);
  }
  for (const { field: skipped } of slots.slice(frame.position + 1, Math.max(index, frame.position + 1))) {
    if (!skipped.optional) {
      throw new SchemaError(`Got "${field.name}" tag when expecting "${skipped.name}" tag while parsing ${type.name}`);
    }
  }
  frame.position = index;
}

function isSeen(frame: Frame, { word, flag }: FieldSlot): boolean {
  return ((word === 0 ? frame.seen : (frame.seenMore[word] as number)) & flag) !== 0;
}

function markSeen(frame: Frame, { word, flag }: FieldSlot): void {
  if (word === 0) {
    frame.seen |= flag;
  } else {
    frame.seenMore[word] = (frame.seenMore[word] as number) | flag;
  }
}

function newObject({ lists }: ObjectShape, typeName: string | undefined): Record<string, unknown> {
  const fields: Record<string, unknown> = typeName === undefined ? {} : { $type: typeName };
  for (let i = 0; i < lists.length; i++) {
    fields[(lists[i] as FieldSlot).field.name] = emptyList;
  }
  return fields;
}
