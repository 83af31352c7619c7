import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import type { Logger } from '../../common/logger';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { Settings } from '../adapters/settings';
import { pickMany } from '../prompts/pickMany';
import { type DiagnosedServer, diagnosticsText } from '../text/diagnosticsText';
import { type SettingKey, settingKeys } from '../text/settingRules';
import type { ServerDirectory } from '../tree/serverDirectory';
import type { CommandHandlers } from './commandRegistry';

/** What tells how the product is doing, beside what it shows. */
export interface DiagnosticSources {
  /** Of the product and of what it runs in. */
  readonly versions: Readonly<Record<string, string>>;
  /** The last lines of the log. */
  readonly logTail: () => string;
  /** What was asked of servers, in all windows. */
  readonly journal: () => Promise<string>;
  /** Takes out every secret that is in use. */
  readonly redact: (text: string) => string;
}

export interface DiagnosticServices extends DiagnosticSources {
  readonly directory: ServerDirectory;
  readonly settings: Pick<Settings, 'get' | 'isChanged'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Part = 'log' | 'journal';

/** What somebody who is asked for help has to know, as a text in an editor: read first, then given away. */
export function diagnosticCommands(services: DiagnosticServices): Pick<CommandHandlers, 'collectDiagnostics'> {
  return {
    collectDiagnostics: async () => {
      const parts = await askParts();
      const text = diagnosticsText({
        collectedAtMs: services.clock.now(),
        versions: services.versions,
        servers: services.directory.all().map((connection) => diagnosed(services, connection)),
        changedSettings: changedSettings(services.settings),
        log: parts.includes('log') ? services.logTail() : undefined,
        journal: parts.includes('journal') ? await journalOf(services) : undefined,
      });
      const content = services.redact(text);
      const document = await vscode.workspace.openTextDocument({ content, language: 'plaintext' });
      await vscode.window.showTextDocument(document);
    },
  };
}

async function askParts(): Promise<readonly Part[]> {
  return await pickMany<Part>({
    title: vscode.l10n.t('Collect Diagnostics'),
    placeholder: vscode.l10n.t('What to add to versions, changed settings and names of servers'),
    choices: [
      {
        id: 'log',
        label: vscode.l10n.t('Log of This Window'),
        description: vscode.l10n.t('its last lines'),
        isTicked: true,
        value: 'log',
      },
      {
        id: 'journal',
        label: vscode.l10n.t('Journal of Operations'),
        description: vscode.l10n.t('with names of VMs, snapshots and accounts'),
        isTicked: true,
        value: 'journal',
      },
    ],
  });
}

function diagnosed({ directory }: DiagnosticServices, connection: HypervisorConnection): DiagnosedServer {
  const { id, label, state, inventory, isReadOnly } = connection;
  const facts = directory.facts(id);
  return {
    label,
    product: facts?.product,
    state: state.kind,
    vmCount: inventory.vmCount,
    isDemo: facts?.isDemo === true,
    trust: facts?.trust,
    isReadOnly,
  };
}

function changedSettings(settings: DiagnosticServices['settings']): ReadonlyMap<SettingKey, unknown> {
  return new Map(settingKeys.filter((key) => settings.isChanged(key)).map((key) => [key, settings.get(key)]));
}

/** A journal that cannot be read is a finding by itself, and no reason to withhold the rest. */
async function journalOf({ journal, logger }: DiagnosticServices): Promise<string> {
  try {
    return await journal();
  } catch (error) {
    logger.error('The journal could not be read for a collection of diagnostics', error);
    return 'It could not be read; the log says why.';
  }
}
