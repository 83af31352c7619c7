import * as z from 'zod/mini';

/** A message that was understood, or why it was not. The reason names places and never repeats what was sent. */
export type Reading<T> = { readonly message: T } | { readonly refused: string };

// Enough to find out what is wrong, whoever sends what.
const maxReasons = 3;
const maxReason = 200;

/** Reads what the other side has sent. Never throws, whatever it is. */
export function readMessage<T>(schema: z.ZodMiniType<T>, sent: unknown): Reading<T> {
  try {
    const result = z.safeParse(schema, sent);
    if (result.success) {
      return { message: result.data };
    }
    const reasons = result.error.issues
      .slice(0, maxReasons)
      .map(({ code, path }) => `${path.map(String).join('.').slice(0, maxReason)}: ${code}`);
    return { refused: reasons.join('; ') };
  } catch {
    // A getter that throws, or a circle: nothing that was sent over a real channel.
    return { refused: 'unreadable' };
  }
}
