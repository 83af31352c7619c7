import * as vscode from 'vscode';
import { HypervisorError } from '../../hypervisor/errors';
import { type ImportedServer, readExchange, writeExchange } from '../../servers/profileExchange';
import { formatAddress } from '../../servers/serverAddress';
import type { ServerRegistry } from '../../servers/serverRegistry';
import type { Messages } from '../feedback/messages';
import { type TickableChoice, pickMany } from '../prompts/pickMany';
import type { Divider } from '../prompts/pickOne';
import type { Formats } from '../text/formats';
import { nameInRow } from '../text/names';
import { plain } from '../text/plain';
import { importedText } from '../text/serverCounts';
import type { InventoryView } from '../tree/inventoryView';
import type { CommandHandlers, Invocation } from './commandRegistry';

export interface ExchangeCommandServices {
  readonly registry: ServerRegistry;
  readonly inventory: Pick<InventoryView, 'revealServer'>;
  readonly messages: Pick<Messages, 'show' | 'flash'>;
  readonly formats: Formats;
}

// A thousand servers take a third of it; anything larger is another file.
const maxFileBytes = 2 * 1024 * 1024;
const fileName = 'vsphere-servers.json';

/**
 * The list of servers as a file, for another machine or a colleague. Passwords never go along.
 *
 * @remarks Both take the file as an argument instead of asking for it, so that keys and other extensions can name it.
 */
export function exchangeCommands(
  services: ExchangeCommandServices,
): Pick<CommandHandlers, 'exportServers' | 'importServers'> {
  return {
    exportServers: async (invocation) => {
      await exportServers(services, invocation);
    },
    importServers: async (invocation) => {
      await importServers(services, invocation);
    },
  };
}

async function exportServers({ registry, messages }: ExchangeCommandServices, { argument }: Invocation): Promise<void> {
  const profiles = registry
    .all()
    .map(({ id }) => registry.profile(id))
    .filter(({ isDemo }) => !isDemo);
  if (profiles.length === 0) {
    messages.show('information', vscode.l10n.t('There are no servers to export. The demo is not exported.'));
    return;
  }
  const file = await fileToWrite(argument);
  if (file !== undefined) {
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(writeExchange(profiles)));
    messages.flash(vscode.l10n.t('The servers were exported, without passwords'));
  }
}

async function importServers(services: ExchangeCommandServices, { argument }: Invocation): Promise<void> {
  const { registry, inventory, messages, formats } = services;
  const file = await fileToRead(argument);
  if (file === undefined) {
    return;
  }
  const servers = readExchange(await readText(file));
  const chosen = await chooseServers(servers, registry);
  if (chosen.length === 0) {
    return;
  }
  const trusted = new Set(await chooseCertificates(chosen, formats));
  const added = await registry.addAll(
    chosen.map((server) => {
      const { profile, certificate } = server;
      return certificate !== undefined && trusted.has(server) ? { ...profile, trust: certificate } : profile;
    }),
  );
  messages.flash(importedText(added.length, formats));
  const [first] = added;
  if (first !== undefined) {
    await inventory.revealServer(first, { focus: true });
  }
}

/** Which of the file's servers are wanted: all that are not in the list yet, unless the person unticks some. */
async function chooseServers(
  servers: readonly ImportedServer[],
  registry: ServerRegistry,
): Promise<readonly ImportedServer[]> {
  const choices = servers.map((server, index) => ({
    ...serverChoice(server, index),
    existing: registry.findSame(server.profile),
  }));
  const fresh = choices.filter(({ existing }) => existing === undefined);
  const known = choices.flatMap(({ existing }) => (existing === undefined ? [] : [nameInRow(existing.label)]));
  if (fresh.length === 0) {
    throw new HypervisorError('nothingToDo', 'every server of the file is there already', () =>
      servers.length === 0
        ? vscode.l10n.t('There are no servers in the file.')
        : vscode.l10n.t('All servers of the file are in the list already.'),
    );
  }
  const left: Divider[] =
    known.length === 0 ? [] : [{ divider: vscode.l10n.t('in the list already: {0}', known.join(', ')) }];
  return await pickMany<ImportedServer>({
    title: vscode.l10n.t('Import Servers'),
    placeholder: vscode.l10n.t('Servers to add; their passwords are asked for when they are connected'),
    choices: [...left, ...fresh],
  });
}

function serverChoice(server: ImportedServer, index: number): TickableChoice<ImportedServer> {
  const { profile } = server;
  const guards = [
    ...(profile.isProtected ? [vscode.l10n.t('protected')] : []),
    ...(profile.isReadOnly ? [vscode.l10n.t('read-only')] : []),
  ];
  return {
    id: String(index),
    label: plain(nameInRow(profile.label)),
    description: plain([formatAddress(profile), nameInRow(profile.userName), ...guards].join(' · ')),
    value: server,
    isTicked: true,
  };
}

/**
 * Which certificates that came along are trusted: none, unless the person ticks them. A file is no proof: whoever made it
 * could have put a certificate of his own into it. What is not trusted here is asked about at the first connection.
 */
async function chooseCertificates(
  servers: readonly ImportedServer[],
  formats: Formats,
): Promise<readonly ImportedServer[]> {
  const choices = servers.flatMap((server, index): TickableChoice<ImportedServer>[] => {
    const { profile, certificate } = server;
    return certificate === undefined
      ? []
      : [
          {
            id: String(index),
            label: plain(nameInRow(profile.host)),
            description: plain(
              vscode.l10n.t(
                'issued by {0}, valid until {1}',
                nameInRow(certificate.issuer),
                formats.date(certificate.validToMs),
              ),
            ),
            detail: certificate.sha256,
            value: server,
            isTicked: false,
          },
        ];
  });
  return choices.length === 0
    ? []
    : await pickMany<ImportedServer>({
        title: vscode.l10n.t('Trust These Certificates?'),
        placeholder: vscode.l10n.t('Tick only what you have compared; the others are asked about when you connect'),
        choices,
      });
}

async function fileToWrite(argument: unknown): Promise<vscode.Uri | undefined> {
  return argument instanceof vscode.Uri
    ? argument
    : await vscode.window.showSaveDialog({
        title: vscode.l10n.t('Export Servers'),
        saveLabel: vscode.l10n.t('Export'),
        defaultUri: vscode.Uri.joinPath(folderToStartIn(), fileName),
        filters: { JSON: ['json'] },
      });
}

async function fileToRead(argument: unknown): Promise<vscode.Uri | undefined> {
  if (argument instanceof vscode.Uri) {
    return argument;
  }
  const files = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Import Servers'),
    openLabel: vscode.l10n.t('Import'),
    filters: { JSON: ['json'] },
  });
  return files?.[0];
}

function folderToStartIn(): vscode.Uri {
  return vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
}

async function readText(file: vscode.Uri): Promise<string> {
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size <= maxFileBytes) {
      return new TextDecoder('utf-8', { fatal: true }).decode(await vscode.workspace.fs.readFile(file));
    }
  } catch (error) {
    throw new HypervisorError(
      'invalidInput',
      'a file of servers cannot be read',
      () => vscode.l10n.t("The file can't be read. Nothing was imported."),
      { cause: error },
    );
  }
  throw new HypervisorError('invalidInput', 'a file of servers is too large', () =>
    vscode.l10n.t('The file is too large for a list of servers. Nothing was imported.'),
  );
}
