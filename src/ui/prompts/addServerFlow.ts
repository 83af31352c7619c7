import * as vscode from 'vscode';
import { oneLine } from '../../common/text';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { AddServer, DraftCheck, DraftPassword } from '../../servers/addServer';
import type { CredentialService, KnownAccount } from '../../servers/credentialService';
import { parseServerAddress } from '../../servers/serverAddress';
import type { ServerProfile, TrustPolicy } from '../../servers/serverProfile';
import type { ServerRegistry } from '../../servers/serverRegistry';
import type { ServerId } from '../../hypervisor/model/ids';
import { nameInSentence } from '../text/names';
import { askText, type Validation } from './askText';
import { type Page, type PageResult, type Position, runPages } from './multiStep';
import { askPassword, SaveChoice } from './passwordPrompt';
import { type Choice, type Divider, pickOne } from './pickOne';
import { plain } from '../text/plain';
import { whileBusy } from './whileBusy';

/** What is chosen in the list of accounts. */
type Account = { readonly userName: string; readonly sameAs: ServerId | undefined };

const pageOfStep = { address: 0, certificate: 0, user: 1, password: 2 } as const;

/**
 * The questions that add a server: address, user, password. Each answer is tried as soon as it can be, and what fails
 * shows in the question that can mend it.
 */
export class AddServerFlow {
  private addressText = '';
  private userName = '';
  /** Use the password of another server, as the person chose in the list of accounts. */
  private sameAs: ServerId | undefined;
  /** How the server proves who it is, as the person has decided. */
  private trust: TrustPolicy | undefined;
  private problem: string | undefined;
  private added: HypervisorConnection | undefined;

  constructor(
    private readonly addServer: AddServer,
    private readonly registry: ServerRegistry,
    private readonly credentials: CredentialService,
  ) {}

  /**
   * @returns the server, not yet connected
   * @throws CancelledError when the person gives up.
   */
  async run(): Promise<HypervisorConnection> {
    const { label, store } = await this.credentials.destination();
    const choice = new SaveChoice(store === 'session' ? undefined : label);
    await runPages([this.askAddress, this.askUser, (position) => this.askPassword(position, choice)]);
    // The last page says `next` only when it has added the server.
    return this.added as HypervisorConnection;
  }

  private get title(): string {
    return vscode.l10n.t('Add Server');
  }

  private readonly askAddress: Page = async (position) => {
    const { went, value } = await askText({
      title: this.title,
      position,
      value: this.addressText,
      problem: this.takeProblem(),
      placeholder: 'vcenter.example.com',
      prompt: vscode.l10n.t('Name or IP address of a vCenter or ESXi server'),
      submit: async (addressText, signal) => {
        const check = await this.addServer.check({ addressText }, signal);
        // Of another address, nothing is known yet.
        this.trust = check.kind === 'incomplete' ? check.trust : undefined;
        return check.kind === 'failed' ? { severity: 'error', message: sentenceOf(check, addressText) } : undefined;
      },
    });
    this.addressText = value;
    return went === 'back' ? 'back' : 'next';
  };

  private readonly askUser: Page = async (position) => {
    const accounts = this.credentials.knownAccounts();
    // A list has no place to say what is wrong with an answer; a box has.
    return accounts.length === 0 || this.problem !== undefined
      ? await this.typeUser(position)
      : await this.pickUser(position, accounts);
  };

  private async typeUser(position: Position): Promise<PageResult> {
    this.sameAs = undefined;
    const { went, value } = await askText({
      title: this.title,
      position,
      value: this.userName,
      problem: this.takeProblem(),
      placeholder: 'administrator@vsphere.local',
      prompt: vscode.l10n.t('User name'),
      validate: (text) =>
        text.trim() === '' ? { severity: 'error', message: vscode.l10n.t('Enter a user name.') } : undefined,
      submit: (userName) => {
        const existing = this.findSame(userName);
        return Promise.resolve(existing && { severity: 'error', message: duplicateSentence(existing) });
      },
    });
    this.userName = value.trim();
    return went === 'back' ? 'back' : 'next';
  }

