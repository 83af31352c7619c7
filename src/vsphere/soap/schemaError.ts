/** The XML is well-formed, but it does not say what the schema says it must. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}
