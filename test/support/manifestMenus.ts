import assert from 'node:assert/strict';
import {
  commandId,
  type CommandName,
  commandTable,
  type CommandUse,
  type RowKind,
  viewIds,
} from '../../src/ui/text/commandIds';
import { type MenuItem, readManifest, readManifestTexts } from './manifest';
import type { RowShape } from './rowShapes';
import { parseWhen, type WhenContext } from './whenClause';

const manifest = readManifest();
const { contributes } = manifest;
const texts = readManifestTexts();

export const commandNames = Object.keys(commandTable) as CommandName[];
export const commandUses: Readonly<Record<CommandName, CommandUse>> = commandTable;
export const submenuId = 'vsphereSnapshots.snapshots';
export const submenuOfAllId = 'vsphereSnapshots.snapshotsOfAll';

/** The English text behind a `%key%`. */
export function text(key: string): string {
  const match = /^%(.+)%$/.exec(key);
  assert.ok(match?.[1] !== undefined, `'${key}' is no key of package.nls.json`);
  return texts[match[1]] ?? assert.fail(`package.nls.json lacks '${match[1]}'`);
}

export function titleOf(name: CommandName): string {
  const command = contributes.commands.find((each) => each.command === commandId(name));
  assert.ok(command, `the manifest lacks ${name}`);
  return text(command.title);
}

/** The command's name in the table. */
export function nameOf(command: string): CommandName {
  const name = commandNames.find((each) => commandId(each) === command);
  return name ?? assert.fail(`${command} is not in the table`);
}

export function matches(item: MenuItem, context: WhenContext): boolean {
  return item.when === undefined || parseWhen(item.when).matches(context);
}

function viewOf(kind: RowKind): string {
  return kind === 'operation' || kind === 'bulk' ? viewIds.tasks : viewIds.inventory;
}

/** What VS Code knows when it makes the menu of a row. */
export function contextOf({ kind, contextValue }: RowShape, more: WhenContext = {}): WhenContext {
  return { view: viewOf(kind), viewItem: contextValue, listMultiSelection: false, ...more };
}

/** What a row's menu offers, group by group; the submenu's items in its place. Inline icons are in group `inline`. */
export function menuOf(
  shape: RowShape,
  more: WhenContext = {},
): { readonly group: string; readonly name: CommandName }[] {
  const context = contextOf(shape, more);
  const visible = (menu: string): MenuItem[] =>
    (contributes.menus[menu] ?? [])
      .filter((item) => matches(item, context))
      .sort((a, b) => ((a.group ?? '') < (b.group ?? '') ? -1 : 1));
  return visible('view/item/context').flatMap((item) =>
    item.submenu === undefined
      ? [{ group: item.group ?? '', name: nameOf(item.command ?? '') }]
      : visible(item.submenu).map((inner) => ({
          group: `${item.group}/${inner.group}`,
          name: nameOf(inner.command ?? ''),
        })),
  );
}

export function isInline({ group }: { readonly group: string }): boolean {
  return group.startsWith('inline');
}

/** Titles of the menu of a row with these flags, inline icons left out. */
export function titles(kind: RowKind, contextValue: string): string[] {
  return menuOf({ kind, contextValue })
    .filter((item) => !isInline(item))
    .map(({ name }) => titleOf(name));
}