  private async pickUser(position: Position, accounts: readonly KnownAccount[]): Promise<PageResult> {
    const known = accounts.flatMap(accountChoices);
    const search = (typed: string): readonly (Choice<Account> | Divider)[] => [
      ...(typed === '' ? [] : [typedChoice(typed)]),
      ...known.filter(({ value }) => value.userName.toLowerCase().includes(typed.toLowerCase())),
    ];
    const { went, value } = await pickOne<Account>({
      title: this.title,
      position,
      placeholder: vscode.l10n.t('User name: type one, or choose one that you use already'),
      choices: () => search(''),
      search,
    });
    if (went === 'back') {
      return 'back';
    }
    this.userName = value?.userName ?? '';
    this.sameAs = value?.sameAs;
    const existing = this.findSame(this.userName);
    if (existing !== undefined) {
      this.problem = duplicateSentence(existing);
      return { goTo: pageOfStep.user };
    }
    return 'next';
  }

  private async askPassword(position: Position, choice: SaveChoice): Promise<PageResult> {
    if (this.sameAs !== undefined) {
      const password = { sameAs: this.sameAs };
      // Whatever comes of it, the next time the password is typed.
      this.sameAs = undefined;
      return await whileBusy({ title: this.title, position }, vscode.l10n.t('Signing in...'), (signal) =>
        this.tryToAdd(password, choice.save, signal),
      );
    }
    let result: PageResult = 'next';
    const { went } = await askPassword({
      title: this.title,
      position,
      problem: this.takeProblem(),
      choice,
      submit: async (text, signal): Promise<Validation | undefined> => {
        const password = this.credentials.hold(text);
        try {
          result = await this.tryToAdd(password, choice.save, signal);
        } finally {
          password.dispose();
        }
        const isMendedHere = typeof result === 'object' && result.goTo === pageOfStep.password;
        return isMendedHere ? { severity: 'error', message: this.takeProblem() ?? '' } : undefined;
      },
    });
    return went === 'back' ? 'back' : result;
  }

  /** Adds the server if everything works; else says which page can mend it, and leaves the problem for that page. */
  private async tryToAdd(password: DraftPassword, save: boolean, signal: AbortSignal): Promise<PageResult> {
    const { addressText, userName, trust } = this;
    const check = await this.addServer.check({ addressText, userName, password, trust }, signal);
    switch (check.kind) {
      case 'ready':
        this.added = (await this.addServer.add(check.server, password, save)).connection;
        return 'next';
      case 'duplicate':
        this.problem = duplicateSentence(check.existing);
        return { goTo: pageOfStep.user };
      case 'incomplete':
        return { goTo: pageOfStep[check.step] };
      case 'failed':
        this.problem = sentenceOf(check, addressText);
        return { goTo: pageOfStep[check.step] };
    }
  }

  private findSame(userName: string): ServerProfile | undefined {
    return this.registry.findSame({ ...parseServerAddress(this.addressText), userName: userName.trim() });
  }

  private takeProblem(): string | undefined {
    const { problem } = this;
    this.problem = undefined;
    return problem;
  }
}

function accountChoices({ userName, servers }: KnownAccount): Choice<Account>[] {
  const label = plain(oneLine(userName));
  const source = servers.find(({ hasPassword }) => hasPassword);
  const same: Choice<Account>[] =
    source === undefined
      ? []
      : [
          {
            id: `same/${userName}`,
            label,
            description: vscode.l10n.t("with the password of '{0}'", plain(nameInSentence(source.label))),
            value: { userName, sameAs: source.id },
          },
        ];
  return [
    ...same,
    {
      id: `other/${userName}`,
      label,
      description: vscode.l10n.t('with another password'),
      value: { userName, sameAs: undefined },
    },
  ];
}

function typedChoice(typed: string): Choice<Account> {
  return {
    id: 'typed',
    label: plain(typed),
    description: vscode.l10n.t('as typed'),
    value: { userName: typed, sameAs: undefined },
  };
}

/** The failure in words, with the names that the person knows already: what was typed. */
function sentenceOf({ error }: Extract<DraftCheck, { kind: 'failed' }>, addressText: string): string {
  return error.say({ serverLabel: nameInSentence(addressText.trim()) });
}

function duplicateSentence(existing: ServerProfile): string {
  return vscode.l10n.t("'{0}' is in the list with this user name already.", nameInSentence(existing.label));
}
