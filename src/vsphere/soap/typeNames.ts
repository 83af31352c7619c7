import { findType } from '../vim/registry';
import { anyType, reference, type ScalarName, type ScalarType, type VimType } from '../vim/schema';
import { vimUri, xsdUri, xsiUri } from './namespaces';
import type { StartTag } from './xmlScope';

/** A list that is a value by itself, with what its items are. */
export interface ItemsOf {
  readonly itemType: VimType;
}

/** What xsi:type says. */
export interface TypeName {
  readonly local: string;
  /** Undefined for one that is not known here. */
  readonly type: VimType | ItemsOf | undefined;
}

/** The type that a tag gives to its value; undefined when it gives none. */
export function dynamicType({ attributes, scope }: StartTag): TypeName | undefined {
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
