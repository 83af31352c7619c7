export interface XmlLimits {
  readonly maxDepth: number;
  /** Bytes of one start tag with its attributes, or of one processing instruction. */
  readonly maxTagBytes: number;
  /** Bytes of text directly inside one element. */
  readonly maxTextBytes: number;
}

export const defaultXmlLimits: XmlLimits = {
  // 32 snapshots deep need about 45; nothing honest comes near.
  maxDepth: 512,
  maxTagBytes: 16_384,
  maxTextBytes: 16_777_216,
};
