import * as vscode from 'vscode';
import { CancelledError } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { Logger } from '../../common/logger';
import { HypervisorError } from '../../hypervisor/errors';
import { gatherReport, type Report, type ReportGap, type ReportScope } from '../../hypervisor/report/gatherReport';
import { toSnapshotCsv } from '../../hypervisor/report/snapshotCsv';
import { toSnapshotJson } from '../../hypervisor/report/snapshotJson';
import { toSnapshotMarkdown } from '../../hypervisor/report/snapshotMarkdown';
import type { Messages } from '../feedback/messages';
import { type ExportFormat, ExportFlow } from '../prompts/exportFlow';
import { exportedText, exportFileName, gapText } from '../text/exportText';
import type { Formats } from '../text/formats';
import { tableTimeFormat } from '../text/tableTime';
import { recordedUserIn } from '../text/takeQuestions';
import type { InventoryView } from '../tree/inventoryView';
import type { ServerDirectory } from '../tree/serverDirectory';
import type { CommandHandlers, Invocation } from './commandRegistry';

export interface ExportServices {
  readonly directory: ServerDirectory;
  readonly inventory: Pick<InventoryView, 'shownVms' | 'filter' | 'isFiltered' | 'treeLayout' | 'selection'>;
  readonly messages: Pick<Messages, 'show' | 'flash'>;
  readonly formats: Formats;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Snapshots as a file or in an editor, for change boards and other programs.
 *
 * @remarks Takes the file as an argument instead of asking for it, so that keys and other extensions can name it; its
 * ending says the format then, and all connected servers are exported.
 */
export function exportCommands(services: ExportServices): Pick<CommandHandlers, 'exportSnapshots'> {
  return {
    exportSnapshots: async (invocation) => {
      await exportSnapshots(services, invocation);
    },
  };
}

async function exportSnapshots(services: ExportServices, { argument }: Invocation): Promise<void> {
  const flow = new ExportFlow(services);
  const { scopes, format, target } =
    argument instanceof vscode.Uri ? flow.unasked(argument) : await flow.ask(exportFileName(services.clock.now()));
  const report = await gather(services, scopes);
  const text = write(report, format, services);
  if (target === 'editor') {
    const language = format === 'markdown' ? 'markdown' : format === 'json' ? 'json' : 'plaintext';
    const document = await vscode.workspace.openTextDocument({ content: text, language });
    await vscode.window.showTextDocument(document);
  } else {
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  }
  tell(services, report);
}

/** Reads with progress, and gives up when the person does. */
async function gather({ clock }: ExportServices, scopes: readonly ReportScope[]): Promise<Report> {
  const title = vscode.l10n.t('Reading snapshots');
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      const subscription = token.onCancellationRequested(() => {
        abort.abort();
      });
      let shown = 0;
      try {
        return await gatherReport(
          scopes,
          { nowMs: clock.now(), creatorIn: recordedUserIn },
          (done, total) => {
            const message = vscode.l10n.t('{0} of {1} VMs', done, total);
            progress.report({ message, increment: ((done - shown) / total) * 100 });
            shown = done;
          },
          abort.signal,
        );
      } finally {
        subscription.dispose();
      }
    },
  );
}

function write({ rows }: Report, format: ExportFormat, { formats, clock }: ExportServices): string {
  switch (format) {
    case 'csv':
      return toSnapshotCsv(rows, tableTimeFormat());
    case 'json':
      return toSnapshotJson(rows, clock.now());
    case 'markdown':
      return toSnapshotMarkdown(rows, formats, clock.now());
  }
}

function tell({ messages, formats, logger }: ExportServices, { rows, gaps }: Report): void {
  const done = exportedText(rows.length, formats);
  if (gaps.length === 0) {
    messages.flash(done);
    return;
  }
  for (const { connection, error } of gaps) {
    logger.warn(`The export has no sizes of some VMs of ${connection.id}: ${String(error)}`);
  }
  messages.show('warning', [done, ...gaps.map((gap) => sentenceOf(gap, formats))].join(' '));
}

function sentenceOf({ connection, vmCount, error }: ReportGap, formats: Formats): string {
  if (!(error instanceof HypervisorError) && !(error instanceof CancelledError)) {
    // Not ours to word: whoever runs the command says that something unexpected happened.
    throw error;
  }
  return gapText(connection.label, vmCount, formats);
}
