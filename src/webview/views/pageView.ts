import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Page } from '../page';
import type { LabelName } from '../protocol/labels';
import type { PageParts } from '../protocol/toPage';
import { detailsView } from './detailsView';
import { gridView } from './gridView';
import { growthView } from './growthView';
import { headerView } from './headerView';
import { icon } from './icon';
import { notesView } from './notesView';
import { previewView } from './previewView';

/** The whole page. */
export function pageView(page: Page): TemplateResult {
  const { status } = page.parts;
  return html`${headerView(page)}
    <main class="state-${status?.kind ?? 'loading'}">${statusView(page)} ${contentView(page)}</main>`;
}

function statusView(page: Page): TemplateResult | typeof nothing {
  const { status } = page.parts;
  if (status === undefined || status.sentence === '') {
    return status === undefined ? html`<p class="quiet center">${icon('loading', 'spin')}</p>` : nothing;
  }
  const { kind, sentence, help } = status;
  const symbol = { loading: 'loading', live: 'info', stale: 'debug-disconnect', error: 'error', gone: 'info' }[kind];
  return html`<div class="note note-${noteTone(kind)} status">
    ${icon(symbol, kind === 'loading' ? 'spin' : '')}<span>${sentence}</span>
    ${help.map(
      ({ id, label }) =>
        html`<button
          id="help-${id}"
          class="secondary"
          @click=${() => {
            page.send({ type: 'help', id });
          }}
        >
          ${label}
        </button>`,
    )}
  </div>`;
}

function noteTone(kind: PageParts['status']['kind']): string {
  switch (kind) {
    case 'loading':
    case 'live':
    case 'gone':
      return 'info';
    case 'stale':
      return 'warning';
    case 'error':
      return 'error';
  }
}

function contentView(page: Page): TemplateResult | typeof nothing {
  const { tree, take, preview } = page.parts;
  if (tree === undefined || tree.rows.length === 0) {
    return nothing;
  }
  if (preview !== null && preview !== undefined) {
    return previewView(page, preview);
  }
  const isEmpty = tree.rows.length === 1;
  return html`${
    take === undefined || take.notes.length === 0
      ? nothing
      : html`<section class="take-notes" aria-labelledby="take-notes-title">
          <h2 id="take-notes-title">${page.label('takeNotes')}</h2>
          ${notesView(page, take.notes)}
        </section>`
  }
  ${isEmpty ? emptyView(page) : html`<div class="split">${treeView(page)}${asideView(page)}</div>`}`;
}

function emptyView(page: Page): TemplateResult {
  const { activity } = page.parts;
  return html`<section class="empty">
      ${icon('device-camera', 'empty-icon')}
      <h2>${page.label('emptyTitle')}</h2>
      <p>${page.label('emptyText')}</p>
      ${
        activity === null || activity === undefined
          ? nothing
          : html`<p class="busy">${icon('loading', 'spin')} ${activity.text}</p>`
      }
      <button
        id="empty-take"
        class="primary"
        @click=${() => {
          page.send({ type: 'vmAct', act: 'take' });
        }}
      >
        ${page.label('take')}
      </button>
    </section>
    ${growthView(page)}`;
}

function treeView(page: Page): TemplateResult {
  const { tree } = page.parts;
  const { sorting } = page.view;
  return html`<section class="tree" aria-labelledby="tree-title">
    <div class="tree-head">
      <h2 id="tree-title">${page.label('gridLabel')} <span class="quiet">${tree?.summary ?? ''}</span></h2>
      ${snapshotToolbar(page)}
      ${
        sorting === undefined
          ? nothing
          : html`<button
              id="action-tree"
              class="secondary"
              @click=${() => {
                page.sort(sorting.column);
                if (page.view.sorting !== undefined) {
                  page.sort(sorting.column);
                }
              }}
            >
              ${icon('list-tree')} ${page.label('sortReset')}
            </button>`
      }
    </div>
    ${gridView(page, { id: 'grid', label: page.label('gridLabel'), rows: page.rows, isPreview: false })}
  </section>`;
}

function asideView(page: Page): TemplateResult {
  return html`<aside class="aside" tabindex="0" aria-label=${page.label('details')}>
    ${detailsView(page)}${growthView(page)}
  </aside>`;
}

/** Always there, so that no row moves from under the mouse when another one is selected. */
function snapshotToolbar(page: Page): TemplateResult {
  const isSnapshot = page.selectedRow?.kind === 'snapshot';
  const { details } = page.parts;
  const button = (id: LabelName, symbol: string, isPossible: boolean, act: () => void): TemplateResult =>
    html`<button id="action-${id}" class="secondary" ?disabled=${!isSnapshot || !isPossible} @click=${act}>
      ${icon(symbol)} ${page.label(id)}
    </button>`;
  return html`<div class="toolbar" role="toolbar" aria-label=${page.label('toolbarSnapshot')}>
    ${button('restore', 'discard', true, () => {
      page.preview('restore');
    })}
    ${button('edit', 'edit', details?.isClipped !== true, () => {
      page.startEdit();
    })}
    ${button('delete', 'trash', true, () => {
      page.preview('delete');
    })}
    ${button('deleteWithChildren', 'trash', details?.hasChildren === true, () => {
      page.preview('deleteWithChildren');
    })}
  </div>`;
}
