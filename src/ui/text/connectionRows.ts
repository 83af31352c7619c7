import * as l10n from '@vscode/l10n';
import { CertificateError, type HypervisorError, type NextStep } from '../../hypervisor/errors';
import type { ConnectionState, HypervisorConnection } from '../../hypervisor/connection';
import type { CommandName } from './commandIds';
import { vmCount } from './counts';
import { nameInRow, nameInSentence } from './names';
import {
  contextFlags,
  joinFacts,
  joinSpoken,
  protectionMarks,
  type RowContext,
  type RowDescription,
} from './rowContext';
import type { NoticeNode, ServerNode } from './treeNode';

/** The row of a server. */
export function describeServer({ connection }: ServerNode, context: RowContext): RowDescription {
  const facts = context.facts(connection);
  const label = nameInRow(connection.label);
  const readOnly = connection.isReadOnly ? l10n.t('read-only') : undefined;
  const state = stateInRow(connection, context);
  const isDemo = facts?.isDemo === true;
  const protection = protectionMarks(context.protection(connection, undefined));
  return {
    label,
    // That it is protected shows as a badge.
    description: joinFacts(isDemo ? l10n.t('demo') : undefined, readOnly, state),
    ...stateIcon(connection.state),
    contextValue: contextFlags(
      'server',
      stateFlag(connection.state),
      isDemo ? 'demo' : 'saved',
      connection.isReadOnly ? 'readonly' : 'writable',
      protection.flag,
      facts?.passwordStore === undefined ? undefined : 'password',
    ),
    accessibilityLabel: joinSpoken(
      label,
      isDemo ? l10n.t('demo server') : l10n.t('server'),
      state,
      readOnly,
      protection.spoken,
    ),
    ...protection.badge,
    // In the list of snapshots a server has nothing to show but why it shows nothing.
    collapsible:
      context.layout === 'snapshots' && context.rows.noticeOf(connection) === undefined ? 'none' : 'expanded',
  };
}

/** A sentence in place of rows, and the commands that help, the most likely one first. */
export interface NoticeText {
  readonly sentence: string;
  readonly iconId: string;
  readonly iconColor?: string;
  readonly commands: readonly CommandName[];
}

export function noticeText({ connection, notice }: NoticeNode): NoticeText {
  switch (notice) {
    case 'loading':
      return {
        sentence: connection.state.kind === 'loading' ? l10n.t('Reading the inventory...') : l10n.t('Connecting...'),
        iconId: 'loading~spin',
        commands: [],
      };
    case 'noVms':
      return {
        sentence: l10n.t("No virtual machines are visible to '{0}'.", nameInSentence(connection.userName)),
        iconId: 'info',
        commands: ['refresh'],
      };
    case 'notConnected':
      return {
        sentence: l10n.t("Not connected to '{0}'.", nameInSentence(connection.label)),
        iconId: 'debug-disconnect',
        commands: ['retryConnection'],
      };
    case 'error':
      return errorNotice(connection);
  }
}

export function describeNotice(node: NoticeNode): RowDescription {
  const { sentence, iconId, iconColor, commands } = noticeText(node);
  return {
    label: nameInRow(sentence),
    description: '',
    iconId,
    ...(iconColor !== undefined && { iconColor }),
    contextValue: contextFlags('notice', ...commands),
    accessibilityLabel: sentence,
    collapsible: 'none',
  };
}

/** The user without the domain, for a narrow row: `jdoe` of `CORP\jdoe` and of `jdoe@corp.example`. */
function shortUserName(userName: string): string {
  const short = userName.split('\\').at(-1)?.split('@')[0];
  return nameInRow(short === undefined || short === '' ? userName : short);
}

function stateInRow(connection: HypervisorConnection, { formats, nowMs }: RowContext): string {
  const { state, inventory } = connection;
  switch (state.kind) {
    case 'disconnected':
      return l10n.t('not connected');
    case 'connecting':
      return l10n.t('connecting...');
    case 'loading':
      return l10n.t('reading: {0}', vmCount(inventory.vmCount, formats));
    case 'live':
      return joinFacts(vmCount(inventory.vmCount, formats), shortUserName(connection.userName));
    case 'reconnecting':
      return l10n.t('offline since {0}', formats.since(state.sinceMs, nowMs));
    case 'failed':
      return failureInRow(state.error) ?? l10n.t('offline since {0}', formats.since(state.sinceMs, nowMs));
  }
}

function failureInRow(error: HypervisorError): string | undefined {
  if (error instanceof CertificateError) {
    return error.problem === 'changed' ? l10n.t('certificate has changed') : l10n.t('certificate not trusted');
  }
  switch (error.kind) {
    case 'loginRefused':
    case 'loginNotAllowed':
    case 'sessionEnded':
    case 'passwordNeeded':
    case 'passwordUnavailable':
      return l10n.t('sign-in needed');
    case 'notAServer':
      return l10n.t('not a vSphere server');
    case 'unsupportedVersion':
      return l10n.t('version not supported');
    default:
      return undefined;
  }
}

function stateIcon({ kind }: ConnectionState): Pick<RowDescription, 'iconId' | 'iconColor'> {
  switch (kind) {
    case 'disconnected':
      return { iconId: 'debug-disconnect' };
    case 'connecting':
    case 'loading':
      return { iconId: 'loading~spin' };
    case 'live':
      return { iconId: 'server' };
    case 'reconnecting':
      return { iconId: 'debug-disconnect', iconColor: 'disabledForeground' };
    case 'failed':
      return { iconId: 'error', iconColor: 'list.errorForeground' };
  }
}

function stateFlag({ kind }: ConnectionState): string {
  switch (kind) {
    case 'connecting':
    case 'loading':
      return 'connecting';
    case 'reconnecting':
      return 'offline';
    case 'disconnected':
    case 'live':
    case 'failed':
      return kind;
  }
}

function errorNotice({ state, label, userName }: HypervisorConnection): NoticeText {
  const iconId = 'error';
  const iconColor = 'list.errorForeground';
  if (state.kind !== 'failed' && state.kind !== 'reconnecting') {
    // Between two looks at the connection the error has gone.
    return { sentence: l10n.t('Connecting...'), iconId: 'loading~spin', commands: [] };
  }
  const sentence = state.error.say({ serverLabel: nameInSentence(label), userName: nameInSentence(userName) });
  return { sentence, iconId, iconColor, commands: [...helpfulCommands(state.error), 'showLog'] };
}

function helpfulCommands({ kind, nextStep }: HypervisorError): readonly CommandName[] {
  switch (kind) {
    case 'loginRefused':
    case 'loginNotAllowed':
      // Another try with the same password helps nobody and may lock the account.
      return ['enterPassword', 'editServer'];
    case 'passwordUnavailable':
      return ['retryConnection', 'enterPassword'];
    case 'nameNotFound':
    case 'notAServer':
      return ['editServer', 'retryConnection'];
    default:
      return [
        nextStep === undefined ? 'retryConnection' : (commandOfStep[nextStep] ?? 'retryConnection'),
        'editServer',
      ];
  }
}

const commandOfStep: Partial<Readonly<Record<NextStep, CommandName>>> = {
  editServer: 'editServer',
  enterPassword: 'enterPassword',
  reviewCertificate: 'reviewCertificate',
};
