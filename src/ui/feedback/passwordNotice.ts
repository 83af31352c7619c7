import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import type { CredentialService, StoreReport } from '../../servers/credentialService';
import type { StatePort } from '../../servers/statePort';
import type { Logger } from '../../common/logger';
import type { Messages } from './messages';

const stateKey = 'toldPasswordStores';

/**
 * Tells the person where passwords go: once for each place, and again whenever one could not be kept as it was meant.
 */
export class PasswordNotice implements Disposable {
  private readonly subscription: Disposable;

  constructor(
    credentials: CredentialService,
    private readonly state: StatePort,
    private readonly messages: Messages,
    private readonly logger: Logger,
  ) {
    this.subscription = credentials.onDidStore((report) => {
      this.tell(report);
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private tell({ store, label, skipped, leftBehind }: StoreReport): void {
    if (leftBehind.length > 0) {
      const places = leftBehind.map((failure) => failure.label).join(', ');
      this.messages.show(
        'warning',
        vscode.l10n.t(
          'The password is kept in {0}. An older one is still in {1}, which did not let go of it.',
          label,
          places,
        ),
      );
      return;
    }
    if (store === 'session' && skipped.length > 0) {
      this.messages.show(
        'warning',
        vscode.l10n.t(
          'The password could not be saved and is kept until this window closes. {0}: {1}',
          skipped[0]?.label ?? '',
          skipped[0]?.reason ?? '',
        ),
      );
      return;
    }
    const told = this.told();
    if (told.includes(store)) {
      return;
    }
    this.messages.show(
      'information',
      skipped.length === 0
        ? vscode.l10n.t('The password is kept in {0}.', label)
        : vscode.l10n.t("The password is kept in {0}, as {1} can't be used here.", label, skipped[0]?.label ?? ''),
    );
    this.state.set(stateKey, [...told, store]).catch((error: unknown) => {
      this.logger.error('It was not noted where passwords were said to go', error);
    });
  }

  private told(): readonly string[] {
    const saved = this.state.get(stateKey);
    return Array.isArray(saved) ? saved.filter((each): each is string => typeof each === 'string') : [];
  }
}
