import { html, nothing, type TemplateResult } from 'lit/html.js';
import { guard } from 'lit/directives/guard.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { type Column, columns, keyStepPx } from '../grid/columns';
import type { VisibleRow } from '../grid/visibleRows';
import { type Page, rowElementId } from '../page';
import type { Row } from '../protocol/toPage';
import { gradually } from './gradually';
import { icon } from './icon';
import { railView } from './railView';

/** What a grid is drawn from. */
export interface GridInput {
  readonly id: string;
  readonly label: string;
  readonly rows: readonly VisibleRow[];
  /** A preview can be read, but nothing in it can be chosen. */
  readonly isPreview: boolean;
}

/** Snapshots as a tree grid. A row has the focus as a whole; what its cells say is also said by its label. */
export function gridView(page: Page, input: GridInput): TemplateResult {
  const { id, label, rows, isPreview } = input;
  const activity = isPreview ? null : (page.parts.activity ?? null);
  const tabStop = page.tabStop(rows);
  const selected = isPreview ? null : page.view.selected;
  return html`<div class="grid-scroll">
    <div
      id=${id}
      class="grid"
      role="treegrid"
      aria-label=${label}
      aria-readonly="true"
      @keydown=${(event: KeyboardEvent) => {
        onKey(page, input, event);
      }}
    >
      <div class="row head" role="row">${columns.map((column) => headCell(page, column, isPreview))}</div>
      ${gradually({
        rows,
        atLeast: 1 + rows.findIndex(({ row }) => row.id === tabStop),
        keyOf: ({ row }: VisibleRow) => row.id,
        draw: (visible: VisibleRow) => {
          const { row } = visible;
          const busy = activity?.row === row.id ? activity : null;
          const isSelected = row.id === selected;
          // A change of one row leaves all others as they are.
          return guard(
            [JSON.stringify(visible), isSelected, row.id === tabStop, busy?.text, page.parts.header?.panel],
            () => rowView(page, visible, { isSelected, isTabStop: row.id === tabStop, busy, isPreview }),
          );
        },
      })}
    </div>
  </div>`;
}

function onKey(page: Page, { rows, isPreview }: GridInput, event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || target.getAttribute('role') !== 'row') {
    return;
  }
  if (isPreview) {
    previewKey(rows, target, event);
  } else if (page.gridKey(event.key, rows, event.timeStamp)) {
    event.preventDefault();
  }
}

/** In a preview the keys only lead from row to row. */
function previewKey(rows: readonly VisibleRow[], target: HTMLElement, event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -rows.length, End: rows.length }[event.key];
  if (step === undefined) {
    return;
  }
  event.preventDefault();
  const all = [...(target.parentElement?.querySelectorAll<HTMLElement>('.row:not(.head)') ?? [])];
  const at = all.indexOf(target) + step;
  all[Math.min(all.length - 1, Math.max(0, at))]?.focus();
}

interface RowState {
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  readonly busy: { readonly text: string } | null;
  readonly isPreview: boolean;
}

function rowView(
  page: Page,
  visible: VisibleRow,
  { isSelected, isTabStop, busy, isPreview }: RowState,
): TemplateResult {
  const { row, level, position, listLength, isExpanded } = visible;
  const select = (): void => {
    page.select(row.id);
  };
  return html`<div
    id=${isPreview ? nothing : rowElementId(row.id)}
    class="row row-${row.change} row-${row.kind} ${isSelected ? 'selected' : ''}"
    role="row"
    tabindex=${isTabStop ? 0 : -1}
    aria-level=${level}
    aria-posinset=${position}
    aria-setsize=${listLength}
    aria-selected=${isPreview ? nothing : isSelected ? 'true' : 'false'}
    aria-expanded=${ifDefined(isExpanded)}
    aria-label=${busy === null ? row.spoken : `${row.spoken}, ${busy.text}`}
    data-vscode-context=${isPreview ? nothing : menuContext(page, row)}
    @click=${isPreview ? nothing : select}
    @focus=${isPreview ? nothing : select}
    @contextmenu=${isPreview ? nothing : select}
  >
    ${nameCell(page, visible, isPreview)} ${otherCells(row, busy)}
  </div>`;
}

/** What the editor hands to the commands of its own menu. */
function menuContext(page: Page, row: Row): string {
  return JSON.stringify({
    vsphereSnapshotsPanel: page.parts.header?.panel ?? '',
    vsphereSnapshotsRow: row.id,
    vsphereSnapshotsFlags: row.flags,
    preventDefaultContextMenuItems: true,
  });
}

