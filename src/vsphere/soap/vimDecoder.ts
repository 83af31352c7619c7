import { MethodFault } from '../vim/fault';
import { findType } from '../vim/registry';
import {
  anyType,
  type EnumType,
  type Field,
  isA,
  ManagedObjectReference,
  type ObjectType,
  reference,
  type ScalarName,
  type ScalarType,
  type VimType,
} from '../vim/schema';
import { vimUri, xsdUri, xsiUri } from './namespaces';
import type { XmlSink } from './xmlReader';
import type { XmlAttributes, XmlScope } from './xmlScope';

/** The XML is well-formed, but it does not say what the schema says it must. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/**
 * How much a decoder forgives.
 *
 * - `reply`: unknown elements and types are passed over, in any order, because servers grow with every release.
 * - `request`: as a real server reads: every element known, in order, and none missing.
 */
export type Strictness = 'reply' | 'request';

type FrameKind =
  | 'object'
  | 'array'
  | 'leaf'
  | 'reference'
  /** Content that nobody here knows. */
  | 'skipped';

/** An element that is open. Used again for the next one at its depth: a reply has hundreds of thousands. */
class Frame {
  kind: FrameKind = 'skipped';
  /** Where the value belongs in the element around it. */
  field: Field | undefined;
  /** Of an object; of an array, what its items are; of a leaf. */
  type: VimType = anyType;
  /** Of an object: its fields. Of skipped content: what stands for it. */
  value: unknown;
  items: unknown[] = [];
  /** Of a leaf or a reference. */
  text = '';
  referenceType = '';
  /** Index of the field of an object that was seen last, for the order of a request. */
  position = -1;
}

const emptyList: readonly never[] = Object.freeze([]);

/**
 * Turns the content of one element into a value of the schema. Drives itself by the schema, never by the shape of what
 * arrives: one item of a list is still a list, and a name that looks like a number stays text.
 */
export class VimDecoder implements XmlSink {
  private readonly frames: Frame[] = [];
  private depth = 0;
  /** By identity: a reader gives the same attributes for the same tag. */
  private readonly marks = new WeakMap<XmlAttributes, Marks>();

  /**
   * @param onValue - called when the element with which {@link begin} started has ended
   * @param onItem - given each item of the lists directly inside of the result, and other fields there, as soon as they
   * have been read; what it returns true for is not kept
   */
  constructor(
    private readonly strictness: Strictness,
    private readonly onValue: (value: unknown) => void,
    private readonly onItem?: ItemListener,
  ) {}

  /** Starts with an element whose declared type is `type`. */
  begin(type: VimType, attributes: XmlAttributes, scope: XmlScope): boolean {
    return this.push(undefined, type, attributes, scope);
  }

  /** Starts with an element that holds a method's arguments or a response: the fields of `type` as its children. */
  beginObject(type: ObjectType): void {
    this.pushObject(undefined, type, undefined);
  }

  open(uri: string, local: string, attributes: XmlAttributes, scope: XmlScope): boolean {
    if (this.depth === 0) {
      throw new SchemaError(`element "${local}" after the value`);
    }
    const top = this.frames[this.depth - 1] as Frame;
    switch (top.kind) {
      case 'object':
        return this.openField(top, uri, local, attributes, scope);
      case 'array':
        return this.push(undefined, top.type, attributes, scope);
      case 'skipped':
        return this.skip(undefined, undefined);
      case 'leaf':
      case 'reference':
        throw new SchemaError(`element "${local}" where text belongs`);
    }
  }

  text(text: string): void {
    const top = this.frames[this.depth - 1];
    if (top?.kind === 'leaf' || top?.kind === 'reference') {
      top.text = top.text === '' ? text : top.text + text;
    }
  }

  close(): void {
    const frame = this.frames[--this.depth] as Frame;
    const { field } = frame;
    const value = this.finish(frame);
    if (this.depth === 0) {
      this.onValue(value);
      return;
    }
    const parent = this.frames[this.depth - 1] as Frame;
    if (parent.kind === 'array') {
      parent.items.push(value);
    } else if (parent.kind === 'object' && field !== undefined) {
      if (this.depth !== resultDepth || this.onItem?.(field.name, value) !== true) {
        assign(parent, field, value);
      }
    }
  }

  private openField(frame: Frame, uri: string, local: string, attributes: XmlAttributes, scope: XmlScope): boolean {
    const type = frame.type as ObjectType;
    const field = uri === vimUri ? type.field(local) : undefined;
    if (field === undefined) {
      if (this.strictness === 'request') {
        throw new SchemaError(`Unexpected element tag "${local}" seen in ${type.name}`);
      }
      return this.skip(undefined, undefined);
    }
    if (this.strictness === 'request') {
      checkOrder(frame, type, field);
    }
    return this.push(field, field.type, attributes, scope);
  }

