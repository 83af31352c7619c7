import * as l10n from '@vscode/l10n';
import { type Disposable, DisposableStore } from '../common/disposable';
import { Emitter } from '../common/event';
import type { Logger } from '../common/logger';
import { HypervisorError } from '../hypervisor/errors';
import type { ServerId } from '../hypervisor/model/ids';
import {
  type ProfileDocument,
  type ProfileProblem,
  readProfileDocument,
  writeProfile,
  writeProfileDocument,
} from './profileFormat';
import { serverGone } from './serverErrors';
import { demoServerId, type NewServerProfile, type ServerProfile, type ServerProfileChanges } from './serverProfile';
import type { JsonValue, StatePort } from './statePort';

/** What has changed in the list of servers, whichever window did it. */
export interface ProfileChange {
  readonly added: readonly ServerProfile[];
  readonly changed: readonly { readonly before: ServerProfile; readonly after: ServerProfile }[];
  readonly removed: readonly ServerProfile[];
}

const stateKey = 'servers';
/** Where something that lay under the key and was no list of servers is put, so that it is not lost. */
const asideKey = 'servers.unreadable';

/**
 * The servers that the person added.
 *
 * @remarks Windows share the saved list. Every write reads it again first and touches one entry, so that windows do not
 * undo each other. Entries that cannot be read stay saved as they are. Demo servers are kept in memory only.
 */
export class ProfileStore implements Disposable {
  private readonly changed = new Emitter<ProfileChange>();
  private readonly problemsChanged = new Emitter<void>();
  private readonly resources = new DisposableStore();
  private readonly demo = new Map<ServerId, ServerProfile>();
  private document: ProfileDocument;
  private known: ReadonlyMap<ServerId, ServerProfile>;
  private lastWrite: Promise<unknown> = Promise.resolve();
  private loggedProblems = '';

  readonly onDidChange = this.changed.event;
  /** Other saved servers cannot be read than before. */
  readonly onDidChangeProblems = this.problemsChanged.event;

  /** @param createId - gives an identity that was never used before */
  constructor(
    private readonly state: StatePort,
    private readonly createId: () => string,
    private readonly logger: Logger,
  ) {
    this.document = this.read();
    this.known = this.merged();
    this.resources.add(this.changed);
    this.resources.add(this.problemsChanged);
    if (state.onDidChange !== undefined) {
      this.resources.add(
        state.onDidChange((key) => {
          if (key === stateKey) {
            this.refresh();
          }
        }),
      );
    }
  }

  /** In the order in which they were added. */
  all(): readonly ServerProfile[] {
    return [...this.known.values()];
  }

  get(id: ServerId): ServerProfile | undefined {
    return this.known.get(id);
  }

  /** Saved servers that this version cannot read. */
  get problems(): readonly ProfileProblem[] {
    return this.document.problems;
  }

  /** Reads the list again, for what other windows have changed, and tells the differences. */
  refresh(): void {
    const before = JSON.stringify(this.document.problems);
    this.document = this.read();
    this.publish();
    if (JSON.stringify(this.document.problems) !== before) {
      this.problemsChanged.fire();
    }
  }

  /** @throws {@link HypervisorError} of kind `invalidInput` when the saved list belongs to a newer version. */
  async add(fields: NewServerProfile): Promise<ServerProfile> {
    const profile: ServerProfile = { ...fields, id: fields.isDemo ? demoServerId : (this.createId() as ServerId) };
    if (profile.isDemo) {
      this.demo.set(profile.id, profile);
      this.publish();
    } else {
      await this.write((document) => [...document.entries, writeProfile(profile, undefined)]);
    }
    return profile;
  }

  /** Adds several servers, all or none; no demo among them. @throws as {@link add}. */
  async addAll(fields: readonly NewServerProfile[]): Promise<readonly ServerProfile[]> {
    const profiles = fields.map((each): ServerProfile => ({ ...each, id: this.createId() as ServerId, isDemo: false }));
    await this.write((document) => [
      ...document.entries,
      ...profiles.map((profile) => writeProfile(profile, undefined)),
    ]);
    return profiles;
  }

