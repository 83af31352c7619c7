import { findType } from '../vim/registry';
import { type Field, ManagedObjectReference, type ObjectType, type VimType } from '../vim/schema';

/** A value does not fit the schema or cannot be written as XML. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
}

// XML 1.0 has no way to write these, not even as a character reference; lone surrogates are among them.
const unwritable = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Whether XML can carry the text. Servers refuse a request that holds anything else. */
export function isWritable(text: string): boolean {
  return !unwritable.test(text);
}

// Most text of a reply is this plain, and one look at it is enough.
const plain = /^[ -%'-;=?-~]*$/;
const needsEscape = /[&<>\r]/;
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
const attributeEscapes: Readonly<Record<string, string>> = {
  ...escapes,
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
};

export function escapeText(text: string): string {
  if (plain.test(text)) {
    return text;
  }
  if (!isWritable(text)) {
    throw new EncodeError('the text holds a character that XML cannot carry');
  }
  return needsEscape.test(text) ? text.replace(/[&<>\r]/g, (character) => escapes[character] as string) : text;
}

export function escapeAttribute(text: string): string {
  if (!isWritable(text)) {
    throw new EncodeError('the text holds a character that XML cannot carry');
  }
  return text.replace(/[&<>\r"\t\n]/g, (character) => attributeEscapes[character] as string);
}

/**
 * Writes values of the schema as XML, fields in the schema's order.
 *
 * @remarks Expects the prefixes `xsi` and `xsd` and the default namespace `urn:vim25` to be declared around it.
 */
export class VimEncoder {
  private readonly parts: string[] = [];

  toString(): string {
    return this.parts.join('');
  }

  /** Gives what has been written so far and forgets it. */
  protected take(): string {
    const text = this.parts.join('');
    this.parts.length = 0;
    return text;
  }

  raw(xml: string): void {
    this.parts.push(xml);
  }

  /** All fields of a data object, without an element around them. */
  fields(type: ObjectType, value: object): void {
    const values = value as Readonly<Record<string, unknown>>;
    for (const field of type.fields()) {
      this.field(field, values[field.name], type.name);
    }
  }

  /** One field: nothing, one element, or one for each item of a list. */
  field(field: Field, value: unknown, ofType: string): void {
    if (field.array) {
      const items = (value ?? []) as readonly unknown[];
      if (items.length === 0 && !field.optional) {
        throw new EncodeError(`${ofType}.${field.name} needs at least one item`);
      }
      for (const item of items) {
        this.element(field.name, field.type, item);
      }
    } else if (value !== undefined) {
      this.element(field.name, field.type, value);
    } else if (!field.optional) {
      throw new EncodeError(`${ofType}.${field.name} is missing`);
    }
  }

  /** One element of a declared type. */
  element(name: string, type: VimType, value: unknown): void {
    switch (type.kind) {
      case 'scalar':
      case 'enum':
        this.parts.push(`<${name}>${escapeText(String(value))}</${name}>`);
        return;
      case 'reference':
        this.reference(name, value as ManagedObjectReference, '');
        return;
      case 'object':
        this.object(name, type, value as object, false);
        return;
      case 'any':
        this.any(name, value);
        return;
    }
  }

  /** One element of type anyType whose value has the declared type of `field`. */
  anyOf(name: string, field: Field, value: unknown): void {
    if (!field.array) {
      this.anyOfType(name, field.type, value);
      return;
    }
    const itemName = typeName(field.type);
    this.parts.push(`<${name} xsi:type="ArrayOf${itemName.charAt(0).toUpperCase()}${itemName.slice(1)}">`);
    for (const item of value as readonly unknown[]) {
      this.anyOfType(itemName, field.type, item);
    }
    this.parts.push(`</${name}>`);
  }

  private anyOfType(name: string, type: VimType, value: unknown): void {
    switch (type.kind) {
      case 'scalar':
        this.parts.push(`<${name} xsi:type="xsd:${type.name}">${escapeText(String(value))}</${name}>`);
        return;
      case 'enum':
        this.parts.push(`<${name} xsi:type="${type.name}">${escapeText(String(value))}</${name}>`);
        return;
      case 'reference':
        this.reference(name, value as ManagedObjectReference, ' xsi:type="ManagedObjectReference"');
        return;
      case 'object':
        this.object(name, type, value as object, true);
        return;
      case 'any':
        this.any(name, value);
        return;
    }
  }

  /** A value whose type only the value itself tells. */
  private any(name: string, value: unknown): void {
    if (Array.isArray(value)) {
      const items = value as readonly unknown[];
      const itemName = items[0] === undefined ? 'AnyType' : capitalize(nameOfValue(items[0]));
      this.parts.push(`<${name} xsi:type="ArrayOf${itemName}">`);
      for (const item of items) {
        this.any(nameOfValue(item), item);
      }
      this.parts.push(`</${name}>`);
    } else if (value instanceof ManagedObjectReference) {
      this.reference(name, value, ' xsi:type="ManagedObjectReference"');
    } else if (typeof value === 'object' && value !== null) {
      const type = findType(nameOfValue(value));
      if (type?.kind !== 'object') {
        throw new EncodeError(`"${name}" has a value of an unknown type`);
      }
      this.object(name, type, value, true);
    } else {
      const text = escapeText(String(value));
      this.parts.push(`<${name} xsi:type="xsd:${nameOfValue(value)}">${text}</${name}>`);
    }
  }

  private reference(name: string, value: ManagedObjectReference, attributes: string): void {
    const type = escapeAttribute(value.type);
    this.parts.push(`<${name} type="${type}"${attributes}>${escapeText(value.value)}</${name}>`);
  }

  private object(name: string, declared: ObjectType, value: object, alwaysTyped: boolean): void {
    const dynamic = (value as { readonly $type?: string }).$type;
    const found = dynamic === undefined || dynamic === declared.name ? declared : findType(dynamic);
    if (found?.kind !== 'object') {
      throw new EncodeError(`"${name}" has the unknown type "${dynamic ?? ''}"`);
    }
    this.parts.push(alwaysTyped || dynamic !== undefined ? `<${name} xsi:type="${found.name}">` : `<${name}>`);
    this.fields(found, value);
    this.parts.push(`</${name}>`);
  }
}

function typeName(type: VimType): string {
  return type.kind === 'reference' ? 'ManagedObjectReference' : type.kind === 'any' ? 'anyType' : type.name;
}

function nameOfValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'number':
      return Number.isInteger(value) ? (Math.abs(value) < 2 ** 31 ? 'int' : 'long') : 'double';
    default:
      if (value instanceof ManagedObjectReference) {
        return 'ManagedObjectReference';
      }
      return (value as { readonly $type?: string } | null)?.$type ?? '';
  }
}

function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