  private push(field: Field | undefined, declared: VimType, attributes: XmlAttributes, scope: XmlScope): boolean {
    const { dynamic, plainType } = attributes.length === 0 ? noMarks : this.marksOf(attributes, scope);
    switch (declared.kind) {
      case 'scalar':
      case 'enum':
        return this.pushLeaf(field, declared);
      case 'reference':
        return this.pushReference(field, plainType);
      case 'object':
        return this.pushObject(field, declared, dynamic?.local);
      case 'any':
        return this.pushAny(field, dynamic, plainType);
    }
  }

  private marksOf(attributes: XmlAttributes, scope: XmlScope): Marks {
    const known = this.marks.get(attributes);
    if (known !== undefined) {
      return known;
    }
    const marks = readMarks(attributes, scope);
    this.marks.set(attributes, marks);
    return marks;
  }

  private pushFrame(kind: FrameKind, field: Field | undefined, type: VimType): Frame {
    const frame = (this.frames[this.depth] ??= new Frame());
    this.depth++;
    frame.kind = kind;
    frame.field = field;
    frame.type = type;
    return frame;
  }

  private pushLeaf(field: Field | undefined, type: ScalarType | EnumType): boolean {
    this.pushFrame('leaf', field, type).text = '';
    return true;
  }

  private pushReference(field: Field | undefined, type: string | undefined): boolean {
    if (type === undefined && this.strictness === 'request') {
      throw new SchemaError('a managed object reference without a type');
    }
    const frame = this.pushFrame('reference', field, reference);
    frame.text = '';
    frame.referenceType = type ?? '';
    return true;
  }

  private pushObject(field: Field | undefined, declared: ObjectType, typeName: string | undefined): boolean {
    const type = this.actualType(declared, typeName);
    const target: Record<string, unknown> = {};
    if (typeName !== undefined) {
      target['$type'] = typeName;
    }
    for (const each of type.fields()) {
      if (each.array) {
        target[each.name] = emptyList;
      }
    }
    const frame = this.pushFrame('object', field, type);
    frame.value = target;
    frame.position = -1;
    return false;
  }

  private actualType(declared: ObjectType, typeName: string | undefined): ObjectType {
    if (typeName === undefined || typeName === declared.name) {
      return declared;
    }
    const type = findType(typeName);
    if (type?.kind === 'object' && isA(type, declared)) {
      return type;
    }
    if (this.strictness === 'request') {
      throw new SchemaError(`"${typeName}" is not a ${declared.name}`);
    }
    return declared;
  }

  private pushAny(field: Field | undefined, dynamic: TypeName | undefined, plainType: string | undefined): boolean {
    const type = dynamic?.type;
    if (dynamic === undefined || type === undefined) {
      if (this.strictness === 'request') {
        throw new SchemaError(`unknown type "${dynamic?.local ?? ''}"`);
      }
      return this.skip(field, dynamic === undefined ? undefined : { $type: dynamic.local });
    }
    if ('itemType' in type) {
      this.pushFrame('array', field, type.itemType).items = [];
      return false;
    }
    switch (type.kind) {
      case 'scalar':
      case 'enum':
        return this.pushLeaf(field, type);
      case 'reference':
        return this.pushReference(field, plainType);
      case 'object':
        return this.pushObject(field, type, dynamic.local);
      case 'any':
        return this.skip(field, undefined);
    }
  }

  private skip(field: Field | undefined, value: unknown): boolean {
    this.pushFrame('skipped', field, anyType).value = value;
    return false;
  }

  private finish(frame: Frame): unknown {
    switch (frame.kind) {
      case 'leaf':
        return frame.type.kind === 'scalar' ? parseScalar(frame.type.name, frame.text) : frame.text;
      case 'reference':
        return new ManagedObjectReference(frame.referenceType, frame.text);
      case 'array':
        return frame.items;
      case 'skipped':
        return frame.value;
      case 'object':
        this.checkRequired(frame);
        return frame.value;
    }
  }

  private checkRequired({ type, value }: Frame): void {
    const objectType = type as ObjectType;
    const target = value as Readonly<Record<string, unknown>>;
    for (const field of objectType.fields()) {
      if (!field.optional && (target[field.name] === undefined || target[field.name] === emptyList)) {
        if (this.strictness === 'reply' && isA(objectType, MethodFault)) {
          // Half a fault still says what went wrong; who reads its fields has to check them.
          return;
        }
        throw new SchemaError(`Required property ${field.name} is missing from data object of type ${objectType.name}`);
      }
    }
  }
}

/** Told of what stands directly inside of a result. */
export type ItemListener = (field: string, value: unknown) => boolean;

// The response is the first object, the result the second.
const resultDepth = 2;

function checkOrder(frame: Frame, type: ObjectType, field: Field): void {
  const fields = type.fields();
  const index = fields.indexOf(field);
  if (index < frame.position || (index === frame.position && !field.array)) {
    throw new SchemaError(`Unexpected element tag "${field.name}" seen in ${type.name}`);
  }
  for (let i = frame.position + 1; i < index; i++) {
    const skipped = fields[i] as Field;
    if (!skipped.optional) {
      throw new SchemaError(`Got "${field.name}" tag when expecting "${skipped.name}" tag while parsing ${type.name}`);
    }
  }
  frame.position = index;
}

