import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import { HypervisorError } from '../../hypervisor/errors';
import type { CredentialService } from '../../servers/credentialService';
import type { ProfileStore } from '../../servers/profileStore';
import type { Settings } from '../adapters/settings';
import { nameInSentence } from '../text/names';
import type { CommandBoundary } from './commandBoundary';
import type { Messages } from './messages';

/** Takes the stored passwords along when the person wants them in another store. */
export class PasswordMover implements Disposable {
  private readonly subscription: Disposable;

  constructor(
    settings: Pick<Settings, 'onDidChange'>,
    private readonly profiles: Pick<ProfileStore, 'all'>,
    private readonly credentials: Pick<CredentialService, 'moveToPreferred'>,
    private readonly boundary: CommandBoundary,
    private readonly messages: Pick<Messages, 'show'>,
  ) {
    this.subscription = settings.onDidChange((affects) => {
      if (affects('credentials.store')) {
        void this.move();
      }
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** Never rejects. */
  private async move(): Promise<void> {
    await this.boundary.run('movePasswords', async () => {
      const stayed: { readonly label: string; readonly error: HypervisorError }[] = [];
      for (const profile of this.profiles.all().filter(({ isDemo }) => !isDemo)) {
        try {
          await this.credentials.moveToPreferred(profile);
        } catch (error) {
          const known = HypervisorError.find(error, 'passwordUnavailable');
          if (known === undefined) {
            throw error;
          }
          stayed.push({ label: profile.label, error: known });
        }
      }
      const [first] = stayed;
      if (first !== undefined) {
        const names = stayed.map(({ label }) => `'${nameInSentence(label)}'`).join(', ');
        this.messages.show(
          'warning',
          vscode.l10n.t('Passwords stay where they are for {0}. {1}', names, first.error.say()),
          [{ title: vscode.l10n.t('Retry'), run: () => this.move() }],
        );
      }
    });
  }
}
