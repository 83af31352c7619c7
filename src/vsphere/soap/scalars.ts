import type { ScalarName } from '../vim/schema';
import { SchemaError } from './schemaError';

const plusSign = 0x2b;
const minusSign = 0x2d;
const digitZero = 0x30;
const digitNine = 0x39;

const integerRanges: Partial<Record<ScalarName, readonly [min: number, max: number]>> = {
  byte: [-128, 127],
  short: [-32_768, 32_767],
  int: [-2_147_483_648, 2_147_483_647],
  // The whole range of 64 bits; beyond 2^53 the value is rounded.
  long: [-(2 ** 63), 2 ** 63],
};

/** Gives the value that a text stands for. @throws {@link SchemaError} when it stands for none. */
export function readScalar(name: ScalarName, text: string): unknown {
  switch (name) {
    case 'string':
    case 'anyURI':
    case 'base64Binary':
      return text;
    case 'dateTime':
      return text.trim();
    case 'boolean':
      return readBoolean(text);
    case 'float':
    case 'double':
      return readDouble(text.trim());
    default:
      return readInteger(name, text.trim());
  }
}

function readBoolean(text: string): boolean {
  // As every server writes it.
  if (text === 'true') {
    return true;
  }
  if (text === 'false') {
    return false;
  }
  const trimmed = text.trim();
  if (trimmed === 'true' || trimmed === '1') {
    return true;
  }
  if (trimmed === 'false' || trimmed === '0') {
    return false;
  }
  throw new SchemaError(`"${trimmed.slice(0, 40)}" is not a boolean`);
}

function readInteger(name: ScalarName, text: string): number {
  const [min, max] = integerRanges[name] ?? [0, 0];
  const value = Number(text);
  if (!isInteger(text) || value < min || value > max) {
    throw new SchemaError(`"${text.slice(0, 40)}" is not a value of type ${name}`);
  }
  return value;
}

/** Whether a text is digits with at most a sign. */
function isInteger(text: string): boolean {
  const first = text.charCodeAt(0);
  const from = first === plusSign || first === minusSign ? 1 : 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < digitZero || code > digitNine) {
      return false;
    }
  }
  return text.length > from;
}

const specialDoubles: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['INF', Infinity],
  ['-INF', -Infinity],
]);

function readDouble(text: string): number {
  const special = specialDoubles.get(text);
  if (special !== undefined) {
    return special;
  }
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) {
    throw new SchemaError(`"${text.slice(0, 40)}" is not a number`);
  }
  return Number(text);
}
