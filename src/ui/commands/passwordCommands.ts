import * as vscode from 'vscode';
import type { Logger } from '../../common/logger';
import type { CredentialService } from '../../servers/credentialService';
import type { RemovalReport } from '../../servers/passwordRemoval';
import type { ServerProfile } from '../../servers/serverProfile';
import type { ServerRegistry } from '../../servers/serverRegistry';
import type { CommandBoundary } from '../feedback/commandBoundary';
import type { Messages } from '../feedback/messages';
import { askModal } from '../prompts/askModal';
import { nameInSentence } from '../text/names';
import type { CommandHandlers } from './commandRegistry';
import type { Targets } from './targets';

export interface PasswordCommandServices {
  readonly registry: ServerRegistry;
  readonly credentials: CredentialService;
  readonly targets: Targets;
  readonly boundary: CommandBoundary;
  readonly messages: Messages;
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
        offerForOthers(services, registry.profile(connection.id));
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

/** Where the same account is used, the same new password is wanted most of the time. */
function offerForOthers(services: PasswordCommandServices, changed: ServerProfile): void {
  const { registry, boundary, messages } = services;
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
  const labels = others.map(({ label }) => `'${nameInSentence(label)}'`).join(', ');
  const user = nameInSentence(changed.userName);
  messages.show(
    'information',
    vscode.l10n.t("The password of '{0}' was changed. The same user signs in to {1}.", user, labels),
    [
      {
        title: vscode.l10n.t('Use It There Too'),
        run: async () => {
          await boundary.run('changePassword', async () => {
            await copyPassword(services, changed, others);
          });
        },
      },
    ],
  );
}

async function copyPassword(
  { registry, credentials }: PasswordCommandServices,
  from: ServerProfile,
  others: readonly ServerProfile[],
): Promise<void> {
  const password = await credentials.find(from);
  if (password === undefined) {
    return;
  }
  try {
    for (const other of others) {
      if (credentials.hasForSession(from)) {
        await credentials.keepForSession(other, password);
      } else {
        await credentials.store(other, password);
      }
      registry.get(other.id)?.reconsider();
    }
  } finally {
    password.dispose();
  }
}

function tellRemoval({ removed, failures }: RemovalReport, messages: Messages): void {
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
