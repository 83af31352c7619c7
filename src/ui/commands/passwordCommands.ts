import * as vscode from 'vscode';
import type { Logger } from '../../common/logger';
import type { CredentialService } from '../../servers/credentialService';
import type { RemovalReport } from '../../servers/passwordRemoval';
import { formatAddress } from '../../servers/serverAddress';
import { asHypervisorError } from '../../servers/serverErrors';
import type { ServerProfile } from '../../servers/serverProfile';
import type { ServerRegistry } from '../../servers/serverRegistry';
import type { Messages } from '../feedback/messages';
import { askModal } from '../prompts/askModal';
import { pickMany } from '../prompts/pickMany';
import type { Formats } from '../text/formats';
import { nameInRow, nameInSentence } from '../text/names';
import { plain } from '../text/plain';
import { passwordUsedText, useForOthersText } from '../text/serverCounts';
import type { CommandHandlers } from './commandRegistry';
import type { Targets } from './targets';

export interface PasswordCommandServices {
  readonly registry: ServerRegistry;
  readonly credentials: CredentialService;
  readonly targets: Targets;
  readonly messages: Pick<Messages, 'show' | 'flash'>;
  readonly formats: Formats;
  readonly logger: Logger;
}

/** Stored passwords: another one, none for a server, none at all. */
export function passwordCommands(
  services: PasswordCommandServices,
): Pick<CommandHandlers, 'changePassword' | 'forgetPassword' | 'removeAllPasswords'> {
  const { registry, credentials, targets, messages, logger } = services;
  const none = (): string => vscode.l10n.t('There are no servers yet. Add one first.');
  return {
    changePassword: async (invocation) => {
      const title = vscode.l10n.t('Change Password');
      const connection = await targets.server(invocation, { title, none: none() });
      if (connection !== undefined) {
        // The new one is tried first; the old one stays until the server has taken it.
        await registry.connect(connection.id, { interactive: true, ask: 'changing' });
        await offerForOthers(services, registry.profile(connection.id));
      }
    },
    forgetPassword: async (invocation) => {
      const title = vscode.l10n.t('Forget Password');
      const connection = await targets.server(invocation, { title, none: none() });
      if (connection !== undefined) {
        await registry.forgetPassword(connection.id);
        messages.flash(vscode.l10n.t("The password for '{0}' is forgotten", nameInSentence(connection.label)));
      }
    },
    removeAllPasswords: async () => {
      const answer = await askModal(
        {
          message: vscode.l10n.t('Remove all passwords that vSphere Snapshots has stored?'),
          detail: vscode.l10n.t(
            "They are deleted from the OS keychain, from the editor's secret storage and from this window, also those of servers that are no longer in the list. The servers stay, and nothing changes on them.",
          ),
          buttons: [{ title: vscode.l10n.t('Remove All'), value: 'remove' }],
        },
        logger,
      );
      if (answer === 'remove') {
        tellRemoval(await credentials.removeAll(), messages);
      }
    },
  };
}

/** Where the same account is used, the same new password is wanted most of the time: one question for all of them. */
async function offerForOthers(services: PasswordCommandServices, changed: ServerProfile): Promise<void> {
  const { registry, formats } = services;
  const others = registry
    .all()
    .map(({ id }) => registry.profile(id))
    .filter(
      ({ id, isDemo, userName }) =>
        id !== changed.id && !isDemo && userName.toLowerCase() === changed.userName.toLowerCase(),
    );
  if (others.length === 0) {
    return;
  }
  const chosen = await pickMany({
    title: vscode.l10n.t('Change Password'),
    placeholder: useForOthersText(others.length, changed.userName, formats),
    choices: others.map((other) => ({
      id: other.id,
      label: plain(nameInRow(other.label)),
      description: plain(formatAddress(other)),
      value: other,
      isTicked: true,
    })),
  });
  if (chosen.length > 0) {
    await copyPassword(services, changed, chosen);
  }
}

/** Each server on its own: one whose store refuses keeps no other from its new password. */
async function copyPassword(
  { registry, credentials, messages, formats }: PasswordCommandServices,
  from: ServerProfile,
  others: readonly ServerProfile[],
): Promise<void> {
  const password = await credentials.find(from);
  if (password === undefined) {
    return;
  }
  const failures: string[] = [];
  try {
    for (const other of others) {
      try {
        await (credentials.hasForSession(from)
          ? credentials.keepForSession(other, password)
          : credentials.store(other, password));
        registry.get(other.id)?.passwordChanged();
      } catch (error) {
        failures.push(`'${nameInSentence(other.label)}': ${asHypervisorError(error).say()}`);
      }
    }
  } finally {
    password.dispose();
  }
  const done = others.length - failures.length;
  if (failures.length === 0) {
    messages.flash(passwordUsedText(done, formats));
  } else {
    messages.show('warning', [`${passwordUsedText(done, formats)}.`, ...failures].join(' '));
  }
}

function tellRemoval({ removed, failures }: RemovalReport, messages: Pick<Messages, 'show'>): void {
  const what =
    removed === 0
      ? vscode.l10n.t('No stored passwords were found.')
      : removed === 1
        ? vscode.l10n.t('1 stored password was removed.')
        : vscode.l10n.t('{0} stored passwords were removed.', removed);
  if (failures.length === 0) {
    messages.show('information', what);
    return;
  }
  const places = [...new Set(failures.map(({ label }) => label))].join(', ');
  messages.show('warning', vscode.l10n.t('{0} Some may be left: {1} did not answer or refused.', what, places));
}
