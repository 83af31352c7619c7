import * as vscode from 'vscode';
import { formatBytes } from '../../common/text';
import type { Operation, SnapshotContents } from '../../hypervisor/model/operation';
import type { BulkRow } from '../../operations/bulk/bulkRequest';
import { bulkTitle } from '../text/bulkTexts';
import { memoryByDatastore, quiescible, withoutMemory } from '../text/bulkTake';
import { nameInSentence } from '../text/names';
import { plain } from '../text/plain';
import { describeTake, judgeManyNames, nameFromTemplate } from '../text/takeQuestions';
import { askText } from './askText';
import { type Page, runPages } from './multiStep';
import { pickOne } from './pickOne';
import type { TakeFlowServices } from './takeFlow';

/**
 * The questions before snapshots of many VMs are taken: one name, one description and one choice for all of them. `${vm}`
 * in the name stands for each VM's own.
 */
export class BulkTakeFlow {
  private name: string;
  private description = '';
  private contents: SnapshotContents;

  constructor(
    private readonly rows: readonly BulkRow[],
    private readonly services: TakeFlowServices,
  ) {
    const { settings, takeMemory, clock } = services;
    const template = settings.get('take.nameTemplate');
    // The account may differ from server to server, and the name of the VM always does.
    this.name = nameFromTemplate(template, { nowMs: clock.now(), vmName: '${vm}', userName: '${user}' });
    const preferred = settings.get('take.contents');
    this.contents = preferred === 'lastUsed' ? takeMemory.lastContents : preferred;
  }

  /** @throws CancelledError when the person gives up. */
  async ask(): Promise<(row: BulkRow) => readonly Operation[]> {
    const pages: Page[] = [(position) => this.askName(position), (position) => this.askDescription(position)];
    if (this.rows.some(({ outlook }) => outlook.kind === 'planned' && outlook.plans[0]?.vm.powerState === 'on')) {
      pages.push((position) => this.askContents(position));
    } else {
      this.contents = 'disks';
    }
    await runPages(pages);
    await this.services.takeMemory.add(this.contents);
    return (row) => [this.operation(row)];
  }

  private operation({ target }: BulkRow): Operation {
    const { settings, clock } = this.services;
    const { userName } = target.connection;
    return {
      kind: 'take',
      vmId: target.vmId,
      name: nameFromTemplate(this.name, { nowMs: clock.now(), vmName: target.vmName, userName }),
      description: describeTake(this.description, settings.get('take.recordUser') ? userName : undefined),
      contents: this.contents,
    };
  }

  private get title(): string {
    return bulkTitle('take', this.rows.length, this.services.formats);
  }

  private readonly askName: Page = async (position) => {
    const { went, value } = await askText({
      title: this.title,
      position,
      value: this.name,
      prompt: this.services.takeMemory.count < 3 ? vscode.l10n.t('A snapshot is not a backup.') : undefined,
      placeholder: vscode.l10n.t('Name of the snapshots'),
      validate: (name) => judgeManyNames(name),
    });
    this.name = value;
    return went === 'back' ? 'back' : 'next';
  };

  private readonly askDescription: Page = async (position) => {
    const { went, value } = await askText({
      title: this.title,
      position,
      value: this.description,
      placeholder: vscode.l10n.t('Reason or ticket (optional)'),
    });
    this.description = value;
    return went === 'back' ? 'back' : 'next';
  };

  private readonly askContents: Page = async (position) => {
    const { formats } = this.services;
    const memory = memoryByDatastore(this.rows)
      .map(({ name, bytes, freeBytes }) =>
        vscode.l10n.t(
          '{0} on {1}, {2} free',
          formatBytes(bytes),
          nameInSentence(name),
          freeBytes === undefined ? '?' : formatBytes(freeBytes),
        ),
      )
      .join(' · ');
    const noMemory = withoutMemory(this.rows);
    const canQuiesce = quiescible(this.rows);
    const { went, value } = await pickOne<SnapshotContents>({
      title: this.title,
      position,
      placeholder: vscode.l10n.t('What to include'),
      initialId: this.contents,
      choices: () => [
        {
          id: 'disks',
          label: vscode.l10n.t('Disks only'),
          description: vscode.l10n.t('fast'),
          detail: vscode.l10n.t('After a restore the VMs are powered off and have to be started.'),
          value: 'disks',
        },
        {
          id: 'memory',
          label: vscode.l10n.t('Disks and memory'),
          description: plain(memory),
          detail:
            noMemory === 0
              ? vscode.l10n.t('Takes longer and pauses each VM for a while. A restore continues without a reboot.')
              : vscode.l10n.t(
                  'Takes longer and pauses each VM for a while. Not possible: {0}.',
                  formats.count(noMemory),
                ),
          value: 'memory',
        },
        {
          id: 'quiesced',
          label: vscode.l10n.t('Disks, quiesced by VMware Tools'),
          description: vscode.l10n.t('VMware Tools run on {0} of {1}', canQuiesce.able, canQuiesce.running),
          detail: vscode.l10n.t(
            'The guests write their file systems to disk first. Where Tools are missing, nothing is sent.',
          ),
          value: 'quiesced',
        },
      ],
    });
    this.contents = value ?? this.contents;
    return went === 'back' ? 'back' : 'next';
  };
}
