import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import type { Operation, SnapshotContents } from '../../hypervisor/model/operation';
import type { VmDetail } from '../../hypervisor/model/vmDetail';
import type { Settings } from '../adapters/settings';
import type { TakeMemory } from '../adapters/takeMemory';
import type { Formats } from '../text/formats';
import { nameInSentence } from '../text/names';
import {
  contentsChoices,
  type ContentsChoice,
  describeTake,
  judgeNewName,
  nameFromTemplate,
  takePrompt,
} from '../text/takeQuestions';
import { askText } from './askText';
import { type Page, runPages } from './multiStep';
import { type Choice, type Divider, pickOne } from './pickOne';
import { plain } from '../text/plain';

type Take = Extract<Operation, { kind: 'take' }>;

/** What the questions work with. */
export interface TakeFlowServices {
  readonly settings: Pick<Settings, 'get'>;
  readonly takeMemory: TakeMemory;
  readonly formats: Formats;
  readonly clock: Clock;
}

// What vSphere takes for the time that the guest gets to quiesce.
const minQuiesceMinutes = 5;
const maxQuiesceMinutes = 240;

/**
 * The questions before a snapshot is taken: its name, its description, what to include. Each has an answer already, so
 * that three times Enter is enough.
 */
export class TakeFlow {
  private name: string;
  private description = '';
  private contents: SnapshotContents;
  private quiesceTimeoutMinutes: number | undefined;

  /**
   * @param detail - the VM as it has just been read
   * @param userName - the account that takes it
   */
  constructor(
    private readonly detail: VmDetail,
    private readonly userName: string,
    private readonly services: TakeFlowServices,
  ) {
    const { settings, clock, takeMemory } = services;
    this.name = nameFromTemplate(settings.get('take.nameTemplate'), {
      nowMs: clock.now(),
      vmName: detail.vm.name,
      userName,
    });
    const preferred = settings.get('take.contents');
    this.contents = preferred === 'lastUsed' ? takeMemory.lastContents : preferred;
  }

  /** @throws CancelledError when the person gives up. */
  async ask(): Promise<Take> {
    const { vm } = this.detail;
    const pages: Page[] = [(position) => this.askName(position), (position) => this.askDescription(position)];
    if (vm.powerState === 'on') {
      pages.push((position) => this.askContents(position));
    } else {
      // There is nothing to choose: memory that is off does not exist, and suspended memory always goes along.
      this.contents = 'disks';
    }
    await runPages(pages);
    return this.take();
  }

  private take(): Take {
    const { settings } = this.services;
    return {
      kind: 'take',
      vmId: this.detail.vm.id,
      name: this.name.trim(),
      description: describeTake(this.description, settings.get('take.recordUser') ? this.userName : undefined),
      contents: this.contents,
      ...(this.contents === 'quiesced' &&
        this.quiesceTimeoutMinutes !== undefined && { quiesceTimeoutMinutes: this.quiesceTimeoutMinutes }),
    };
  }

  private get title(): string {
    return vscode.l10n.t("Take Snapshot of '{0}'", nameInSentence(this.detail.vm.name));
  }

  private readonly askName: Page = async (position) => {
    const { vm } = this.detail;
    const { went, value } = await askText({
      title: this.title,
      position,
      value: this.name,
      prompt: takePrompt(vm.snapshots, this.services.takeMemory.count),
      placeholder: vscode.l10n.t('Name of the snapshot'),
      validate: (name) => judgeNewName(name, vm.name, vm.snapshots, this.services.formats),
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
      prompt:
        this.detail.vm.powerState === 'suspended'
          ? vscode.l10n.t('Memory is always included for a suspended VM.')
          : undefined,
    });
    this.description = value;
    return went === 'back' ? 'back' : 'next';
  };

  private readonly askContents: Page = async (position) => {
    for (;;) {
      const choices = contentsChoices(this.detail);
      const isOffered = (contents: SnapshotContents): boolean =>
        choices.some((choice) => choice.contents === contents && choice.isAvailable);
      const { went, value } = await pickOne<SnapshotContents>({
        title: this.title,
        position,
        placeholder: vscode.l10n.t('What to include'),
        choices: () => withHeading(choices),
        initialId: isOffered(this.contents) ? this.contents : 'disks',
        buttons: () =>
          isOffered('quiesced')
            ? [
                {
                  icon: 'gear',
                  tooltip: vscode.l10n.t('Quiesce Time-out...'),
                  press: () => 'leave',
                },
              ]
            : [],
      });
      this.contents = value ?? this.contents;
      if (went !== 'left') {
        return went;
      }
      await this.askQuiesceTimeout();
    }
  };

  private async askQuiesceTimeout(): Promise<void> {
    const { went, value } = await askText({
      title: vscode.l10n.t('Quiesce Time-out'),
      position: { step: 1, totalSteps: 1, canGoBack: true },
      placeholder: vscode.l10n.t('Minutes'),
      value: this.quiesceTimeoutMinutes === undefined ? '' : String(this.quiesceTimeoutMinutes),
      prompt: vscode.l10n.t(
        'Minutes that the guest gets to write its file systems to disk, {0} to {1}. Leave it empty for what the server does by itself.',
        minQuiesceMinutes,
        maxQuiesceMinutes,
      ),
      validate: (text) =>
        isQuiesceTimeout(text)
          ? undefined
          : {
              severity: 'error',
              message: vscode.l10n.t('Enter a whole number from {0} to {1}.', minQuiesceMinutes, maxQuiesceMinutes),
            },
    });
    if (went === 'next') {
      this.quiesceTimeoutMinutes = value.trim() === '' ? undefined : Number(value);
      // Whoever sets it wants it.
      this.contents = 'quiesced';
    }
  }
}

function withHeading(choices: readonly ContentsChoice[]): (Choice<SnapshotContents> | Divider)[] {
  const items = choices.map(({ contents, label, description, detail, isAvailable }) => ({
    id: contents,
    label,
    ...(description !== undefined && { description: plain(description) }),
    detail,
    value: contents,
    isUnavailable: !isAvailable,
  }));
  const unavailable = items.filter(({ isUnavailable }) => isUnavailable);
  return unavailable.length === 0
    ? items
    : [
        ...items.filter(({ isUnavailable }) => !isUnavailable),
        { divider: vscode.l10n.t('not available') },
        ...unavailable,
      ];
}

function isQuiesceTimeout(text: string): boolean {
  const trimmed = text.trim();
  const minutes = Number(trimmed);
  return trimmed === '' || (/^\d+$/.test(trimmed) && minutes >= minQuiesceMinutes && minutes <= maxQuiesceMinutes);
}
