import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Page } from '../page';
import type { PageParts } from '../protocol/toPage';
import { icon } from './icon';

// More than this would push what stands below out of sight.
const longDescription = 600;
const longLines = 12;

type Details = NonNullable<PageParts['details']>;

/** Everything about the selected row, and where its texts are edited. */
export function detailsView(page: Page): TemplateResult {
  const { details } = page.parts;
  return html`<section class="panel" aria-labelledby="details-title">
    <h2 id="details-title">${details?.title ?? page.label('details')}</h2>
    ${
      details === null || details === undefined
        ? html`<p class="quiet">${page.label('noSelection')}</p>`
        : page.draft?.id === details.id
          ? editView(page)
          : readView(page, details)
    }
  </section>`;
}

function readView(page: Page, details: Details): TemplateResult {
  const { fields, kept, kind, description, isClipped } = details;
  return html`${kind === 'snapshot' ? descriptionView(page, description) : nothing}
  ${kept.length === 0 ? nothing : fieldList([...kept], 'kept')} ${fieldList(fields, '')}
  ${kind === 'snapshot' ? compareView(page, details) : nothing}
  ${isClipped ? html`<p class="quiet">${page.label('tooLong')}</p>` : nothing}`;
}

/** In the direction of its own writing. A long one scrolls by itself, so that what follows stays in reach. */
function descriptionView(page: Page, description: string): TemplateResult {
  const isLong = description.length > longDescription || description.split('\n', longLines + 1).length > longLines;
  return html`<p
    class="description"
    dir="auto"
    role=${isLong ? 'region' : nothing}
    aria-label=${isLong ? page.label('description') : nothing}
    tabindex=${isLong ? 0 : nothing}
    .textContent=${description === '' ? page.label('noDescription') : description}
  ></p>`;
}

export function fieldList(fields: Details['fields'], extraClass: string): TemplateResult {
  return html`<dl class="fields ${extraClass}">
    ${fields.map(
      ({ label, value }) =>
        html`<div class="field">
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function compareView(page: Page, { compareWith }: Details): TemplateResult {
  return html`<div class="compare">
    <label for="compare-with">${page.label('compareWith')}</label>
    <select
      id="compare-with"
      @change=${(event: Event) => {
        page.compareWith = (event.target as HTMLSelectElement).value;
      }}
    >
      ${compareWith.map(
        ({ id, label }) => html`<option value=${id} ?selected=${id === page.compareWith}>${label}</option>`,
      )}
    </select>
    <button
      id="action-compare"
      class="secondary"
      @click=${() => {
        page.compare();
      }}
    >
      ${icon('diff')} ${page.label('compare')}
    </button>
  </div>`;
}

function editView(page: Page): TemplateResult {
  const { draft } = page;
  const edit = page.parts.edit ?? null;
  const isSaving = edit?.state === 'saving';
  const isNameMissing = draft?.name.trim() === '';
  const submit = (event: Event): void => {
    event.preventDefault();
    page.saveEdit();
  };
  return html`<div
    class="edit"
    role="group"
    aria-labelledby="details-title"
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        page.closeEdit();
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || isInput(event.target))) {
        submit(event);
      }
    }}
  >
    ${edit?.state === 'conflict' ? conflictView(page, edit) : nothing}
    <label for="edit-name">${page.label('name')}</label>
    <input
      id="edit-name"
      type="text"
      dir="auto"
      spellcheck="false"
      autocomplete="off"
      .value=${draft?.name ?? ''}
      ?readonly=${isSaving}
      aria-invalid=${isNameMissing ? 'true' : nothing}
      aria-describedby=${isNameMissing ? 'edit-name-error' : nothing}
      @input=${(event: Event) => {
        setDraft(page, 'name', event);
      }}
    />
    ${isNameMissing ? html`<p id="edit-name-error" class="problem">${page.label('nameNeeded')}</p>` : nothing}
    <label for="edit-description">${page.label('description')}</label>
    <textarea
      id="edit-description"
      rows="6"
      dir="auto"
      .value=${draft?.description ?? ''}
      ?readonly=${isSaving}
      @input=${(event: Event) => {
        setDraft(page, 'description', event);
      }}
    ></textarea>
    <div class="buttons">
      <button
        id="edit-save"
        class="primary"
        aria-disabled=${isSaving || isNameMissing ? 'true' : nothing}
        @click=${submit}
      >
        ${isSaving ? page.label('saving') : edit?.state === 'conflict' ? page.label('overwrite') : page.label('save')}
      </button>
      <button
        id="edit-cancel"
        class="secondary"
        @click=${() => {
          page.closeEdit();
        }}
      >
        ${page.label('cancel')}
      </button>
    </div>
  </div>`;
}

function conflictView(page: Page, edit: NonNullable<PageParts['edit']>): TemplateResult {
  return html`<div class="note note-warning">
    ${icon('warning')}<span>${edit.sentence}</span>
    <button
      id="edit-theirs"
      class="secondary"
      @click=${() => {
        page.closeEdit();
      }}
    >
      ${page.label('takeTheirs')}
    </button>
  </div>`;
}

function isInput(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement;
}

function setDraft(page: Page, field: 'name' | 'description', event: Event): void {
  const { value } = event.target as HTMLInputElement | HTMLTextAreaElement;
  page.type(field, value);
}
