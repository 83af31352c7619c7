import { ObjectShape } from './objectShape';

// A small language in which the slice of vim25 that this product speaks is written down once: names, order, types and
// optionality of every field. The TypeScript types are inferred from it, the codec reads and writes by it, and the
// embedded vCenter checks requests against it. Order matters: real servers refuse elements out of order, and inherited
// fields come before own ones.

/** The XML Schema types that vim25 uses. */
export type ScalarName =
  | 'string'
  | 'boolean'
  | 'byte'
  | 'short'
  | 'int'
  | 'long'
  | 'float'
  | 'double'
  | 'dateTime'
  | 'anyURI'
  | 'base64Binary';

declare const valueOf: unique symbol;

interface Typed<T> {
  /** Never set; carries the type of a value to the compiler. */
  readonly [valueOf]?: T;
}

export interface ScalarType<T = unknown> extends Typed<T> {
  readonly kind: 'scalar';
  readonly name: ScalarName;
}

export interface EnumType<T extends string = string> extends Typed<T> {
  readonly kind: 'enum';
  readonly name: string;
  readonly values: readonly T[];
}

export interface ReferenceType extends Typed<ManagedObjectReference> {
  readonly kind: 'reference';
}

export interface AnyType extends Typed<unknown> {
  readonly kind: 'any';
}

/** A data object: a value with named fields. */
export interface ObjectType<T extends object = object> extends Typed<T> {
  readonly kind: 'object';
  readonly name: string;
  readonly base: ObjectType | undefined;
  /** All fields in wire order, inherited ones first. */
  fields(): readonly Field[];
  field(name: string): Field | undefined;
  shape(): ObjectShape;
}

export type VimType = ScalarType | EnumType | ReferenceType | AnyType | ObjectType;

export interface Field {
  readonly name: string;
  readonly type: VimType;
  readonly optional: boolean;
  readonly array: boolean;
  /** First API version that knows it, when that is later than 6.5. */
  readonly since: string | undefined;
}

/** A field before it has a name. */
export interface FieldSpec<T = unknown, Required extends boolean = boolean> extends Typed<T> {
  readonly type: () => VimType;
  readonly optional: boolean;
  readonly array: boolean;
  readonly since?: string;
  readonly required?: Required;
}

type FieldSpecs = Readonly<Record<string, FieldSpec | VimType>>;
type ValueOf<S> = S extends Typed<infer T> ? T : never;
type OptionalKeys<F> = { [K in keyof F]: F[K] extends FieldSpec<unknown, false> ? K : never }[keyof F];

type FieldValues<F> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: ValueOf<F[K]>;
} & {
  readonly [K in OptionalKeys<F>]?: ValueOf<F[K]> | undefined;
};

/** What every data object may carry: the name of its type where that is a subtype of what its place declares. */
export interface DynamicType {
  readonly $type?: string;
}

/** The TypeScript type of a schema entry's values. */
export type TypeOf<S> = ValueOf<S>;

/** A reference to an object that lives on the server. */
export class ManagedObjectReference {
  constructor(
    readonly type: string,
    readonly value: string,
  ) {}

  /** Identity as one text, unique within a server. */
  get key(): string {
    return `${this.type}:${this.value}`;
  }

  /** The inverse of {@link key}. */
  static fromKey(key: string): ManagedObjectReference {
    const colon = key.indexOf(':');
    return new ManagedObjectReference(key.slice(0, colon), key.slice(colon + 1));
  }
}

function scalar<T>(name: ScalarName): ScalarType<T> {
  return { kind: 'scalar', name };
}

export const xsdString = scalar<string>('string');
export const xsdBoolean = scalar<boolean>('boolean');
export const xsdShort = scalar<number>('short');
export const xsdInt = scalar<number>('int');
/** 64 bits on the wire; exact here up to 2^53, which file sizes never reach. */
export const xsdLong = scalar<number>('long');
/** Kept as it was written. */
export const xsdDateTime = scalar<string>('dateTime');
export const reference: ReferenceType = { kind: 'reference' };
export const anyType: AnyType = { kind: 'any' };

/** An enumeration. Servers add members with every release, so any text may arrive. */
export function enumeration<const T extends string>(name: string, ...values: T[]): EnumType<T | (string & {})> {
  return { kind: 'enum', name, values };
}

/** 0 or 1. */
export function opt<S extends VimType>(type: S | (() => S), since?: string): FieldSpec<ValueOf<S>, false> {
  return { type: thunk(type), optional: true, array: false, ...(since !== undefined && { since }) };
}

/** 0 or more; an empty list when there are none. */
export function list<S extends VimType>(type: S | (() => S), since?: string): FieldSpec<readonly ValueOf<S>[], true> {
  return { type: thunk(type), optional: true, array: true, ...(since !== undefined && { since }) };
}

/** 1 or more. */
export function list1<S extends VimType>(type: S | (() => S)): FieldSpec<readonly ValueOf<S>[], true> {
  return { type: thunk(type), optional: false, array: true };
}

