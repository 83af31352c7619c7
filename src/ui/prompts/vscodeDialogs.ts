import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import type { Logger } from '../../common/logger';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ServerTask } from '../../hypervisor/model/task';
import type { PlanDifference } from '../../hypervisor/plan/comparePlans';
import type { Plan } from '../../hypervisor/plan/plan';
import type { Confirmation, OperationDialogs } from '../../operations/dialogs';
import type { ConfirmationNeed } from '../../operations/policy';
import { type BlockedContext, blockedText, busyText, changedText } from '../text/blockedText';
import { type ConfirmationChoice, confirmationText } from '../text/confirmations';
import type { Formats } from '../text/formats';
import { nameInSentence } from '../text/names';
import { typedConfirmation } from '../text/typedConfirmation';
import { askModal } from './askModal';
import { askTyped } from './askTyped';

export interface DialogServices {
  readonly formats: Formats;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether the person wants to be offered a snapshot before a restore. */
  readonly offerSnapshotFirst: () => boolean;
  /** Four digits that nobody can know before they are shown. */
  readonly createCode: () => string;
  /** Says something for a moment. */
  readonly flash: (text: string) => void;
  /** Brings the tasks to the front. */
  readonly showTasks: () => Promise<void>;
}

/** The questions of an operation as modal dialogs of the editor. For one VM at a time. */
export class VscodeDialogs implements OperationDialogs {
  /**
   * @param snapshotName - under which the person chose the snapshot, for when it is gone
   * @param chosen - what the person has chosen before, with the outcome before his eyes
   */
  constructor(
    private readonly services: DialogServices,
    private readonly snapshotName?: string,
    private readonly chosen?: ConfirmationChoice,
  ) {}

  async explainBlocked(connection: HypervisorConnection, plan: Plan): Promise<'proceed' | undefined> {
    const text = blockedText(connection, plan, this.context());
    const choice = await askModal(text, this.services.logger);
    if (choice === 'copy') {
      await vscode.env.clipboard.writeText([text.message, text.detail].filter((line) => line !== '').join('\n'));
    }
    return choice === 'proceed' ? choice : undefined;
  }

  async askAboutBusy(
    _connection: HypervisorConnection,
    plan: Plan,
    task: ServerTask | undefined,
  ): Promise<'wait' | undefined> {
    const choice = await askModal(busyText(plan, task, this.context()), this.services.logger);
    if (choice === 'show') {
      await this.services.showTasks();
    } else if (choice === 'wait') {
      // It becomes a task only when its turn has come.
      this.services.flash(vscode.l10n.t("Waiting until '{0}' is free", nameInSentence(plan.vm.name)));
    }
    return choice === 'wait' ? choice : undefined;
  }

  async confirm(
    _connection: HypervisorConnection,
    plan: Plan,
    need: ConfirmationNeed,
  ): Promise<Confirmation | undefined> {
    const { formats, clock, logger, offerSnapshotFirst } = this.services;
    const text = confirmationText(plan, {
      formats,
      nowMs: clock.now(),
      offerSnapshotFirst: offerSnapshotFirst(),
      chosen: this.chosen,
    });
    const choice = await askModal(text, logger);
    if (choice === undefined || (need.typed && !(await this.isTyped(plan)))) {
      return undefined;
    }
    return { snapshotFirst: choice === 'snapshotFirst' };
  }

  async explainChange(
    connection: HypervisorConnection,
    _confirmed: Plan,
    now: Plan,
    differences: readonly PlanDifference[],
  ): Promise<'review' | undefined> {
    return await askModal(changedText(connection, now, differences, this.context()), this.services.logger);
  }

  /** Has the confirmation typed. */
  private async isTyped(plan: Plan): Promise<boolean> {
    const { formats, createCode } = this.services;
    return await askTyped(typedConfirmation(plan, createCode(), formats));
  }

  private context(): BlockedContext {
    const { formats, clock } = this.services;
    return { formats, nowMs: clock.now(), snapshotName: this.snapshotName };
  }
}
