import * as vscode from 'vscode';
import { CancelledError } from '../../common/cancellation';
import { HypervisorError } from '../../hypervisor/errors';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ReportScope } from '../../hypervisor/report/gatherReport';
import { selectedVms, type SnapshotSelection } from '../text/exportScope';
import { filterInWords } from '../text/filterText';
import type { Formats } from '../text/formats';
import { nameInRow } from '../text/names';
import { plain } from '../text/plain';
import type { InventoryView } from '../tree/inventoryView';
import type { ServerDirectory } from '../tree/serverDirectory';
import { type Page, runPages } from './multiStep';
import { type Choice, pickOne } from './pickOne';

export type ExportFormat = 'csv' | 'json' | 'markdown';

/** What is exported, how, and where to. */
export interface ExportPlan {
  readonly scopes: readonly ReportScope[];
  readonly format: ExportFormat;
  readonly target: vscode.Uri | 'editor';
}

export interface ExportFlowServices {
  readonly directory: ServerDirectory;
  readonly inventory: Pick<InventoryView, 'shownVms' | 'filter' | 'isFiltered' | 'treeLayout' | 'selection'>;
  readonly formats: Formats;
}

const endings: Readonly<Record<ExportFormat, string>> = { csv: 'csv', json: 'json', markdown: 'md' };

/** Asks what to export. Only what there is a choice about is asked. */
export class ExportFlow {
  constructor(private readonly services: ExportFlowServices) {}

  /** All connected servers, as the file's ending says. @throws HypervisorError when nothing is known of any server. */
  unasked(file: vscode.Uri): ExportPlan {
    const format = (Object.keys(endings) as ExportFormat[]).find((each) => file.path.endsWith(`.${endings[each]}`));
    return { scopes: this.scopesOf(this.everything()), format: format ?? 'csv', target: file };
  }

  /**
   * @param fileName - that is suggested, without its ending
   * @throws CancelledError when the person gives up.
   */
  async ask(fileName: string): Promise<ExportPlan> {
    const scopes = this.scopeChoices();
    let scope = scopes[0]?.value ?? [];
    let format = 'csv' as ExportFormat;
    let place = 'file' as 'file' | 'editor';
    const title = vscode.l10n.t('Export Snapshots');
    const page =
      <T>(placeholder: string, choices: readonly Choice<T>[], take: (value: T) => void): Page =>
      async (position) => {
        const { went, value } = await pickOne({ title, position, placeholder, choices: () => choices });
        if (value !== undefined) {
          take(value);
        }
        return went === 'back' ? 'back' : 'next';
      };
    await runPages([
      ...(scopes.length > 1
        ? [
            page(vscode.l10n.t('What to export'), scopes, (value) => {
              scope = value;
            }),
          ]
        : []),
      page(vscode.l10n.t('Format'), this.formatChoices(), (value) => {
        format = value;
      }),
      page(vscode.l10n.t('Where to'), placeChoices(), (value) => {
        place = value;
      }),
    ]);
    return {
      scopes: this.scopesOf(scope),
      format,
      target: place === 'editor' ? 'editor' : await askFile(`${fileName}.${endings[format]}`),
    };
  }

  private connections(): readonly HypervisorConnection[] {
    // What was read stays there while a connection is down; the report says that it is old by leaving out its sizes.
    return this.services.directory.all().filter(({ inventory }) => inventory.vmCount > 0);
  }

  private everything(): SnapshotSelection[] {
    return this.connections().flatMap((connection) =>
      [...connection.inventory.allVms()].map((vm) => ({ connection, vm })),
    );
  }

  private scopeChoices(): Choice<readonly SnapshotSelection[]>[] {
    const { inventory, formats } = this.services;
    const selected = selectedVms(inventory.selection, inventory.treeLayout);
    const everything = this.everything();
    const connections = this.connections();
    const choice = (id: string, label: string, value: readonly SnapshotSelection[]): Choice<typeof value> => ({
      id,
      label,
      description: vscode.l10n.t('VMs: {0}', formats.count(value.length)),
      value,
    });
    return [
      ...(inventory.isFiltered
        ? [
            choice(
              'filter',
              vscode.l10n.t('What the filter shows: {0}', plain(filterInWords(inventory.filter, formats))),
              inventory.shownVms,
            ),
          ]
        : []),
      choice('all', vscode.l10n.t('All connected servers'), everything),
      ...(selected.length > 0 ? [choice('selection', vscode.l10n.t('The selected rows'), selected)] : []),
      ...(connections.length > 1
        ? connections.map(({ id, label }) =>
            choice(
              id,
              plain(nameInRow(label)),
              everything.filter(({ connection }) => connection.id === id),
            ),
          )
        : []),
    ];
  }

  private formatChoices(): Choice<ExportFormat>[] {
    return [
      { id: 'csv', label: 'CSV', description: vscode.l10n.t('columns as in RVTools, and more'), value: 'csv' },
      { id: 'json', label: 'JSON', description: vscode.l10n.t('for programs'), value: 'json' },
      { id: 'markdown', label: 'Markdown', description: vscode.l10n.t('for people'), value: 'markdown' },
    ];
  }

  private scopesOf(selections: readonly SnapshotSelection[]): ReportScope[] {
    if (selections.length === 0) {
      throw new HypervisorError('nothingToDo', 'no VM is known', () =>
        vscode.l10n.t('There is nothing to export. Connect to a server first.'),
      );
    }
    const byServer = new Map<HypervisorConnection, SnapshotSelection[]>();
    for (const selection of selections) {
      const known = byServer.get(selection.connection);
      if (known === undefined) {
        byServer.set(selection.connection, [selection]);
      } else {
        known.push(selection);
      }
    }
    return [...byServer].map(([connection, vms]) => ({
      connection,
      address: this.services.directory.facts(connection.id)?.address ?? connection.label,
      vms,
    }));
  }
}

function placeChoices(): Choice<'file' | 'editor'>[] {
  return [
    { id: 'file', label: vscode.l10n.t('Save as a File...'), value: 'file' },
    { id: 'editor', label: vscode.l10n.t('Open in an Editor'), value: 'editor' },
  ];
}

async function askFile(name: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Snapshots'),
    ...(folder !== undefined && { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (file === undefined) {
    throw new CancelledError();
  }
  return file;
}
