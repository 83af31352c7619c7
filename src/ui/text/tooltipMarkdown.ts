import type { TooltipText } from './tooltips';

/** A tooltip as Markdown in which no character of the text means anything. */
export function tooltipMarkdown({ title, paragraphs }: TooltipText): string {
  return [`**${plain(title)}**`, ...paragraphs.flatMap((paragraph) => paragraph.split('\n').map(plain))]
    .filter((block) => block !== '')
    .join('\n\n');
}

/**
 * Text as character references wherever Markdown could read it as markup: every punctuation mark of ASCII.
 *
 * @remarks VS Code's own `appendText` leaves links alone, so that an address in a snapshot's description could be
 * clicked, and makes every blank unbreakable, so that long descriptions do not wrap.
 */
function plain(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[!-/:-@[-`{-~]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
