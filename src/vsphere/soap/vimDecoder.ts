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

interface ObjectFrame {
  readonly kind: 'object';
  readonly type: ObjectType;
  readonly target: Record<string, unknown>;
  /** Index of the field seen last, for the order of a request. */
  position: number;
}

interface ArrayFrame {
  readonly kind: 'array';
  readonly itemType: VimType;
  readonly items: unknown[];
}

interface LeafFrame {
  readonly kind: 'leaf';
  readonly type: ScalarType | EnumType;
  text: string;
}

interface ReferenceFrame {
  readonly kind: 'reference';
  readonly referenceType: string;
  text: string;
}

/** Content that nobody here knows. */
interface SkippedFrame {
  readonly kind: 'skipped';
  readonly value: unknown;
}

type Frame = ObjectFrame | ArrayFrame | LeafFrame | ReferenceFrame | SkippedFrame;

const emptyList: readonly never[] = Object.freeze([]);

/**
 * Turns the content of one element into a value of the schema. Drives itself by the schema, never by the shape of what
 * arrives: one item of a list is still a list, and a name that looks like a number stays text.
 */
export class VimDecoder implements XmlSink {
  private readonly frames: Frame[] = [];
  private readonly fields: (Field | undefined)[] = [];

  /**
   * @param onValue - called when the element with which {@link begin} started has ended
   */
  constructor(
    private readonly strictness: Strictness,
    private readonly onValue: (value: unknown) => void,
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
    const top = this.frames[this.frames.length - 1];
    switch (top?.kind) {
      case 'object':
        return this.openField(top, uri, local, attributes, scope);
      case 'array':
        return this.push(undefined, top.itemType, attributes, scope);
      case 'skipped':
        return this.skip(undefined, undefined);
      case 'leaf':
      case 'reference':
        throw new SchemaError(`element "${local}" where text belongs`);
      case undefined:
        throw new SchemaError(`element "${local}" after the value`);
    }
  }

  text(text: string): void {
    const top = this.frames[this.frames.length - 1];
    if (top?.kind === 'leaf' || top?.kind === 'reference') {
      top.text += text;
    }
  }

  close(): void {
    const frame = this.frames.pop() as Frame;
    const field = this.fields.pop();
    const value = this.finish(frame);
    const parent = this.frames[this.frames.length - 1];
    if (parent === undefined) {
      this.onValue(value);
    } else if (parent.kind === 'array') {
      parent.items.push(value);
    } else if (parent.kind === 'object' && field !== undefined) {
      this.assign(parent, field, value);
    }
  }

  private openField(
    frame: ObjectFrame,
    uri: string,
    local: string,
    attributes: XmlAttributes,
    scope: XmlScope,
  ): boolean {
    const field = uri === vimUri ? frame.type.field(local) : undefined;
    if (field === undefined) {
      if (this.strictness === 'request') {
        throw new SchemaError(`Unexpected element tag "${local}" seen in ${frame.type.name}`);
      }
      return this.skip(undefined, undefined);
    }
    if (this.strictness === 'request') {
      this.checkOrder(frame, field);
    }
    return this.push(field, field.type, attributes, scope);
  }

  private checkOrder(frame: ObjectFrame, field: Field): void {
    const fields = frame.type.fields();
    const index = fields.indexOf(field);
    if (index < frame.position || (index === frame.position && !field.array)) {
      throw new SchemaError(`Unexpected element tag "${field.name}" seen in ${frame.type.name}`);
    }
    for (let i = frame.position + 1; i < index; i++) {
      const skipped = fields[i] as Field;
      if (!skipped.optional) {
        throw new SchemaError(
          `Got "${field.name}" tag when expecting "${skipped.name}" tag while parsing ${frame.type.name}`,
        );
      }
    }
    frame.position = index;
  }

  private push(field: Field | undefined, declared: VimType, attributes: XmlAttributes, scope: XmlScope): boolean {
    const dynamic = dynamicTypeName(attributes, scope);
    switch (declared.kind) {
      case 'scalar':
      case 'enum':
        return this.pushLeaf(field, declared);
      case 'reference':
        return this.pushReference(field, attributes);
      case 'object':
        return this.pushObject(field, declared, dynamic?.local);
      case 'any':
        return this.pushAny(field, dynamic, attributes);
    }
  }

  private pushLeaf(field: Field | undefined, type: ScalarType | EnumType): boolean {
    this.frames.push({ kind: 'leaf', type, text: '' });
    this.fields.push(field);
    return true;
  }

