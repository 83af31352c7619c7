import * as vscode from 'vscode';
import { isCancelled } from '../../common/cancellation';
import type { PasswordPrompt, PasswordRequest, TypedPassword } from '../../servers/prompts';
import { nameInSentence } from '../text/names';
import { askText, type Validation } from './askText';
import type { Position } from './multiStep';
import type { Answer, QuestionButton } from './quickInput';

/** Where a password that is being typed will be kept: a store beyond this window if there is one and it is wanted. */
export class SaveChoice {
  private wanted: boolean;

  /** @param destinationLabel - the store, fit for the middle of a sentence; undefined when there is none */
  constructor(
    private readonly destinationLabel: string | undefined,
    wanted = true,
  ) {
    this.wanted = wanted;
  }

  get save(): boolean {
    return this.wanted && this.destinationLabel !== undefined;
  }

  /** Says where the password goes. */
  get sentence(): string {
    return this.save
      ? vscode.l10n.t('It will be saved in {0}.', this.destinationLabel ?? '')
      : vscode.l10n.t('It will be kept until this window closes.');
  }

  /** The button that changes it; none when there is nothing to choose. */
  get buttons(): readonly QuestionButton[] {
    if (this.destinationLabel === undefined) {
      return [];
    }
    const press = (): 'stay' => {
      this.wanted = !this.wanted;
      return 'stay';
    };
    return this.wanted
      ? [{ icon: 'key', tooltip: vscode.l10n.t("Don't Save"), press }]
      : [{ icon: 'circle-slash', tooltip: vscode.l10n.t('Save in {0}', this.destinationLabel), press }];
  }
}

export interface PasswordQuestion {
  readonly title: string;
  readonly position?: Position;
  readonly problem?: string | undefined;
  readonly choice: SaveChoice;
  readonly signal?: AbortSignal;
  readonly submit?: (password: string, signal: AbortSignal) => Promise<Validation | undefined>;
}

/**
 * Asks for a password in a box that does not show it.
 *
 * @throws CancelledError when the person gives up.
 */
export async function askPassword(question: PasswordQuestion): Promise<Answer<string>> {
  const { choice, ...rest } = question;
  return await askText({
    ...rest,
    value: '',
    password: true,
    placeholder: vscode.l10n.t('Password'),
    prompt: () => choice.sentence,
    buttons: () => choice.buttons,
    validate: (text) =>
      text === '' ? { severity: 'error', message: vscode.l10n.t('Enter the password.') } : undefined,
  });
}

/** Asks for the password of a server that is in the list. */
export function passwordPrompt(): PasswordPrompt {
  return {
    askPassword: async (request: PasswordRequest, signal: AbortSignal): Promise<TypedPassword | undefined> => {
      // While the stored one cannot be read, a second one in another place would only confuse.
      const choice = new SaveChoice(request.destinationLabel, request.reason !== 'unavailable');
      try {
        const { value } = await askPassword({ title: titleOf(request), problem: problemOf(request), choice, signal });
        return { text: value, save: choice.save };
      } catch (error) {
        if (isCancelled(error)) {
          return undefined;
        }
        throw error;
      }
    },
  };
}

function titleOf({ reason, userName, serverLabel }: PasswordRequest): string {
  const user = nameInSentence(userName);
  const server = nameInSentence(serverLabel);
  return reason === 'changing'
    ? vscode.l10n.t("New Password of '{0}' on '{1}'", user, server)
    : vscode.l10n.t("Password of '{0}' on '{1}'", user, server);
}

function problemOf({ reason, host }: PasswordRequest): string | undefined {
  switch (reason) {
    case 'refused':
      return vscode.l10n.t(
        "'{0}' refused the user name or password. It was not tried again, so the account isn't locked. A vCenter with an identity provider (MFA) needs a local account, such as one in vsphere.local.",
        nameInSentence(host),
      );
    case 'unavailable':
      return vscode.l10n.t('The OS keychain is locked or unavailable. The stored password was not changed.');
    case 'missing':
    case 'changing':
      return undefined;
  }
}
