/** Bytes that mean something in XML. */
export const codes = {
  tab: 0x09,
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
  blank: 0x20,
  bang: 0x21,
  quote: 0x22,
  ampersand: 0x26,
  apostrophe: 0x27,
  dash: 0x2d,
  slash: 0x2f,
  semicolon: 0x3b,
  lt: 0x3c,
  gt: 0x3e,
  question: 0x3f,
  closingBracket: 0x5d,
} as const;
