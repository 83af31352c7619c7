const offset = 0xcbf2_9ce4_8422_2325n;
const prime = 0x100_0000_01b3n;

/**
 * A short text that stands for a long one when only sameness matters (FNV-1a, 64 bits). Tells texts apart that differ by
 * accident; no protection against anybody who makes them alike on purpose.
 */
export function digestOf(text: string): string {
  let hash = offset;
  for (let i = 0; i < text.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * prime);
  }
  return hash.toString(16).padStart(16, '0');
}
