// Ids that a server gives anew for each session and that later calls of the job have to name.
const placeholders: ReadonlyMap<string, string> = new Map([
  ['CreateContainerView', '{view}'],
  ['CreatePropertyCollector', '{collector}'],
]);
const tokenPlaceholder = '{token}';

// Far more than stands before a token.
const headBytes = 2_048;

/** Replaces in a recorded call what belongs to the session in which it was recorded. */
export function generalize(
  requests: readonly { readonly method: string; readonly body: string }[],
  replies: readonly { readonly method: string; readonly head: string }[],
): string[] {
  const ids = new Map<string, string>();
  for (const { method, head } of replies) {
    const placeholder = placeholders.get(method);
    const value = /<returnval[^>]*>([^<]*)</.exec(head)?.[1];
    if (placeholder !== undefined && value !== undefined && value !== '') {
      ids.set(value, placeholder);
    }
  }
  return requests.map(({ method, body }) => {
    let general = body;
    for (const [value, placeholder] of ids) {
      general = general.replaceAll(`>${value}<`, `>${placeholder}<`);
    }
    return method === 'ContinueRetrievePropertiesEx'
      ? general.replace(/<token>[^<]*<\/token>/, `<token>${tokenPlaceholder}</token>`)
      : general;
  });
}

/** Finds those ids in the replies of the present session. */
export class TokenFinder {
  private readonly values = new Map<string, string>();
  private method = '';
  private head = '';

  begin(method: string): void {
    this.method = method;
    this.head = '';
  }

  look(chunk: Buffer): void {
    if (this.head.length < headBytes) {
      this.head += chunk.toString('latin1', 0, headBytes);
      this.note();
    }
  }

  /** Whether the token of the present reply has been seen. */
  get hasToken(): boolean {
    return /<token>[^<]*</.test(this.head);
  }

  fill(body: string): string {
    let filled = body;
    for (const [placeholder, value] of this.values) {
      filled = filled.replaceAll(placeholder, value);
    }
    return filled;
  }

  private note(): void {
    const placeholder = placeholders.get(this.method);
    const value = /<returnval[^>]*>([^<]*)</.exec(this.head)?.[1];
    if (placeholder !== undefined && value !== undefined) {
      this.values.set(placeholder, value);
    }
    const token = /<token>([^<]*)</.exec(this.head)?.[1];
    if (token !== undefined) {
      this.values.set(tokenPlaceholder, token);
    }
  }
}
