import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Page } from '../page';
import { icon } from './icon';

/** Which VM it is, and what can be done to it as a whole. */
export function headerView(page: Page): TemplateResult {
  const { header, status, tree, preview } = page.parts;
  if (header === undefined) {
    return html`<header class="header"></header>`;
  }
  // A preview is about one thing only.
  const hasVm = header.flags.includes(';vm;') && (preview ?? null) === null;
  const hasSnapshots = (tree?.rows.length ?? 0) > 1;
  return html`<header class="header" data-vscode-context=${vmContext(page)}>
    <div class="title">
      ${icon(header.icon, 'title-icon')}
      <h1>${header.name}</h1>
      <span class="facts">${header.facts}</span>
      <span class="where">${header.where}</span>
    </div>
    ${
      hasVm && status?.kind !== 'gone'
        ? html`<div class="toolbar" role="toolbar" aria-label=${page.label('toolbarVm')}>
            <button
              id="action-take"
              class="primary"
              @click=${() => {
                page.send({ type: 'vmAct', act: 'take' });
              }}
            >
              ${icon('device-camera')} ${page.label('take')}
            </button>
            ${hasSnapshots ? vmButton(page, 'restoreLatest', 'discard') : nothing}
            ${vmButton(page, 'consolidate', 'fold')} ${hasSnapshots ? vmButton(page, 'deleteAll', 'trash') : nothing}
            <button
              id="action-refresh"
              class="icon-only"
              title=${page.label('refresh')}
              aria-label=${page.label('refresh')}
              @click=${() => {
                page.send({ type: 'vmAct', act: 'refresh' });
              }}
            >
              ${icon('refresh')}
            </button>
          </div>`
        : nothing
    }
  </header>`;
}

function vmButton(page: Page, kind: 'restoreLatest' | 'consolidate' | 'deleteAll', iconName: string): TemplateResult {
  return html`<button
    id="action-${kind}"
    class="secondary"
    @click=${() => {
      page.preview(kind);
    }}
  >
    ${icon(iconName)} ${page.label(kind)}
  </button>`;
}

function vmContext(page: Page): string {
  const { header } = page.parts;
  return JSON.stringify({
    vsphereSnapshotsPanel: header?.panel ?? '',
    vsphereSnapshotsFlags: header?.flags ?? '',
    preventDefaultContextMenuItems: true,
  });
}
