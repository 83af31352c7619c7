import type { Page } from 'playwright-core';

/** How often a person did something with keyboard and mouse. */
export interface GestureCount {
  /** `Enter`, or what was clicked, in order. */
  readonly gestures: readonly string[];
  readonly enters: number;
}

/**
 * Counts what is done with keyboard and mouse in a window, from {@link start} on. It counts what arrives there, not what
 * a scenario says that it does.
 *
 * @remarks What is typed into a text field counts once, however long it is. A click that is repeated on the same thing
 * counts once, too: a menu ignores those that come in its first moment, which no person is quick enough to notice.
 */
export class Gestures {
  constructor(private readonly page: Page) {}

  /** Begins to count, from none. */
  async start(): Promise<void> {
    await this.page.evaluate(startCounting);
  }

  /** What there was since {@link start}. */
  async read(): Promise<GestureCount> {
    const gestures = await this.page.evaluate<readonly string[]>('window.countedGestures');
    return { gestures, enters: gestures.filter((gesture) => gesture === 'Enter').length };
  }
}

// Runs in the page.
const startCounting = `(() => {
  const modifiers = ['Shift', 'Control', 'Alt', 'Meta'];
  const isFirst = window.countedGestures === undefined;
  window.countedGestures = [];
  if (!isFirst) {
    return;
  }
  const note = (gesture, isSame) => {
    if (!isSame || window.countedGestures.at(-1) !== gesture) {
      window.countedGestures.push(gesture);
    }
  };
  let lastTarget;
  window.addEventListener('keydown', ({ key }) => {
    lastTarget = undefined;
    if (!modifiers.includes(key)) {
      note(key.length === 1 ? 'typing' : key, key.length === 1);
    }
  }, true);
  // A text that comes at once comes without keys.
  window.addEventListener('input', () => note('typing', true), true);
  window.addEventListener('pointerdown', ({ target, button }) => {
    const name = target.innerText?.trim() || target.closest?.('[aria-label]')?.getAttribute('aria-label');
    note((button === 2 ? 'right click on ' : 'click on ') + name, target === lastTarget);
    lastTarget = target;
  }, true);
})()`;