function nameCell(page: Page, { row, rail, isExpanded }: VisibleRow, isPreview: boolean): TemplateResult {
  const toggle = (event: Event): void => {
    event.stopPropagation();
    page.toggle(row.id);
  };
  return html`<div class="cell cell-name" role="gridcell">
    ${rail === undefined ? nothing : railView(rail, row)}
    ${
      isExpanded === undefined || isPreview
        ? html`<span class="twistie"></span>`
        : html`<span class="twistie" @click=${toggle}>${icon(isExpanded ? 'chevron-down' : 'chevron-right')}</span>`
    }
    ${icon(row.icon, 'row-icon')}
    <span class="name" title=${row.name}>${row.change === 'goes' ? html`<del>${row.name}</del>` : row.name}</span>
    ${row.marks.map((mark) => html`<span class="mark">${mark}</span>`)}
  </div>`;
}

/** While something is done to a row, that is more urgent than when it was taken. */
function otherCells(row: Row, busy: RowState['busy']): TemplateResult {
  return html`<div class="cell" role="gridcell" title=${row.createdTip}>
      ${busy === null ? createdText(row) : html`<span class="busy">${icon('loading', 'spin')} ${busy.text}</span>`}
    </div>
    <div class="cell number" role="gridcell" title=${row.ownTip}>${row.own}</div>
    <div class="cell number cell-chain" role="gridcell" title=${row.ownTip}>
      ${sizeBar(row)}<span class="chain-text">${row.cumulative}</span>
    </div>
    <div class="cell" role="gridcell">${row.memory}</div>
    <div class="cell" role="gridcell">${row.quiesced}</div>
    <div class="cell" role="gridcell">${row.power}</div>
    <div class="cell quiet" role="gridcell" title=${row.description}>${row.description}</div>`;
}

function createdText({ created, age, ageTone }: Row): TemplateResult {
  return html`<span class="created">${created}</span> ${
      age === '' ? nothing : html`<span class="age age-${ageTone}">${age}</span>`
    }`;
}

function sizeBar({ cumulativeBytes, basePercent, ownPercent }: Row): TemplateResult | typeof nothing {
  if (cumulativeBytes === null) {
    return nothing;
  }
  return html`<svg class="size-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    <rect class="bar-base" x="0" y="0" width=${basePercent} height="6"></rect>
    <rect class="bar-own" x=${basePercent} y="0" width=${Math.min(ownPercent, 100 - basePercent)} height="6"></rect>
  </svg>`;
}

function headCell(page: Page, column: Column, isPreview: boolean): TemplateResult {
  const { label, sort, isNumber } = column;
  const text = page.label(label);
  const { sorting } = page.view;
  const order =
    sort !== undefined && sorting?.column === sort ? (sorting.isDescending ? 'descending' : 'ascending') : 'none';
  const canSort = sort !== undefined && !isPreview;
  return html`<div
    class="cell head-cell ${isNumber ? 'number' : ''}"
    role="columnheader"
    aria-sort=${canSort ? order : nothing}
  >
    ${
      canSort
        ? html`<button
            class="head-button"
            @click=${() => {
              page.sort(sort);
            }}
          >
            <span class="head-text">${text}</span>
            ${order === 'none' ? nothing : icon(order === 'ascending' ? 'arrow-up' : 'arrow-down')}
          </button>`
        : html`<span class="head-text">${text}</span>`
    }
    ${isPreview ? nothing : edge(page, column, text)}
  </div>`;
}

/** The edge by which a column is made wider or narrower, with the mouse or the arrow keys. */
function edge(page: Page, { id, widthPx }: Column, text: string): TemplateResult {
  const now = page.view.widths[id] ?? widthPx;
  const drag = (event: PointerEvent): void => {
    const handle = event.currentTarget as HTMLElement;
    const startX = event.clientX;
    handle.setPointerCapture(event.pointerId);
    const move = ({ clientX }: PointerEvent): void => {
      page.resize(id, now + clientX - startX);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener(
      'lostpointercapture',
      () => {
        handle.removeEventListener('pointermove', move);
      },
      { once: true },
    );
  };
  const key = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -keyStepPx, ArrowRight: keyStepPx }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      page.resize(id, now + step);
    }
  };
  return html`<div
    class="edge"
    role="separator"
    tabindex="0"
    aria-orientation="vertical"
    aria-label=${page.label('resize').replace('{0}', text)}
    aria-valuenow=${now}
    @pointerdown=${drag}
    @keydown=${key}
  ></div>`;
}
