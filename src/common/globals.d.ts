// The few globals that both Node and browsers have and that pure code may use. The pure projects list neither "node"
// nor "dom" in their types, so that anything else from those worlds is a compile error there.

declare function setTimeout(callback: () => void, delayMs: number): unknown;
declare function clearTimeout(handle: unknown): void;

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(encoding: 'utf-8', options?: { readonly fatal?: boolean });
  /** @throws TypeError with `fatal` for bytes that are none of the encoding. */
  decode(bytes: Uint8Array): string;
}
