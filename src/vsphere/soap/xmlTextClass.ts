import { codes } from './xmlCodes';

// What a byte of text means.
export const plain = 0;
export const lessThan = 1;
const ampersand = 2;
export const greaterThan = 3;
const carriageReturn = 4;
const notAscii = 5;
export const illegal = 6;

/** By byte. */
export const textClass = new Uint8Array(256);
textClass.fill(illegal, 0, codes.blank);
textClass.fill(notAscii, 0x80, 0x100);
textClass[codes.tab] = textClass[codes.lineFeed] = plain;
textClass[codes.carriageReturn] = carriageReturn;
textClass[codes.ampersand] = ampersand;
textClass[codes.lt] = lessThan;
textClass[codes.gt] = greaterThan;
