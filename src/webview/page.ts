import { clampWidth, type ColumnId, columnTracks } from './grid/columns';
import { findByTyping, moveByKey } from './grid/gridKeys';
import { nextSorting, type SortColumn, type VisibleRow, visibleRows } from './grid/visibleRows';
import type { LabelName } from './protocol/labels';
import type { PreviewKind } from './protocol/shapes';
import type { ToHost } from './protocol/toHost';
import type { PageParts, Row, ToPage } from './protocol/toPage';
import { type PageView, type Remembered, toRemember, viewOf } from './remembered';

// Typing a name goes on as long as the pauses are shorter.
const typingPauseMs = 800;

/** The extension behind the page. */
export interface Host {
  send(message: ToHost): void;
  remember(state: Remembered): void;
}

/** What the page is drawn on. */
export interface Screen {
  /** Draws everything that has changed. */
  draw(): void;
  /** Sets a property of the style sheet for the whole page. */
  setStyle(name: string, value: string): void;
  /** Says something to whoever does not see the page. */
  announce(text: string, isUrgent: boolean): void;
  /** Takes the keyboard to an element, once it is drawn. */
  focus(id: string): void;
}

/** Texts that are being typed. */
export interface Draft {
  readonly id: string;
  readonly revision: number;
  name: string;
  description: string;
}

/** What the page knows and what the person has done to it. The views draw it; nothing is kept in the document. */
export class Page {
  parts: Partial<PageParts> = {};
  view: PageView;
  draft: Draft | undefined;
  /** The row to compare the selected one with. */
  compareWith: string | undefined;
  private vm: Remembered['vm'];
  private typed = { text: '', atMs: 0 };
  private focusedId: string | undefined;

  constructor(
    remembered: Remembered,
    private readonly host: Host,
    private readonly screen: Screen,
  ) {
    this.view = viewOf(remembered);
    this.vm = remembered.vm;
    this.focusedId = this.view.selected ?? undefined;
    screen.setStyle('--columns', columnTracks(this.view.widths));
  }

  /** Takes what the extension tells. */
  receive(message: ToPage): void {
    switch (message.type) {
      case 'update':
        this.update(present(message.parts));
        break;
      case 'announce':
        this.screen.announce(message.text, message.isUrgent);
        break;
      case 'reveal':
        this.reveal(message.id, message.isEdited);
        break;
      case 'remember': {
        const { server, isDemo, vm, name } = message;
        this.vm = { server, isDemo, vm, name };
        this.remember();
        break;
      }
    }
  }

  send(message: ToHost): void {
    this.host.send(message);
  }

  /** A text of the page; empty until the extension has sent them. */
  label(name: LabelName): string {
    return this.parts.labels?.[name] ?? '';
  }

  get rows(): VisibleRow[] {
    const { collapsed, sorting } = this.view;
    return visibleRows(this.parts.tree?.rows ?? [], collapsed, sorting);
  }

  get selectedRow(): Row | undefined {
    return this.parts.tree?.rows.find(({ id }) => id === this.view.selected);
  }

  /** The row that Tab leads to. */
  tabStop(rows: readonly VisibleRow[]): string | undefined {
    return (rows.find(({ row }) => row.id === this.focusedId) ?? rows[0])?.row.id;
  }

  select(id: string): void {
    this.focusedId = id;
    if (this.view.selected !== id) {
      this.compareWith = undefined;
      this.change({ selected: id });
      this.send({ type: 'select', id });
    }
  }

  toggle(id: string): void {
    const collapsed = new Set(this.view.collapsed);
    if (!collapsed.delete(id)) {
      collapsed.add(id);
    }
    this.change({ collapsed });
  }

  sort(column: SortColumn): void {
    this.change({ sorting: nextSorting(this.view.sorting, column) });
  }

  resize(column: ColumnId, widthPx: number): void {
    const widths = { ...this.view.widths, [column]: clampWidth(widthPx) };
    this.screen.setStyle('--columns', columnTracks(widths));
    this.change({ widths });
  }

  /** @returns whether the key did something, so that nobody else may have it */
  gridKey(key: string, rows: readonly VisibleRow[], nowMs: number): boolean {
    const focused = this.tabStop(rows);
    const move = moveByKey(rows, focused, key);
    if (move !== undefined) {
      if (move.kind === 'focus') {
        this.select(move.id);
        this.screen.focus(rowElementId(move.id));
      } else if (move.kind === 'toggle') {
        this.toggle(move.id);
      }
      return true;
    }
    if (key === 'F2') {
      this.startEdit();
      return true;
    }
    if (key === 'Delete' && this.selectedRow?.kind === 'snapshot') {
      this.preview('delete');
      return true;
    }
    return key.length === 1 && key !== ' ' && this.typeAhead(key, rows, nowMs);
  }

  /** Shows what an operation would do. */
  preview(kind: PreviewKind): void {
    const isOfSnapshot = kind === 'restore' || kind === 'delete' || kind === 'deleteWithChildren';
    const { selectedRow } = this;
    if (isOfSnapshot && selectedRow?.kind !== 'snapshot') {
      return;
    }
    this.send({ type: 'preview', kind, id: isOfSnapshot ? (selectedRow?.id ?? null) : null });
  }

  startEdit(): void {
    const { details } = this.parts;
    if (details?.kind !== 'snapshot' || details.isClipped || details.id !== this.view.selected) {
      return;
    }
    const { id, revision, name, description } = details;
    this.draft = { id, revision, name, description };
    this.screen.draw();
    this.screen.focus('edit-name');
  }

