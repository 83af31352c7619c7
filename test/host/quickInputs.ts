import * as vscode from 'vscode';
import { eventually } from '../support/eventually';

type Question = vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>;

/**
 * A hand at the questions that code under test asks. The questions are the editor's own and are answered through the
 * editor's own commands; the hand only knows which one was asked last, and types into it.
 */
export class QuickInputHand {
  private readonly asked: Question[] = [];
  private readonly createInputBox = vscode.window.createInputBox;
  private readonly createQuickPick = vscode.window.createQuickPick;

  constructor() {
    vscode.window.createInputBox = () => this.noted(this.createInputBox());
    vscode.window.createQuickPick = <T extends vscode.QuickPickItem>() => this.noted(this.createQuickPick<T>());
  }

  /** Waits until a question with this title is asked, the step included if it has any: `Add Server (1/3)`. */
  async question(title: string): Promise<Question> {
    return await eventually(`the question '${title}'`, () => {
      const last = this.asked.at(-1);
      const shown = last && titleOf(last);
      if (shown !== title) {
        throw new Error(`What is asked is '${shown}', not '${title}'.`);
      }
      return last;
    });
  }

  async box(title: string): Promise<vscode.InputBox> {
    return (await this.question(title)) as vscode.InputBox;
  }

  async pick(title: string): Promise<vscode.QuickPick<vscode.QuickPickItem>> {
    return (await this.question(title)) as vscode.QuickPick<vscode.QuickPickItem>;
  }

  /** The question that is asked now, if it is a list with this placeholder. */
  pickWithPlaceholder(placeholder: string): vscode.QuickPick<vscode.QuickPickItem> | undefined {
    const last = this.asked.at(-1);
    return last !== undefined && 'items' in last && last.placeholder === placeholder ? last : undefined;
  }

  /** Enter. */
  async accept(): Promise<void> {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }

  /** Escape. */
  async cancel(): Promise<void> {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  }

  /** How many questions have been asked so far. */
  get count(): number {
    return this.asked.length;
  }

  dispose(): void {
    vscode.window.createInputBox = this.createInputBox;
    vscode.window.createQuickPick = this.createQuickPick;
  }

  private noted<T extends Question>(question: T): T {
    this.asked.push(question);
    return question;
  }
}

function titleOf({ title, step, totalSteps }: Question): string {
  return step === undefined ? (title ?? '') : `${title ?? ''} (${step}/${totalSteps ?? 0})`;
}
