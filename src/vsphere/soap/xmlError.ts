/** The document is not well-formed, or goes beyond a limit. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}
