import * as vscode from 'vscode';
import { HypervisorError } from '../../hypervisor/errors';
import { formatAddress, parseServerAddress } from '../../servers/serverAddress';
import type { ServerProfile } from '../../servers/serverProfile';
import type { PasswordLeftover, ServerRegistry } from '../../servers/serverRegistry';
import { nameInSentence } from '../text/names';
import { askText, type Validation } from './askText';
import { runPages } from './multiStep';

// A name that fills the whole row tells no more than one that does not.
const maxLabelLength = 60;

/** What became of an edit. */
export interface ServerEdit {
  /** Whether the server is reached or signed in to in another way than before. */
  readonly needsConnection: boolean;
  /** What did not work out with the stored password. */
  readonly leftover: PasswordLeftover | undefined;
}

/**
 * Asks for another name, address and user of a server, and saves them.
 *
 * @throws CancelledError when the person gives up; HypervisorError of kind `gone` when the server was removed meanwhile.
 */
export async function editServer(before: ServerProfile, registry: ServerRegistry): Promise<ServerEdit> {
  let label = before.label;
  let addressText = formatAddress(before);
  let userName = before.userName;
  let leftover: PasswordLeftover | undefined;
  const title = vscode.l10n.t("Edit Server '{0}'", nameInSentence(before.label));
  await runPages([
    async (position) => {
      const { went, value } = await askText({
        title,
        position,
        value: label,
        prompt: vscode.l10n.t('Name under which it is shown'),
        validate: (text) => judgeLabel(text),
      });
      label = value;
      return went === 'back' ? 'back' : 'next';
    },
    async (position) => {
      const { went, value } = await askText({
        title,
        position,
        value: addressText,
        prompt: vscode.l10n.t('Name or IP address of the vCenter or ESXi server'),
        submit: (text) => Promise.resolve(judgeAddress(text)),
      });
      addressText = value;
      return went === 'back' ? 'back' : 'next';
    },
    async (position) => {
      const { went, value } = await askText({
        title,
        position,
        value: userName,
        prompt: vscode.l10n.t('User name'),
        validate: (text) => (text.trim() === '' ? error(vscode.l10n.t('Enter a user name.')) : undefined),
        submit: async (text) => {
          try {
            leftover = await registry.edit(before.id, {
              ...parseServerAddress(addressText),
              label: label.trim(),
              userName: text.trim(),
            });
            return undefined;
          } catch (failure) {
            return complaint(failure);
          }
        },
      });
      userName = value;
      return went === 'back' ? 'back' : 'next';
    },
  ]);
  const needsConnection =
    formatAddress(parseServerAddress(addressText)) !== formatAddress(before) || userName.trim() !== before.userName;
  return { needsConnection, leftover };
}

function judgeLabel(text: string): Validation | undefined {
  if (text.trim() === '') {
    return error(vscode.l10n.t('Enter a name.'));
  }
  return [...text.trim()].length > maxLabelLength
    ? error(vscode.l10n.t('Enter at most {0} characters.', maxLabelLength))
    : undefined;
}

function judgeAddress(text: string): Validation | undefined {
  try {
    parseServerAddress(text);
    return undefined;
  } catch (failure) {
    return complaint(failure);
  }
}

/** What the person can put right in the box; anything else is none of its business. */
function complaint(failure: unknown): Validation {
  const known = HypervisorError.find(failure, 'invalidInput');
  if (known === undefined) {
    throw failure;
  }
  return error(known.say());
}

function error(message: string): Validation {
  return { severity: 'error', message };
}
