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

// Enough that hardly two texts of some words are equal.
const vocabularySize = 500;

/** Makes texts of random words, each word of random letters of one script. */
export class RandomTexts {
  private readonly words: readonly string[];

  constructor(private readonly random: Random) {
    this.words = Array.from({ length: vocabularySize }, () => {
      const letters = pick(random, alphabets);
      return Array.from({ length: integerBetween(random, 2, 8) }, () => pick(random, letters)).join('');
    });
  }

  /** A text of so many words. */
  next(minWords: number, maxWords: number): string {
    let text = pick(this.random, this.words);
    for (let left = integerBetween(this.random, minWords, maxWords) - 1; left > 0; left--) {
      text += ` ${pick(this.random, this.words)}`;
    }
    return text;
  }
}