  type(field: 'name' | 'description', value: string): void {
    if (this.draft !== undefined) {
      this.draft[field] = value;
      this.screen.draw();
    }
  }

  /** Sends what was typed, on the basis of what is on the server by now when that is known. */
  saveEdit(): void {
    const { draft } = this;
    const { edit, details } = this.parts;
    if (draft === undefined || draft.name.trim() === '') {
      return;
    }
    const isSame =
      edit?.state !== 'conflict' && details?.name === draft.name && details.description === draft.description;
    if (isSame) {
      this.closeEdit();
      return;
    }
    const revision = edit?.id === draft.id ? edit.revision : draft.revision;
    this.send({ type: 'edit', id: draft.id, revision, name: draft.name.trim(), description: draft.description });
  }

  closeEdit(): void {
    if (this.draft !== undefined) {
      this.draft = undefined;
      this.send({ type: 'closeEdit' });
      this.screen.draw();
      this.screen.focus('action-edit');
    }
  }

  /** Goes back to the tree from a preview. */
  closePreview(): void {
    this.send({ type: 'closePreview' });
  }

  compare(): void {
    const { selectedRow, compareWith, parts } = this;
    const other = compareWith ?? parts.details?.compareWith[0]?.id;
    if (selectedRow?.kind === 'snapshot' && other !== undefined) {
      this.send({ type: 'compare', id: selectedRow.id, with: other });
    }
  }

  private update(parts: Partial<PageParts>): void {
    const before = this.parts;
    this.parts = { ...before, ...parts };
    if (parts.tree !== undefined) {
      this.followRows(before.tree?.rows ?? []);
    }
    if (parts.edit !== undefined) {
      this.followEdit(before.edit ?? null, parts.edit);
    }
    this.screen.draw();
    if (parts.preview !== undefined) {
      this.followPreview(before.preview ?? null, parts.preview);
    }
  }

  /** A selection survives whatever happens to other rows; when its own row goes, the one in its place gets it. */
  private followRows(before: readonly Row[]): void {
    const now = this.parts.tree?.rows ?? [];
    const { selected } = this.view;
    if (selected === null || now.length === 0 || now.some(({ id }) => id === selected)) {
      if (selected !== null && before.length === 0 && now.length > 0) {
        // The page has just been opened again: the extension does not know yet.
        this.send({ type: 'select', id: selected });
      }
      return;
    }
    const at = before.findIndex(({ id }) => id === selected);
    const heir = now[Math.min(Math.max(0, at), now.length - 1)];
    this.view = { ...this.view, selected: heir?.id ?? null };
    this.focusedId = heir?.id;
    this.draft = undefined;
    this.remember();
    this.send({ type: 'select', id: heir?.id ?? null });
  }

  private followEdit(before: PageParts['edit'], now: PageParts['edit']): void {
    if (before?.state === 'saving' && now === null) {
      this.draft = undefined;
      this.screen.focus('action-edit');
    }
    if (now?.state === 'conflict') {
      this.screen.announce(now.sentence, true);
    }
  }

  private followPreview(before: PageParts['preview'], now: PageParts['preview']): void {
    if (before === null && now !== null) {
      this.screen.focus('preview-title');
    } else if (before !== null && now === null) {
      this.screen.focus(this.view.selected === null ? 'grid' : rowElementId(this.view.selected));
    }
    if (now !== null && !now.isLoading && (before?.id !== now.id || before.isLoading)) {
      this.screen.announce(now.spoken, false);
    }
  }

  private reveal(id: string, isEdited: boolean): void {
    const collapsed = new Set(this.view.collapsed);
    // Its row may stand under one that is folded up.
    const rows = this.parts.tree?.rows ?? [];
    let level = Number.POSITIVE_INFINITY;
    for (let at = rows.findIndex((row) => row.id === id); at >= 0; at--) {
      const row = rows[at];
      if (row !== undefined && row.level < level) {
        level = row.level;
        if (row.id !== id) {
          collapsed.delete(row.id);
        }
      }
    }
    this.focusedId = id;
    this.view = { ...this.view, selected: id, collapsed };
    this.send({ type: 'select', id });
    this.remember();
    this.screen.draw();
    this.screen.focus(rowElementId(id));
    if (isEdited) {
      this.startEdit();
    }
  }

  private typeAhead(key: string, rows: readonly VisibleRow[], nowMs: number): boolean {
    const isContinued = nowMs - this.typed.atMs < typingPauseMs;
    this.typed = { text: isContinued ? this.typed.text + key : key, atMs: nowMs };
    const found = findByTyping(rows, this.tabStop(rows), this.typed.text);
    if (found !== undefined) {
      this.select(found);
      this.screen.focus(rowElementId(found));
    }
    return found !== undefined;
  }

  private change(changes: Partial<PageView>): void {
    this.view = { ...this.view, ...changes };
    this.remember();
    this.screen.draw();
  }

  private remember(): void {
    this.host.remember(toRemember(this.vm, this.view));
  }
}

/** Identity of the element of a row. Identities of a server may hold anything, which an attribute can bear. */
export function rowElementId(id: string): string {
  return `row-${id}`;
}

/** What is there: a part that is said to be undefined was not sent. */
function present(parts: Extract<ToPage, { type: 'update' }>['parts']): Partial<PageParts> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}
