import { html, type TemplateResult } from 'lit/html.js';
import type { Page } from '../page';
import type { Note } from '../protocol/toPage';
import { icon } from './icon';

/** What belongs into a decision, the worst first in the order that the extension gives. */
export function notesView(page: Page, notes: readonly Note[]): TemplateResult {
  return html`<ul class="notes">
    ${notes.map(
      ({ tone, text }) =>
        html`<li class="note note-${tone}">
          ${icon(tone)}<span><span class="spoken">${page.label(tone)}: </span>${text}</span>
        </li>`,
    )}
  </ul>`;
}
