/** What VS Code knows when it looks at a `when` clause. Keys that are missing are undefined, as they are there. */
export type WhenContext = Readonly<Record<string, string | boolean | undefined>>;

/** A `when` clause of the manifest, read as VS Code reads it: `!`, `&&`, `||`, brackets, `==`, `!=` and `=~`. */
export interface WhenClause {
  /** Every context key that it asks for. */
  readonly keys: ReadonlySet<string>;
  /** Every regular expression in it. */
  readonly expressions: readonly RegExp[];
  matches(context: WhenContext): boolean;
}

type Test = (context: WhenContext) => boolean;

/** @throws SyntaxError for anything that it does not know, so that nothing passes by being misread. */
export function parseWhen(text: string): WhenClause {
  const parser = new WhenParser(text);
  const test = parser.parse();
  return { keys: parser.keys, expressions: parser.expressions, matches: test };
}

class WhenParser {
  readonly keys = new Set<string>();
  readonly expressions: RegExp[] = [];
  private readonly tokens: string[];
  private at = 0;

  constructor(private readonly text: string) {
    this.tokens = text.match(/&&|\|\||==|!=|=~|!|\(|\)|\/(?:[^/\\]|\\.)+\/[a-z]*|'[^']*'|[\w.:-]+|\S/g) ?? [];
  }

  parse(): Test {
    const test = this.or();
    if (this.at < this.tokens.length) {
      throw this.error();
    }
    return test;
  }

  private or(): Test {
    const tests = [this.and()];
    while (this.take('||')) {
      tests.push(this.and());
    }
    return (context) => tests.some((test) => test(context));
  }

  private and(): Test {
    const tests = [this.not()];
    while (this.take('&&')) {
      tests.push(this.not());
    }
    return (context) => tests.every((test) => test(context));
  }

  private not(): Test {
    if (this.take('!')) {
      const test = this.not();
      return (context) => !test(context);
    }
    if (this.take('(')) {
      const test = this.or();
      if (!this.take(')')) {
        throw this.error();
      }
      return test;
    }
    return this.comparison();
  }

  private comparison(): Test {
    const key = this.word();
    if (key === 'true' || key === 'false') {
      return () => key === 'true';
    }
    this.keys.add(key);
    if (this.take('==')) {
      const value = this.word();
      return (context) => String(context[key]) === value;
    }
    if (this.take('!=')) {
      const value = this.word();
      return (context) => String(context[key]) !== value;
    }
    if (this.take('=~')) {
      const expression = this.expression();
      return (context) => expression.test(String(context[key] ?? ''));
    }
    return (context) => Boolean(context[key]);
  }

  private expression(): RegExp {
    const match = /^\/(.+)\/([a-z]*)$/.exec(this.tokens[this.at++] ?? '');
    if (match?.[1] === undefined) {
      throw this.error();
    }
    const expression = new RegExp(match[1], match[2]);
    this.expressions.push(expression);
    return expression;
  }

  private word(): string {
    const token = this.tokens[this.at++] ?? '';
    if (/^'.*'$/.test(token)) {
      return token.slice(1, -1);
    }
    if (!/^[\w.:-]+$/.test(token)) {
      throw this.error();
    }
    return token;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) {
      return false;
    }
    this.at++;
    return true;
  }

  private error(): SyntaxError {
    return new SyntaxError(`cannot read the when clause: ${this.text}`);
  }
}
