import * as vscode from 'vscode';
import type { Event } from '../../common/event';
import { type Answer, askQuickInput, type QuestionFrame } from './quickInput';

/** So many choices are shown at most: the editor draws every item that it is given, and thousands would freeze it. */
export const maxItems = 200;

/** One choice. Its texts are shown as they are: icons in them are drawn, so foreign text has to come through `plain`. */
export interface Choice<T> {
  /** Tells the choice from all others, also after it was made anew. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
  /** Shown, with the reason in its description, but cannot be picked. The editor knows no such thing by itself. */
  readonly isUnavailable?: boolean;
}

/** A heading over the choices that follow it. The editor draws none that nothing follows. */
export interface Divider {
  readonly divider: string;
}

export interface PickQuestion<T> extends QuestionFrame {
  readonly placeholder: string;
  readonly choices: () => readonly (Choice<T> | Divider)[];
  /**
   * Gives the choices for what is typed, best first. Without it the editor searches labels and descriptions by itself,
   * which is right for short lists only.
   */
  readonly search?: (typed: string) => readonly (Choice<T> | Divider)[];
  /** What stands below, however many choices there are. */
  readonly footer?: (typed: string) => readonly (Choice<T> | Divider)[];
  /** Fires when there are other choices. */
  readonly changed?: Event<unknown>;
  /** Identity of the choice that is active at first; else the first one. */
  readonly initialId?: string | undefined;
  /** Whether more choices are still coming. */
  readonly busy?: () => boolean;
}

type Item<T> = vscode.QuickPickItem & { readonly choice?: Choice<T> };

/**
 * Has one of several choices picked.
 *
 * @returns the choice; undefined only with `back` and `left`
 * @throws CancelledError when the person gives up.
 */
export async function pickOne<T>(question: PickQuestion<T>): Promise<Answer<T | undefined>> {
  const pick = vscode.window.createQuickPick<Item<T>>();
  pick.placeholder = question.placeholder;
  pick.matchOnDescription = true;
  // What the person has moved to stays where it is while other choices come and go.
  pick.keepScrollPosition = true;
  const active = (): Choice<T> | undefined => pick.activeItems[0]?.choice;
  const activate = (id: string | undefined): void => {
    const item = pick.items.find(({ choice }) => choice !== undefined && choice.id === id);
    if (item !== undefined) {
      pick.activeItems = [item];
    }
  };
  /** @returns the identity of the choice that was active before. */
  const fill = (): string | undefined => {
    const typed = pick.value.trim();
    const isSearched = question.search !== undefined;
    const choices = question.search === undefined ? question.choices() : question.search(typed);
    const before = active();
    pick.items = [...toItems(choices, isSearched), ...toItems(question.footer?.(typed) ?? [], isSearched)];
    pick.busy = question.busy?.() ?? false;
    return before?.id;
  };
  return await askQuickInput(pick, question, {
    value: () => active()?.value,
    wire: ({ settle }, resources) => {
      fill();
      activate(question.initialId);
      // The editor answers later than it is told. Until it has drawn what was found for a new text, what it calls active
      // was found for the one before.
      let isBehind = false;
      // It names an item by its place. An Enter that was pressed before it has drawn new items arrives here as the one
      // that now stands in that place: until the editor has caught up, only the one that was active counts.
      let expected: string | undefined;
      if (question.search !== undefined) {
        // The best match comes first for each new text, so nothing that was active before stays so.
        resources.add(
          pick.onDidChangeValue(() => {
            fill();
            isBehind = true;
            expected = undefined;
          }),
        );
      }
      const update = (): void => {
        const before = fill();
        if (!isBehind) {
          expected = before;
          activate(before);
        }
      };
      resources.add(
        pick.onDidChangeActive(() => {
          isBehind = false;
          expected = active()?.id === expected ? undefined : expected;
        }),
      );
      if (question.changed !== undefined) {
        resources.add(question.changed(update));
      }
      const accept = (): void => {
        // Who types and presses Enter at once means the best match of what was typed, not what stood there before.
        const choice = isBehind ? pick.items.find((item) => item.choice !== undefined)?.choice : active();
        const isOutdated = expected !== undefined && choice?.id !== expected;
        expected = undefined;
        if (choice !== undefined && choice.isUnavailable !== true && !isOutdated) {
          settle({ went: 'next', value: choice.value });
        }
      };
      resources.add(pick.onDidAccept(accept));
    },
  });
}

function toItems<T>(choices: readonly (Choice<T> | Divider)[], searchedHere: boolean): Item<T>[] {
  const items = choices.slice(0, maxItems).map((choice): Item<T> => {
    if ('divider' in choice) {
      return { label: choice.divider, kind: vscode.QuickPickItemKind.Separator };
    }
    const { label, description, detail } = choice;
    return {
      label,
      ...(description !== undefined && { description }),
      ...(detail !== undefined && { detail }),
      // What was found here has been judged already; the editor must not filter it a second time by its own rules.
      alwaysShow: searchedHere,
      choice,
    };
  });
  return choices.length <= maxItems
    ? items
    : [
        ...items,
        { label: vscode.l10n.t('More: type to narrow the list down'), kind: vscode.QuickPickItemKind.Separator },
      ];
}
