import { integerBetween, pick, type Random } from './random';

// From each script some letters that are written with two bytes, with three and with four; and what XML must escape.
const alphabets: readonly (readonly string[])[] = [
  'abcdefghijklmnopqrstuvwxyz0123456789',
  'äöüßéèêàçñåøæ',
  'абвгдежзиклмнопрст',
  'αβγδεζηθικλμνξοπρσ',
  '備份更新前後測試安全版本',
  'スナップショット前後',
  '스냅샷백업전후',
  '&<>"\'%/\\',
  '📸🚀💾🧪',
].map((letters) => [...letters]);

/** So many words of random letters, each in one script. */
export function randomText(random: Random, minWords: number, maxWords: number): string {
  const words = Array.from({ length: integerBetween(random, minWords, maxWords) }, () => {
    const letters = pick(random, alphabets);
    return Array.from({ length: integerBetween(random, 2, 8) }, () => pick(random, letters)).join('');
  });
  return words.join(' ');
}