  /**
   * Changes some fields; the others keep what any window has given them.
   *
   * @throws {@link HypervisorError} of kind `gone` when the server was removed meanwhile, `invalidInput` as for add.
   */
  async update(id: ServerId, changes: ServerProfileChanges): Promise<ServerProfile> {
    const demo = this.demo.get(id);
    if (demo !== undefined) {
      const profile = { ...demo, ...changes, isDemo: true };
      this.demo.set(id, profile);
      this.publish();
      return profile;
    }
    await this.write((document) => {
      const found = document.profiles.get(id);
      if (found === undefined) {
        throw serverGone(id);
      }
      const updated = writeProfile({ ...found.profile, ...changes }, document.entries[found.index]);
      return document.entries.map((entry, index) => (index === found.index ? updated : entry));
    });
    const profile = this.known.get(id);
    if (profile === undefined) {
      throw serverGone(id);
    }
    return profile;
  }

  /** Forgets a server. Nothing happens when it is gone already. */
  async remove(id: ServerId): Promise<void> {
    if (this.demo.delete(id)) {
      this.publish();
      return;
    }
    await this.write((document) => {
      const found = document.profiles.get(id);
      return document.entries.filter((_, index) => index !== found?.index);
    });
  }

  dispose(): void {
    this.resources.dispose();
  }

  private async write(edit: (document: ProfileDocument) => readonly unknown[]): Promise<void> {
    const run = this.lastWrite.then(async () => {
      const raw = this.state.get(stateKey);
      const document = readProfileDocument(raw);
      if (!document.writable) {
        throw new HypervisorError('invalidInput', 'the saved servers are in a newer format', () =>
          l10n.t(
            'The list of servers was saved by a newer version of vSphere Snapshots. Update this one to change it.',
          ),
        );
      }
      if (document.unreadable) {
        await this.state.set(asideKey, raw as JsonValue);
      }
      await this.state.set(stateKey, writeProfileDocument(edit(document)));
      this.refresh();
    });
    // The next write waits for this one, however it ends; its failure belongs to its caller alone.
    this.lastWrite = run.catch(() => undefined);
    await run;
  }

  private read(): ProfileDocument {
    const document = readProfileDocument(this.state.get(stateKey));
    const lines = document.problems.map(({ index, reason }) => {
      const what = index === undefined ? 'The saved list of servers' : `Saved server ${index + 1}`;
      return `${what} cannot be read and is kept as it is: ${reason}.`;
    });
    // The list is read often; the same complaint is made once.
    if (lines.join() !== this.loggedProblems) {
      this.loggedProblems = lines.join();
      for (const line of lines) {
        this.logger.warn(line);
      }
    }
    return document;
  }

  private merged(): ReadonlyMap<ServerId, ServerProfile> {
    const saved = [...this.document.profiles.values()].map(({ profile }) => profile);
    return new Map([...saved, ...this.demo.values()].map((profile) => [profile.id, profile]));
  }

  private publish(): void {
    const before = this.known;
    const now = this.merged();
    this.known = now;
    const added = [...now.values()].filter(({ id }) => !before.has(id));
    const removed = [...before.values()].filter(({ id }) => !now.has(id));
    const changed = [...now.values()].flatMap((after) => {
      const old = before.get(after.id);
      return old === undefined || sameProfile(old, after) ? [] : [{ before: old, after }];
    });
    if (added.length + removed.length + changed.length > 0) {
      this.changed.fire({ added, changed, removed });
    }
  }
}

function sameProfile(a: ServerProfile, b: ServerProfile): boolean {
  return JSON.stringify(writeProfile(a, undefined)) === JSON.stringify(writeProfile(b, undefined));
}
