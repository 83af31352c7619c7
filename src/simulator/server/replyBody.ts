/** The text of a reply. A long one is made piece by piece while it is sent. */
export interface ReplyBody {
  /** All of it, or its beginning. */
  readonly first: string;
  /** What follows, if anything does; can be gone through once. */
  readonly rest: Iterable<string> | undefined;
}

/** Makes the beginning at once, so that what is wrong with a short reply shows before any of it is sent. */
export function replyBody(chunks: Iterator<string>): ReplyBody {
  const first = chunks.next();
  const second = first.done === true ? first : chunks.next();
  return {
    first: first.done === true ? '' : first.value,
    rest: second.done === true ? undefined : following(second.value, chunks),
  };
}

function* following(next: string, chunks: Iterator<string>): Generator<string> {
  yield next;
  for (let result = chunks.next(); result.done !== true; result = chunks.next()) {
    yield result.value;
  }
}

/** All of a reply, made at once. */
export function wholeText({ first, rest }: ReplyBody): string {
  return rest === undefined ? first : [first, ...rest].join('');
}
