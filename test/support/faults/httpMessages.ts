/** One HTTP message as it came over the wire. */
export interface HttpMessage {
  /** Everything, to the byte: start line, header, body with its framing. */
  readonly raw: Buffer;
  /** How many bytes of it are start line and header, with the empty line that ends them. */
  readonly headBytes: number;
  /** Start line and header as text. */
  readonly head: string;
}

const headEnd = Buffer.from('\r\n\r\n');

/**
 * Splits what comes over a connection into HTTP/1.1 messages with a `Content-Length`, in chunks, or without a body.
 *
 * @remarks For both directions between our client and servers of tests; not for everything that HTTP allows.
 */
export class HttpMessages {
  private pending = Buffer.alloc(0);

  /** Takes what has come; gives the messages that are complete with it. @throws Error for what it does not understand */
  take(chunk: Buffer): readonly HttpMessage[] {
    this.pending = Buffer.concat([this.pending, chunk]);
    const messages: HttpMessage[] = [];
    for (;;) {
      const message = this.next();
      if (message === undefined) {
        return messages;
      }
      messages.push(message);
    }
  }

  /** How many bytes wait for the rest of their message. */
  get pendingBytes(): number {
    return this.pending.length;
  }

  private next(): HttpMessage | undefined {
    const at = this.pending.indexOf(headEnd);
    if (at < 0) {
      return undefined;
    }
    const headBytes = at + headEnd.length;
    const head = this.pending.subarray(0, headBytes).toString('latin1');
    const end = this.bodyEnd(head, headBytes);
    if (end === undefined) {
      return undefined;
    }
    const raw = Buffer.from(this.pending.subarray(0, end));
    this.pending = this.pending.subarray(end);
    return { raw, headBytes, head };
  }

  /** Where the message ends; undefined while that has not come. */
  private bodyEnd(head: string, headBytes: number): number | undefined {
    if (/^transfer-encoding:\s*chunked\s*$/im.test(head)) {
      return this.chunksEnd(headBytes);
    }
    const length = Number(/^content-length:\s*(\d+)\s*$/im.exec(head)?.[1] ?? 0);
    const end = headBytes + length;
    return this.pending.length < end ? undefined : end;
  }

  private chunksEnd(from: number): number | undefined {
    for (let at = from; ;) {
      const lineEnd = this.pending.indexOf('\r\n', at);
      if (lineEnd < 0) {
        return undefined;
      }
      const size = Number.parseInt(this.pending.subarray(at, lineEnd).toString('latin1'), 16);
      if (Number.isNaN(size)) {
        throw new Error('A chunk without a size.');
      }
      const next = lineEnd + 2 + size + 2;
      if (this.pending.length < next) {
        return undefined;
      }
      if (size === 0) {
        return next;
      }
      at = next;
    }
  }
}
