/** Something that holds resources until it is disposed. Same shape as VS Code's, so either can stand for the other. */
export interface Disposable {
  dispose(): void;
}

/** Wraps a function as a {@link Disposable} that runs it once, however often it is disposed. */
export function toDisposable(release: () => void): Disposable {
  let released = false;
  return {
    dispose: () => {
      if (!released) {
        released = true;
        release();
      }
    },
  };
}

/**
 * Owns disposables and releases them in reverse order of their arrival.
 *
 * @remarks Something added after the store was disposed is disposed at once: that closes the leak of code that awaits,
 * is disposed meanwhile and then registers what it created. Every member is disposed even when one of them throws; the
 * first error is thrown at the end.
 */
export class DisposableStore implements Disposable {
  private readonly items: Disposable[] = [];
  private disposed = false;

  get isDisposed(): boolean {
    return this.disposed;
  }

  add<T extends Disposable>(item: T): T {
    if (this.disposed) {
      item.dispose();
    } else {
      this.items.push(item);
    }
    return item;
  }

  dispose(): void {
    if (this.disposed) {
      return;
    }
    this.disposed = true;
    const errors: unknown[] = [];
    for (const item of this.items.splice(0).reverse()) {
      try {
        item.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) {
      throw errors[0];
    }
  }
}
