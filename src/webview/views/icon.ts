import { html, type TemplateResult } from 'lit/html.js';

/** An icon of the editor's set. It never says anything that is not also said in words. */
export function icon(name: string, extraClass = ''): TemplateResult {
  return html`<span class="codicon codicon-${name} ${extraClass}" aria-hidden="true"></span>`;
}
