import type { Disposable } from '../common/disposable';
import { type Redactor, redacted } from '../common/logger';

/**
 * A password in memory. Until it is disposed, everything that is logged is cleaned of it.
 *
 * @remarks Its text comes out through {@link reveal} alone: printing, inspecting or serialising the object shows nothing.
 */
export class HeldPassword implements Disposable {
  #text: string;
  readonly #release: () => void;

  constructor(text: string, redactor: Redactor) {
    this.#text = text;
    this.#release = redactor.protect(text);
  }

  /** The password, for the one who sends or stores it. Empty after disposal. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  dispose(): void {
    this.#text = '';
    this.#release();
  }
}
