// What is measured in the page itself. These functions run there, and so each has to stand alone.

export interface PageFigures {
  /** From the arrival of the message until a key has moved the selection and that was painted. */
  readonly usableMs: number;
  /** When that message arrived, by the clock of the page. */
  readonly startedAtMs: number;
}

export interface RepaintFigures {
  readonly paintedMs: number;
  /** What was not as before: selection, focus, scroll. */
  readonly lost: readonly string[];
}

/** Brings a message into the page without giving it to it: the way there is the bench's own, and must not be in a figure. */
export function lay(message: unknown): void {
  (window as unknown as { laid: unknown }).laid = message;
}

/** Gives the page its first message, and uses it as soon as there is something to use: to the middle of it, and one row on. */
export async function openAndUse(): Promise<PageFigures> {
  const startedAtMs = performance.now();
  window.postMessage((window as unknown as { laid: unknown }).laid, '*');
  const rows = (): NodeListOf<HTMLElement> => document.querySelectorAll<HTMLElement>('#grid .row:not(.head)');
  while (rows().length === 0) {
    await new Promise(requestAnimationFrame);
  }
  const middle = rows()[Math.floor(rows().length / 2)];
  middle?.focus();
  const key = new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true });
  middle?.dispatchEvent(key);
  while (document.activeElement?.getAttribute('aria-selected') !== 'true' || document.activeElement === middle) {
    await new Promise(requestAnimationFrame);
  }
  // After the frame in which it is painted.
  await new Promise(requestAnimationFrame);
  await new Promise((resolve) => setTimeout(resolve));
  return { startedAtMs, usableMs: performance.now() - startedAtMs };
}

/**
 * Waits for the rows that were not drawn at once.
 *
 * @param count - of rows that there will be
 * @returns the time of the page, in milliseconds
 */
export async function complete(count: number): Promise<number> {
  while (document.querySelectorAll('#grid .row:not(.head)').length < count) {
    await new Promise(requestAnimationFrame);
  }
  return performance.now();
}

/** Gives the page a change of what it shows, and looks what became of where the person was. */
export async function repaint(): Promise<RepaintFigures> {
  const grid = document.querySelector<HTMLElement>('.grid-scroll');
  // Somewhere that is not where it would be by itself.
  window.scrollBy(0, 37);
  if (grid !== null) {
    grid.scrollLeft = 41;
  }
  await new Promise(requestAnimationFrame);
  const where = (): Record<string, unknown> => ({
    selection: document.querySelector('#grid [aria-selected="true"]')?.id,
    focus: document.activeElement?.id,
    scroll: grid?.scrollLeft,
    // What is above the row that the person looks at may grow: it is the row that has to stay.
    place: Math.round(document.activeElement?.getBoundingClientRect().top ?? 0),
  });
  const before = where();
  const startedAtMs = performance.now();
  window.postMessage((window as unknown as { laid: unknown }).laid, '*');
  while (!document.querySelector('#grid')?.textContent.includes('taken elsewhere')) {
    await new Promise(requestAnimationFrame);
  }
  await new Promise((resolve) => setTimeout(resolve));
  const paintedMs = performance.now() - startedAtMs;
  const after = where();
  return { paintedMs, lost: Object.keys(before).filter((name) => before[name] !== after[name]) };
}
