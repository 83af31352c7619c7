/**
 * Whether the editor has cancelled what it was asked for. It does so with everything that is still open, messages with
 * buttons above all, when a window closes: then nobody is left to be told, and nothing has failed.
 */
export function isEditorCancellation(error: unknown): boolean {
  return error instanceof Error && error.name === 'Canceled' && error.message === 'Canceled';
}
