import type { FieldSlot, ObjectShape } from '../vim/objectShape';
import { findType } from '../vim/registry';
import { isA, type ObjectType, type ScalarName, type VimType } from '../vim/schema';
import { vimUri } from './namespaces';
import { SchemaError } from './schemaError';
import { dynamicType, type ItemsOf } from './typeNames';
import type { ElementNote, StartTag } from './xmlScope';

/**
 * How much a decoder forgives.
 *
 * - `reply`: unknown elements and types are passed over, in any order, because servers grow with every release.
 * - `request`: as a real server reads: every element known, in order, and none missing.
 */
export type Strictness = 'reply' | 'request';

interface FormParts {
  readonly scalar?: ScalarName;
  readonly referenceType?: string;
  readonly shape?: ObjectShape;
  readonly typeName?: string | undefined;
  readonly items?: ItemsOf;
  readonly value?: unknown;
}

/** What a value is made of. One class for all kinds: the engine reads fields of one class fastest. */
export class ValueForm {
  /** Of a text. */
  readonly scalar: ScalarName;
  /** Of a reference: the type of the managed object. */
  readonly referenceType: string;
  /** Of an object. */
  readonly shape: ObjectShape | undefined;
  /** Of an object: what xsi:type says. */
  readonly typeName: string | undefined;
  /** Of a list. */
  readonly items: ItemsOf | undefined;
  /** What stands for content that nobody here knows. */
  readonly value: unknown;

  constructor(
    readonly kind: 'text' | 'reference' | 'object' | 'list' | 'unknown',
    { scalar = 'string', referenceType = '', shape, typeName, items, value }: FormParts,
  ) {
    this.scalar = scalar;
    this.referenceType = referenceType;
    this.shape = shape;
    this.typeName = typeName;
    this.items = items;
    this.value = value;
  }
}

/** What an element means inside of a certain type. Worked out once for each different tag. */
export class ElementMeaning implements ElementNote {
  constructor(
    readonly within: object,
    /** Undefined for an item of a list, and for what is in no field. */
    readonly slot: FieldSlot | undefined,
    readonly form: ValueForm,
  ) {}
}

const unknownContent = new ValueForm('unknown', {});

/** What a child of an object means. @throws {@link SchemaError} for a request with an element that is not known. */
export function meaningInObject(shape: ObjectShape, tag: StartTag, strictness: Strictness): ElementMeaning {
  const slot = tag.uri === vimUri ? shape.slot(tag.local) : undefined;
  if (slot === undefined && strictness === 'request') {
    throw new SchemaError(`Unexpected element tag "${tag.local}" seen in ${shape.type.name}`);
  }
  return new ElementMeaning(
    shape,
    slot,
    slot === undefined ? unknownContent : formOf(slot.field.type, tag, strictness),
  );
}

/** What an item of a list means. */
export function meaningInList(items: ItemsOf, tag: StartTag, strictness: Strictness): ElementMeaning {
  return new ElementMeaning(items, undefined, formOf(items.itemType, tag, strictness));
}

/** What the value is made of in an element whose declared type is `declared`. */
export function formOf(declared: VimType, tag: StartTag, strictness: Strictness): ValueForm {
  switch (declared.kind) {
    case 'scalar':
      return new ValueForm('text', { scalar: declared.name });
    case 'enum':
      return new ValueForm('text', {});
    case 'reference':
      return referenceForm(tag, strictness);
    case 'object':
      return objectForm(declared, dynamicType(tag)?.local, strictness);
    case 'any':
      return anyForm(tag, strictness);
  }
}

/** Beside xsi:type there is a plain attribute of the same local name: the type of a managed object. */
function referenceForm({ attributes }: StartTag, strictness: Strictness): ValueForm {
  const type = attributes.find(({ uri, local }) => uri === '' && local === 'type')?.value;
  if (type === undefined && strictness === 'request') {
    throw new SchemaError('a managed object reference without a type');
  }
  return new ValueForm('reference', { referenceType: type ?? '' });
}

function objectForm(declared: ObjectType, typeName: string | undefined, strictness: Strictness): ValueForm {
  return new ValueForm('object', { shape: actualType(declared, typeName, strictness).shape(), typeName });
}

function actualType(declared: ObjectType, typeName: string | undefined, strictness: Strictness): ObjectType {
  if (typeName === undefined || typeName === declared.name) {
    return declared;
  }
  const type = findType(typeName);
  if (type?.kind === 'object' && isA(type, declared)) {
    return type;
  }
  if (strictness === 'request') {
    throw new SchemaError(`"${typeName}" is not a ${declared.name}`);
  }
  return declared;
}

function anyForm(tag: StartTag, strictness: Strictness): ValueForm {
  const dynamic = dynamicType(tag);
  const type = dynamic?.type;
  if (dynamic === undefined || type === undefined) {
    if (strictness === 'request') {
      throw new SchemaError(`unknown type "${dynamic?.local ?? ''}"`);
    }
    return dynamic === undefined ? unknownContent : new ValueForm('unknown', { value: { $type: dynamic.local } });
  }
  if ('itemType' in type) {
    return new ValueForm('list', { items: type });
  }
  return type.kind === 'object' ? objectForm(type, dynamic.local, strictness) : formOf(type, tag, strictness);
}
