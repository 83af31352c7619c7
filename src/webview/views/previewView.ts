import { html, nothing, type TemplateResult } from 'lit/html.js';
import { visibleRows } from '../grid/visibleRows';
import type { Page } from '../page';
import type { PageParts } from '../protocol/toPage';
import { fieldList } from './detailsView';
import { gridView } from './gridView';
import { icon } from './icon';
import { notesView } from './notesView';

type Preview = NonNullable<PageParts['preview']>;

/** An operation before it is done: the tree as it will be, what changes in words, and the way on or back. */
export function previewView(page: Page, preview: Preview): TemplateResult {
  const { title, isLoading, notes, facts } = preview;
  return html`<section
    class="preview"
    aria-labelledby="preview-title"
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        page.closePreview();
      }
    }}
  >
    <h2 id="preview-title" tabindex="-1">${page.label('preview')}: ${title}</h2>
    ${isLoading ? html`<p class="quiet">${icon('loading', 'spin')} ${page.label('loading')}</p>` : nothing}
    ${notes.length === 0 ? nothing : notesView(page, notes)} ${facts.length === 0 ? nothing : fieldList(facts, 'wide')}
    ${treeOf(page, preview)} ${buttons(page, preview)}
  </section>`;
}

function treeOf(page: Page, { rows }: Preview): TemplateResult | typeof nothing {
  if (rows.length === 0) {
    return nothing;
  }
  return html`<h3>${page.label('previewTree')}</h3>
    ${gridView(page, {
      id: 'preview-grid',
      label: page.label('previewTree'),
      rows: visibleRows(rows, new Set(), undefined),
      isPreview: true,
    })}
    ${
      // What comes and what is lost says so itself.
      rows.some(({ change }) => change === 'goes')
        ? html`<p class="legend"><del>abc</del> ${page.label('legendGoes')}</p>`
        : nothing
    }`;
}

function buttons(page: Page, { id, first, go, isLoading }: Preview): TemplateResult {
  return html`<div class="preview-foot">
    ${
      first === null
        ? nothing
        : html`<label class="check">
            <input
              id="preview-first"
              type="checkbox"
              .checked=${first.isOn}
              @change=${(event: Event) => {
                page.send({ type: 'takeFirst', preview: id, isOn: (event.target as HTMLInputElement).checked });
              }}
            />
            ${first.label}
          </label>`
    }
    <div class="buttons">
      ${
        go === '' || isLoading
          ? nothing
          : html`<button
              id="preview-go"
              class="primary"
              @click=${() => {
                page.send({ type: 'go', preview: id });
              }}
            >
              ${go}
            </button>`
      }
      <button
        id="preview-back"
        class="secondary"
        @click=${() => {
          page.closePreview();
        }}
      >
        ${page.label('back')}
      </button>
    </div>
  </div>`;
}
