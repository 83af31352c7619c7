// Long enough for a machine that does other things, too.
const patienceMs = 30_000;
const pollMs = 10;

/**
 * Waits until something is so, however long the faults on the way make it.
 *
 * @throws Error after half a minute, or `limitMs`
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = patienceMs,
): Promise<void> {
  const endsAt = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > endsAt) {
      throw new Error(`In vain: ${what}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
