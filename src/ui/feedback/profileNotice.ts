import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../common/disposable';
import type { Logger } from '../../common/logger';
import type { ProfileProblem } from '../../servers/profileFormat';
import type { ProfileStore } from '../../servers/profileStore';
import type { StatePort } from '../../servers/statePort';
import { nameInSentence } from '../text/names';
import type { Messages } from './messages';

const stateKey = 'toldProfileProblems';

/** Tells the person, once for each, which saved servers could not be read. They stay saved as they are. */
export class ProfileNotice implements Disposable {
  private readonly resources = new DisposableStore();

  constructor(
    private readonly profiles: Pick<ProfileStore, 'problems' | 'onDidChangeProblems'>,
    private readonly state: StatePort,
    private readonly messages: Pick<Messages, 'show'>,
    private readonly showLog: () => void,
    private readonly logger: Logger,
  ) {
    this.resources.add(
      profiles.onDidChangeProblems(() => {
        this.look();
      }),
    );
    this.look();
  }

  dispose(): void {
    this.resources.dispose();
  }

  private look(): void {
    const { problems } = this.profiles;
    const identity = problems.map(({ index, name, reason }) => `${name ?? index ?? 'all'}: ${reason}`).join('\n');
    if (identity === (this.state.get(stateKey) ?? '')) {
      return;
    }
    this.state.set(stateKey, identity === '' ? undefined : identity).catch((error: unknown) => {
      this.logger.error('It was not noted which saved servers could not be read', error);
    });
    if (problems.length > 0) {
      this.messages.show('warning', sentenceOf(problems), [
        {
          title: vscode.l10n.t('Show Log'),
          run: () => {
            this.showLog();
            return Promise.resolve();
          },
        },
      ]);
    }
  }
}

function sentenceOf(problems: readonly ProfileProblem[]): string {
  const [first] = problems;
  if (first?.cause === 'newer') {
    return vscode.l10n.t(
      'The list of servers was saved by a newer version of vSphere Snapshots. Update this one to see it.',
    );
  }
  if (first?.index === undefined) {
    return vscode.l10n.t("The saved list of servers can't be read. It is kept as it is; nothing is lost.");
  }
  const names = problems.map(({ index, name }) =>
    name === undefined ? vscode.l10n.t('number {0}', (index ?? 0) + 1) : `'${nameInSentence(name)}'`,
  );
  return vscode.l10n.t(
    "Saved servers that can't be read are left out of the list: {0}. They are kept as they are; nothing is lost.",
    names.join(', '),
  );
}
