import { type Disposable, toDisposable } from './disposable';

/** Subscribes a listener until the returned disposable is disposed. Same calling shape as VS Code's `Event`. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/**
 * The sending side of an {@link Event}.
 *
 * @remarks Listeners run synchronously, in the order of their subscription. One that throws does not keep the others
 * from hearing; its error goes to `onListenerError`, which throws by default, after all have been called.
 */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    // A wrapper, so that the same function subscribed twice is two subscriptions.
    const entry = (value: T): void => {
      listener(value);
    };
    this.listeners.add(entry);
    return toDisposable(() => this.listeners.delete(entry));
  };

  get hasListeners(): boolean {
    return this.listeners.size > 0;
  }

  fire(value: T): void {
    const errors: unknown[] = [];
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) {
      throw errors[0];
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}