function assign({ value: fields, type }: Frame, field: Field, value: unknown): void {
  const target = fields as Record<string, unknown>;
  const present = target[field.name];
  if (field.array) {
    if (present === emptyList) {
      target[field.name] = [value];
    } else {
      (present as unknown[]).push(value);
    }
  } else if (present === undefined) {
    target[field.name] = value;
  } else {
    throw new SchemaError(`"${field.name}" given twice in ${(type as ObjectType).name}`);
  }
}

interface TypeName {
  readonly local: string;
  /** Undefined for one that is not known here. */
  readonly type: VimType | { readonly itemType: VimType } | undefined;
}

/** What the attributes of an element say about its value. */
interface Marks {
  /** By xsi:type. */
  readonly dynamic: TypeName | undefined;
  /** Beside xsi:type there is a plain attribute of the same local name: the type of a managed object. */
  readonly plainType: string | undefined;
}

const noMarks: Marks = { dynamic: undefined, plainType: undefined };

function readMarks(attributes: XmlAttributes, scope: XmlScope): Marks {
  return {
    dynamic: dynamicTypeName(attributes, scope),
    plainType: attributes.find(({ uri, local }) => uri === '' && local === 'type')?.value,
  };
}

function dynamicTypeName(attributes: XmlAttributes, scope: XmlScope): TypeName | undefined {
  const attribute = attributes.find(({ uri, local }) => uri === xsiUri && local === 'type');
  if (attribute === undefined) {
    return undefined;
  }
  const name = attribute.value.trim();
  const colon = name.indexOf(':');
  if (colon < 0) {
    return { local: name, type: typeOfAny(vimUri, name) };
  }
  const prefix = name.slice(0, colon);
  const local = name.slice(colon + 1);
  // govmomi writes "xsd:string" without declaring the prefix, and every server takes it.
  const uri = prefix === 'xsd' ? (scope.findPrefixUri(prefix) ?? xsdUri) : scope.prefixUri(prefix);
  return { local, type: typeOfAny(uri, local) };
}

const scalarTypes: ReadonlyMap<string, ScalarType> = new Map(
  (
    [
      'string',
      'boolean',
      'byte',
      'short',
      'int',
      'long',
      'float',
      'double',
      'dateTime',
      'anyURI',
      'base64Binary',
    ] satisfies ScalarName[]
  ).map((name) => [name, { kind: 'scalar', name }]),
);

function typeOfAny(uri: string, local: string): TypeName['type'] {
  if (uri === xsdUri) {
    return scalarTypes.get(local);
  }
  const direct = namedType(local);
  if (direct !== undefined || !local.startsWith('ArrayOf')) {
    return direct;
  }
  const itemName = local.slice('ArrayOf'.length);
  const lowerCased = itemName.charAt(0).toLowerCase() + itemName.slice(1);
  const itemType =
    itemName === 'AnyType'
      ? anyType
      : (namedType(itemName) ?? scalarTypes.get(lowerCased) ?? scalarTypes.get(itemName));
  return itemType === undefined ? undefined : { itemType };
}

function namedType(name: string): VimType | undefined {
  return name === 'ManagedObjectReference' ? reference : findType(name);
}

const integerRanges: Partial<Record<ScalarName, readonly [min: number, max: number]>> = {
  byte: [-128, 127],
  short: [-32_768, 32_767],
  int: [-2_147_483_648, 2_147_483_647],
  // The whole range of 64 bits; beyond 2^53 the value is rounded.
  long: [-(2 ** 63), 2 ** 63],
};

function parseScalar(name: ScalarName, text: string): unknown {
  switch (name) {
    case 'string':
    case 'anyURI':
    case 'base64Binary':
      return text;
    case 'dateTime':
      return text.trim();
    case 'boolean':
      return parseBoolean(text.trim());
    case 'float':
    case 'double':
      return parseDouble(text.trim());
    default:
      return parseInteger(name, text.trim());
  }
}

function parseBoolean(text: string): boolean {
  if (text === 'true' || text === '1') {
    return true;
  }
  if (text === 'false' || text === '0') {
    return false;
  }
  throw new SchemaError(`"${text.slice(0, 40)}" is not a boolean`);
}

function parseInteger(name: ScalarName, text: string): number {
  const [min, max] = integerRanges[name] ?? [0, 0];
  const value = Number(text);
  if (!/^[+-]?[0-9]+$/.test(text) || value < min || value > max) {
    throw new SchemaError(`"${text.slice(0, 40)}" is not a value of type ${name}`);
  }
  return value;
}

const specialDoubles: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['INF', Infinity],
  ['-INF', -Infinity],
]);

function parseDouble(text: string): number {
  const special = specialDoubles.get(text);
  if (special !== undefined) {
    return special;
  }
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) {
    throw new SchemaError(`"${text.slice(0, 40)}" is not a number`);
  }
  return Number(text);
}
