/** Where the product says what it does. Levels as in VS Code's log channel. */
export interface Logger {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string, error?: unknown): void;
}

/** Drops everything. */
export const nullLogger: Logger = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** What stands in a log line in place of a secret. */
export const redacted = '[redacted]';

// Shapes in which a secret can reach a line of text even if its value was never registered: the password element of a
// Login request, session cookies and headers, and credentials inside a URL.
const secretShapes: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/(<(?:\w+:)?password\b[^>]*>)[\s\S]*?(<\/(?:\w+:)?password>|$)/gi, `$1${redacted}$2`],
  [/\b(vmware_soap_session|vmware-api-session-id)(["']?\s*[=:]\s*)("[^"]*"|[^\s;,]+)/gi, `$1$2${redacted}`],
  [/\b(authorization|proxy-authorization|set-cookie|cookie)(["']?\s*[:=]\s*)[^\r\n]+/gi, `$1$2${redacted}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]*@/gi, `$1${redacted}@`],
];

/**
 * Knows the secrets that are in use and takes them out of any text.
 *
 * @remarks Belongs at the sink: whatever is logged passes through it, so no caller can forget it. A secret counts in the
 * plain form and in the forms in which it travels: XML-escaped, URI-encoded and as a JSON string.
 */
export class Redactor {
  private readonly secrets = new Map<string, number>();

  /** Registers a secret until the returned function is called. Empty text is ignored: it would match everywhere. */
  protect(secret: string): () => void {
    const forms = secret === '' ? [] : [...new Set(formsOf(secret))];
    for (const form of forms) {
      this.secrets.set(form, (this.secrets.get(form) ?? 0) + 1);
    }
    let released = false;
    return () => {
      if (released) {
        return;
      }
      released = true;
      for (const form of forms) {
        const uses = (this.secrets.get(form) ?? 1) - 1;
        if (uses === 0) {
          this.secrets.delete(form);
        } else {
          this.secrets.set(form, uses);
        }
      }
    };
  }

  redact(text: string): string {
    let result = text;
    // Longest first, so that a secret which contains another one goes as a whole.
    for (const secret of [...this.secrets.keys()].sort((a, b) => b.length - a.length)) {
      result = result.split(secret).join(redacted);
    }
    for (const [pattern, replacement] of secretShapes) {
      result = result.replace(pattern, replacement);
    }
    return result;
  }
}

function formsOf(secret: string): string[] {
  const xml = secret.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return [secret, xml, encodeURIComponentSafe(secret), JSON.stringify(secret).slice(1, -1)];
}

function encodeURIComponentSafe(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // Only a lone surrogate makes it throw; such text has no URI form that could leak.
    return text;
  }
}

/** Gives a logger whose every line, error texts and stacks included, has passed `redactor`. */
export function redactingLogger(sink: Logger, redactor: Redactor): Logger {
  return {
    trace: (message) => {
      sink.trace(redactor.redact(message));
    },
    debug: (message) => {
      sink.debug(redactor.redact(message));
    },
    info: (message) => {
      sink.info(redactor.redact(message));
    },
    warn: (message) => {
      sink.warn(redactor.redact(message));
    },
    error: (message, error) => {
      const detail = error === undefined ? '' : `\n${describeErrorChain(error)}`;
      sink.error(redactor.redact(message + detail));
    },
  };
}

/** An error with its stack and all its causes, as text for a log. */
export function describeErrorChain(error: unknown): string {
  const parts: string[] = [];
  for (let current: unknown = error, depth = 0; current !== undefined && depth < 8; depth++) {
    if (current instanceof Error) {
      parts.push(current.stack ?? `${current.name}: ${current.message}`);
      current = current.cause;
    } else {
      parts.push(typeof current === 'string' ? current : JSON.stringify(current));
      current = undefined;
    }
  }
  return parts.join('\ncaused by: ');
}
