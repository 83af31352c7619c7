import * as vscode from 'vscode';
import type { Choice, Divider } from './pickOne';
import { askQuickInput, type QuestionFrame } from './quickInput';

export interface ManyQuestion<T> extends QuestionFrame {
  readonly placeholder: string;
  readonly choices: readonly (TickableChoice<T> | Divider)[];
  /** Whether an Enter counts only when something is ticked. */
  readonly needsOne?: boolean;
}

/**
 * One row of a list in which several can be ticked. As {@link Choice}, its texts are shown as they are. One that is
 * unavailable loses its tick again.
 */
export interface TickableChoice<T> extends Choice<T> {
  readonly isTicked: boolean;
}

type Item<T> = vscode.QuickPickItem & { readonly choice?: TickableChoice<T> };

/**
 * Has any number of choices ticked.
 *
 * @returns the ticked ones in the order of the list, perhaps none
 * @throws CancelledError when the person gives up.
 */
export async function pickMany<T>(question: ManyQuestion<T>): Promise<readonly T[]> {
  const pick = vscode.window.createQuickPick<Item<T>>();
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.placeholder = question.placeholder;
  const items = question.choices.map(itemOf);
  pick.items = items;
  pick.selectedItems = items.filter(({ choice }) => choice?.isTicked === true);
  const ticked = (): readonly T[] => {
    const selected = new Set(pick.selectedItems);
    return items.flatMap((item) =>
      item.choice !== undefined && item.choice.isUnavailable !== true && selected.has(item) ? [item.choice.value] : [],
    );
  };
  const { value } = await askQuickInput<readonly T[]>(pick, question, {
    value: ticked,
    wire: ({ settle }, resources) => {
      resources.add(
        pick.onDidChangeSelection((selected) => {
          const available = selected.filter(({ choice }) => choice?.isUnavailable !== true);
          if (available.length < selected.length) {
            pick.selectedItems = available;
          }
        }),
      );
      resources.add(
        pick.onDidAccept(() => {
          const value = ticked();
          if (value.length > 0 || question.needsOne !== true) {
            settle({ went: 'next', value });
          }
        }),
      );
    },
  });
  return value;
}

function itemOf<T>(choice: TickableChoice<T> | Divider): Item<T> {
  if ('divider' in choice) {
    return { label: choice.divider, kind: vscode.QuickPickItemKind.Separator };
  }
  const { label, description, detail } = choice;
  return { label, ...(description !== undefined && { description }), ...(detail !== undefined && { detail }), choice };
}
