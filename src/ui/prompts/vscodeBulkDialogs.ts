import { isCancelled } from '../../common/cancellation';
import type { Operation, OperationKind } from '../../hypervisor/model/operation';
import type { BulkDialogs, ReadingProgress } from '../../operations/bulk/bulkDialogs';
import type { BulkRow } from '../../operations/bulk/bulkRequest';
import { type NameNotes, noNotes, reviewSections } from '../text/bulkReview';
import { bulkTitle, bulkTyped, readingText } from '../text/bulkTexts';
import { plain } from '../text/plain';
import { askTyped } from './askTyped';
import { BulkTakeFlow } from './bulkTakeFlow';
import type { Divider } from './pickOne';
import { pickMany, type TickableChoice } from './pickMany';
import type { TakeFlowServices } from './takeFlow';
import { whileBusy } from './whileBusy';
import * as vscode from 'vscode';

/** The questions about many VMs, as quick inputs of the editor. */
export class VscodeBulkDialogs implements BulkDialogs {
  /** @param notes - what looking up names has found besides the VMs */
  constructor(
    private readonly services: TakeFlowServices,
    private readonly notes: NameNotes = noNotes,
  ) {}

  async whileReading<T>(
    kind: OperationKind,
    total: number,
    read: (onProgress: ReadingProgress, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { formats } = this.services;
    return await whileBusy({ title: bulkTitle(kind, total, formats) }, readingText(0, total, formats), (signal, say) =>
      read((done, of) => {
        say(readingText(done, of, formats));
      }, signal),
    );
  }

  async review(kind: OperationKind, rows: readonly BulkRow[]): Promise<readonly BulkRow[] | undefined> {
    const { formats, clock } = this.services;
    const sections = reviewSections(rows, this.notes, { formats, nowMs: clock.now() });
    const choices = sections.flatMap((section): (TickableChoice<BulkRow> | Divider)[] => [
      { divider: plain(section.heading) },
      ...section.rows.map(({ id, row, label, description, isTicked, isBlocked }) => ({
        id,
        label: plain(label),
        description: plain(description),
        value: row,
        isTicked,
        isUnavailable: isBlocked,
      })),
    ]);
    return await unlessGivenUp(() =>
      pickMany({
        title: bulkTitle(kind, rows.length, formats),
        placeholder: vscode.l10n.t('Untick what is to stay as it is'),
        choices,
        needsOne: true,
      }),
    );
  }

  async complete(
    kind: OperationKind,
    rows: readonly BulkRow[],
  ): Promise<((row: BulkRow) => readonly Operation[]) | undefined> {
    return kind === 'take'
      ? await unlessGivenUp(() => new BulkTakeFlow(rows, this.services).ask())
      : ({ target }) => target.operations;
  }

  async confirmTyped(kind: OperationKind, rows: readonly BulkRow[]): Promise<true | undefined> {
    return (await askTyped(bulkTyped(kind, rows, this.services.formats))) ? true : undefined;
  }
}

async function unlessGivenUp<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isCancelled(error)) {
      return undefined;
    }
    throw error;
  }
}
