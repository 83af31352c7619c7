import * as l10n from '@vscode/l10n';
import type { SettingKey } from './settingRules';

/** A server as a stranger may know it: without its address and the account. */
export interface DiagnosedServer {
  readonly label: string;
  /** `vCenter 8.0.3`; undefined while it was not asked. */
  readonly product: string | undefined;
  readonly state: string;
  readonly vmCount: number;
  readonly isDemo: boolean;
  /** How it proves who it is; undefined when it is not known any more. */
  readonly trust: string | undefined;
  readonly isReadOnly: boolean;
}

/** What a collection is made of. A part that the person has left out is undefined. */
export interface DiagnosticsFacts {
  readonly collectedAtMs: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly servers: readonly DiagnosedServer[];
  /** Those that are not as they are by default. */
  readonly changedSettings: ReadonlyMap<SettingKey, unknown>;
  readonly log: string | undefined;
  readonly journal: string | undefined;
}

/**
 * A collection as one text, for whoever is asked for help: but for what its owner is told, in English, as the log is.
 *
 * @remarks Whoever shows it passes it through the redactor first.
 */
export function diagnosticsText(facts: DiagnosticsFacts): string {
  const sections = [
    section('Versions', Object.entries(facts.versions).map(nameAndValue)),
    section('Servers', facts.servers.map(serverLine)),
    section('Settings that were changed', [...facts.changedSettings].map(settingLine)),
    ...(facts.log === undefined ? [] : [section('Log of this window', linesOf(facts.log))]),
    ...(facts.journal === undefined ? [] : [section('Journal of operations', linesOf(facts.journal))]),
  ];
  return [
    l10n.t('Read this before you give it to anybody, and delete what nobody else is to see.'),
    l10n.t(
      'Passwords and sessions are not in it. Names of servers are, and in the log and the journal also those of VMs, snapshots and accounts.',
    ),
    '',
    `vSphere Snapshots, diagnostics of ${new Date(facts.collectedAtMs).toISOString()}`,
    '',
    ...sections,
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string {
  return [title, '='.repeat(title.length), ...(lines.length === 0 ? ['none'] : lines), ''].join('\n');
}

function nameAndValue([name, value]: readonly [string, string]): string {
  return `${name}: ${value}`;
}

function serverLine(server: DiagnosedServer): string {
  const { label, product, state, vmCount, isDemo, trust, isReadOnly } = server;
  const facts = [
    product,
    state,
    `${vmCount} VMs`,
    trust === undefined ? undefined : `certificate ${trust}`,
    isDemo ? 'demo' : undefined,
    isReadOnly ? 'read-only' : undefined,
  ];
  return `${label}: ${facts.filter((fact) => fact !== undefined).join(', ')}`;
}

function settingLine([key, value]: readonly [SettingKey, unknown]): string {
  // Where a file lies tells who works here, and whether there is one is all that matters.
  return key === 'connection.caFile' ? `${key}: (a file)` : `${key}: ${JSON.stringify(value)}`;
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
