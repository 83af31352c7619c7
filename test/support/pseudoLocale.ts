import * as l10n from '@vscode/l10n';
import { localizedTexts } from './sourceTexts';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const strange = 'αβγδεζηθικλμνξοπρστυφχψωыΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩЫ';

/** A text as a translator from nowhere would write it: no Latin letter is left, and every place for a value. */
export function pseudo(text: string): string {
  return text.replace(/\{\d+\}|[A-Za-z]/g, (part) => (part.length > 1 ? part : strange.charAt(letters.indexOf(part))));
}

/** Has every text of the sources translated into a language that nobody speaks, until the returned function is called. */
export function speakPseudo(...folders: readonly string[]): () => void {
  const texts = localizedTexts(...folders).flatMap(({ text }) => text ?? []);
  l10n.config({ contents: Object.fromEntries(texts.map((text) => [text, pseudo(text)])) });
  return () => {
    l10n.config({ contents: {} });
  };
}