  private pushReference(field: Field | undefined, attributes: XmlAttributes): boolean {
    // Beside xsi:type there is a plain attribute of the same local name: the managed object's type.
    const type = attributes.find((attribute) => attribute.uri === '' && attribute.local === 'type')?.value;
    if (type === undefined && this.strictness === 'request') {
      throw new SchemaError('a managed object reference without a type');
    }
    this.frames.push({ kind: 'reference', referenceType: type ?? '', text: '' });
    this.fields.push(field);
    return true;
  }

  private pushObject(field: Field | undefined, declared: ObjectType, typeName: string | undefined): boolean {
    const target: Record<string, unknown> = {};
    const type = this.actualType(declared, typeName);
    if (typeName !== undefined) {
      target['$type'] = typeName;
    }
    for (const each of type.fields()) {
      if (each.array) {
        target[each.name] = emptyList;
      }
    }
    this.frames.push({ kind: 'object', type, target, position: -1 });
    this.fields.push(field);
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

  private pushAny(field: Field | undefined, dynamic: TypeName | undefined, attributes: XmlAttributes): boolean {
    const type = dynamic === undefined ? undefined : typeOfAny(dynamic);
    if (dynamic === undefined || type === undefined) {
      if (this.strictness === 'request') {
        throw new SchemaError(`unknown type "${dynamic?.local ?? ''}"`);
      }
      return this.skip(field, dynamic === undefined ? undefined : { $type: dynamic.local });
    }
    if ('itemType' in type) {
      this.frames.push({ kind: 'array', itemType: type.itemType, items: [] });
      this.fields.push(field);
      return false;
    }
    switch (type.kind) {
      case 'scalar':
      case 'enum':
        return this.pushLeaf(field, type);
      case 'reference':
        return this.pushReference(field, attributes);
      case 'object':
        return this.pushObject(field, type, dynamic.local);
      case 'any':
        return this.skip(field, undefined);
    }
  }

  private skip(field: Field | undefined, value: unknown): boolean {
    this.frames.push({ kind: 'skipped', value });
    this.fields.push(field);
    return false;
  }

  private finish(frame: Frame): unknown {
    switch (frame.kind) {
      case 'leaf':
        return frame.type.kind === 'enum' ? frame.text : parseScalar(frame.type.name, frame.text);
      case 'reference':
        return new ManagedObjectReference(frame.referenceType, frame.text);
      case 'array':
        return frame.items;
      case 'skipped':
        return frame.value;
      case 'object':
        this.checkRequired(frame);
        return frame.target;
    }
  }

  private checkRequired({ type, target }: ObjectFrame): void {
    if (this.strictness === 'reply' && isA(type, MethodFault)) {
      // Half a fault still says what went wrong; who reads its fields has to check them.
      return;
    }
    for (const field of type.fields()) {
      if (!field.optional && (target[field.name] === undefined || target[field.name] === emptyList)) {
        throw new SchemaError(`Required property ${field.name} is missing from data object of type ${type.name}`);
      }
    }
  }

  private assign({ target, type }: ObjectFrame, field: Field, value: unknown): void {
    if (field.array) {
      if (target[field.name] === emptyList) {
        target[field.name] = [value];
      } else {
        (target[field.name] as unknown[]).push(value);
      }
    } else if (target[field.name] === undefined) {
      target[field.name] = value;
    } else {
      throw new SchemaError(`"${field.name}" given twice in ${type.name}`);
    }
  }
}

interface TypeName {
  readonly uri: string;
  readonly local: string;
}

function dynamicTypeName(attributes: XmlAttributes, scope: XmlScope): TypeName | undefined {
  const attribute = attributes.find(({ uri, local }) => uri === xsiUri && local === 'type');
  if (attribute === undefined) {
    return undefined;
  }
  const name = attribute.value.trim();
  const colon = name.indexOf(':');
  if (colon < 0) {
    return { uri: vimUri, local: name };
  }
  const prefix = name.slice(0, colon);
  // govmomi writes "xsd:string" without declaring the prefix, and every server takes it.
  const uri = prefix === 'xsd' ? (scope.findPrefixUri(prefix) ?? xsdUri) : scope.prefixUri(prefix);
  return { uri, local: name.slice(colon + 1) };
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

function typeOfAny({ uri, local }: TypeName): VimType | { readonly itemType: VimType } | undefined {
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