/** Exactly 1, of a type that is defined further down. A plain type says the same of one that is defined already. */
export function one<S extends VimType>(type: S | (() => S)): FieldSpec<ValueOf<S>, true> {
  return { type: thunk(type), optional: false, array: false };
}

function thunk<S extends VimType>(type: S | (() => S)): () => VimType {
  return typeof type === 'function' ? type : () => type;
}

/** Declares a data object. Fields in wire order; those of `base` come first. */
export function dataObject<F extends FieldSpecs, B extends object = DynamicType>(
  name: string,
  fields: F,
  base?: ObjectType<B>,
): ObjectType<B & FieldValues<F>> {
  return declared(name, fields, base);
}

class DataObjectType implements ObjectType<never> {
  readonly kind = 'object';
  private all: readonly Field[] | undefined;
  private known: ObjectShape | undefined;

  constructor(
    readonly name: string,
    readonly base: ObjectType | undefined,
    private readonly ownFields: () => readonly Field[],
  ) {}

  fields(): readonly Field[] {
    // Resolved at first use, when every type that a field names has been defined.
    this.all ??= [...(this.base?.fields() ?? []), ...this.ownFields()];
    return this.all;
  }

  field(name: string): Field | undefined {
    return this.shape().slot(name)?.field;
  }

  shape(): ObjectShape {
    this.known ??= new ObjectShape(this);
    return this.known;
  }
}

function declared(name: string, specs: FieldSpecs, base?: ObjectType): DataObjectType {
  return new DataObjectType(name, base, () => Object.entries(specs).map(toField));
}

/** A data object of fields that exist already: what surrounds the arguments of a call, and its result. */
export function objectOf(name: string, fields: readonly Field[]): ObjectType {
  return new DataObjectType(name, undefined, () => fields);
}

function toField([name, spec]: readonly [string, FieldSpec | VimType]): Field {
  return 'kind' in spec
    ? { name, type: spec, optional: false, array: false, since: undefined }
    : { name, type: spec.type(), optional: spec.optional, array: spec.array, since: spec.since };
}

/** Whether `type` is `ancestor` or derives from it. */
export function isA(type: ObjectType, ancestor: ObjectType): boolean {
  for (let at: ObjectType | undefined = type; at !== undefined; at = at.base) {
    if (at.name === ancestor.name) {
      return true;
    }
  }
  return false;
}

/** Gives a value the name of its type, which it needs where a supertype is declared. */
export function typed<T extends object>(type: ObjectType<T>, value: T): T & { readonly $type: string } {
  return { ...value, $type: type.name };
}

/** A managed object type with its properties. */
export interface ManagedType<P extends object = object> extends Typed<P> {
  readonly name: string;
  readonly base: ManagedType | undefined;
  property(name: string): Field | undefined;
  properties(): readonly Field[];
}

/** Declares a managed object type. Properties are named as in the API reference. */
export function managedObject<F extends FieldSpecs, B extends object = object>(
  name: string,
  properties: F,
  base?: ManagedType<B>,
): ManagedType<B & FieldValues<F>> {
  const shape = declared(name, properties);
  return {
    name,
    base,
    property: (property) => shape.field(property) ?? base?.property(property),
    properties: () => [...(base?.properties() ?? []), ...shape.fields()],
  };
}

/** The type of the value at a dotted property path: `runtime.powerState`. */
export type ValueAt<T, Path extends string> = Path extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? ValueAt<NonNullable<T[Head]>, Rest>
    : never
  : Path extends keyof T
    ? NonNullable<T[Path]>
    : never;

/** Declared type of the value at a property path; undefined when the path leads nowhere or into an array. */
export function resolvePath(type: ManagedType, path: string): Field | undefined {
  const [head, ...rest] = path.split('.');
  let field = type.property(head ?? '');
  for (const name of rest) {
    if (field === undefined || field.array || field.type.kind !== 'object') {
      return undefined;
    }
    field = field.type.field(name);
  }
  return field;
}

/** A method of a managed object type: parameters in wire order, and what it returns. */
export interface MethodType<P extends object = object, R = unknown> extends Typed<readonly [P, R]> {
  readonly name: string;
  readonly on: string;
  readonly parameters: ObjectType<P>;
  readonly result: Field | undefined;
  /** First API version that knows it, when that is later than 6.5. */
  readonly since: string | undefined;
}

export const nothing: FieldSpec<undefined> = { type: () => anyType, optional: true, array: false };

/**
 * Declares a method.
 *
 * @param on - the managed object type that has it
 * @param parameters - in wire order, without `_this`
 * @param result - what `returnval` holds, {@link nothing} for none
 */
export function method<F extends FieldSpecs, S extends FieldSpec | VimType>(
  name: string,
  on: string,
  parameters: F,
  result: S,
  since?: string,
): MethodType<
  FieldValues<F>,
  S extends FieldSpec<infer T, infer Required> ? T | (Required extends true ? never : undefined) : ValueOf<S>
> {
  return {
    name,
    on,
    parameters: declared(`${name}RequestType`, parameters),
    result: (result as unknown) === nothing ? undefined : toField(['returnval', result]),
    since,
  };
}
