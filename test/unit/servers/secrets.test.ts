import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { describeErrorChain } from '../../../src/common/logger';
import { HypervisorError } from '../../../src/hypervisor/errors';
import type { ServerId } from '../../../src/hypervisor/model/ids';
import { AddServer } from '../../../src/servers/addServer';
import { SessionCloser } from '../../../src/servers/sessionCloser';
import { failure } from '../../support/scriptedHypervisor';
import { certificateError, MemoryState, ScriptedServers, turn, Window } from '../../support/serverFixtures';

const canary = 'Kanarienvogel <&> "ö" 7391';
/** In whatever form it would travel. */
const traces = ['Kanarienvogel', '7391'];

/** Everything that leaves the folder in one run: log, errors, events, questions, saved state. */
class Catch {
  readonly state = new MemoryState();
  readonly window = new Window(new ScriptedServers(), this.state);
  private readonly things: string[] = [];

  constructor() {
    const { window } = this;
    window.profiles.onDidChange((change) => {
      this.note(change);
    });
    window.credentials.onDidStore((report) => {
      this.note(report);
    });
    window.registry.onDidChange(({ added }) => {
      for (const connection of added) {
        connection.onDidChangeState((state) => {
          this.note(state);
        });
      }
    });
    window.answerPassword = (request) => {
      this.note(request);
      return { text: canary, save: true };
    };
  }

  note(thing: unknown): void {
    this.things.push(inspect(thing, { depth: 8, showHidden: false }), String(JSON.stringify(thing)));
    if (thing instanceof Error) {
      this.things.push(describeErrorChain(thing), thing instanceof HypervisorError ? thing.say() : '');
    }
  }

  /** Runs something whose failure is noted too. */
  async run(act: () => Promise<unknown>): Promise<void> {
    try {
      this.note(await act());
    } catch (error) {
      this.note(error);
    }
    await turn();
  }

  check(): void {
    const { log } = this.window;
    const everything = [...this.things, ...log.lines, ...this.state.entries.values()].join('\n');
    for (const trace of traces) {
      const at = everything.indexOf(trace);
      assert.equal(at, -1, `leaked: …${everything.slice(Math.max(0, at - 200), at + 60)}…`);
    }
  }
}

describe('a password', () => {
  const scenarios: Readonly<Record<string, (caught: Catch, id: ServerId) => Promise<void>>> = {
    'that is stored, used, replaced, moved and removed': async (caught, id) => {
      const { window } = caught;
      await caught.run(() => window.registry.connect(id, { interactive: true }));
      await caught.run(() => window.registry.connect(id, { interactive: true, ask: 'changing' }));
      window.preference = 'vscode';
      await caught.run(() => window.credentials.moveToPreferred(window.registry.profile(id)));
      await caught.run(() => window.registry.edit(id, { host: 'other.corp' }));
      await caught.run(() => window.credentials.removeAll());
    },
    'that a server refuses': async (caught, id) => {
      const { window } = caught;
      window.servers.onLogin = () => {
        throw failure('loginRefused');
      };
      await caught.run(() => window.registry.connect(id, { interactive: false }));
      await caught.run(() => window.registry.connect(id, { interactive: true }));
    },
    'that a server repeats in an error nobody understands': async (caught, id) => {
      const { window } = caught;
      window.servers.onLogin = () => {
        throw failure('server', 'The server said something strange.');
      };
      await caught.run(() => window.registry.connect(id, { interactive: true }));
      window.servers.onReach = () => {
        throw certificateError('untrusted');
      };
      await caught.run(() => window.registry.connect(id, { interactive: false }));
    },
    'that every store repeats in its errors': async (caught, id) => {
      const { window } = caught;
      const spiteful = (_: string, password: string): Promise<void> =>
        Promise.reject(new Error(`cannot store "${password}" here`));
      window.keychain.set = spiteful;
      window.editor.set = spiteful;
      const held = window.credentials.hold(canary);
      await caught.run(() => window.credentials.store(window.registry.profile(id), held));
      held.dispose();
      await caught.run(() => window.credentials.moveToPreferred(window.registry.profile(id)));
    },
    'that a store spoils': async (caught, id) => {
      const { window } = caught;
      window.keychain.distort = (password) => password.slice(0, -1);
      const held = window.credentials.hold(canary);
      await caught.run(() => window.credentials.store(window.registry.profile(id), held));
      held.dispose();
    },
    'in a keychain that is locked': async (caught, id) => {
      const { window } = caught;
      window.keychain.isLocked = true;
      await caught.run(() => window.registry.connect(id, { interactive: false }));
      await caught.run(() => window.registry.edit(id, { host: 'other.corp' }));
      await caught.run(() => window.credentials.removeAll());
      await caught.run(() => window.registry.remove(id));
    },
    'in a keychain that does not answer': async (caught, id) => {
      const { window } = caught;
      window.keychain.gate = new Promise(() => undefined);
      const connecting = caught.run(() => window.registry.connect(id, { interactive: false }));
      for (let i = 0; i < 5; i++) {
        await turn();
        window.clock.advance(10_000);
      }
      await connecting;
    },
    'that is copied to another server': async (caught, id) => {
      const { window } = caught;
      const closer = new SessionCloser(window.clock, window.log.logger);
      const { servers, trust, credentials, profiles, registry } = window;
      const addServer = new AddServer(servers.create, trust, credentials, profiles, registry, closer);
      const draft = { addressText: 'b.corp', userName: 'jdoe', password: { sameAs: id } };
      const check = await addServer.check(draft, new AbortController().signal);
      caught.note(check);
      assert.ok(check.kind === 'ready');
      await caught.run(async () => (await addServer.add(check.server, draft.password, true)).stored);
      caught.note(credentials.knownAccounts());
    },
  };

  for (const [what, scenario] of Object.entries(scenarios)) {
    it(`${what} shows nowhere`, async () => {
      const caught = new Catch();
      const id = await caught.window.add({}, canary);
      await scenario(caught, id);
      caught.check();
    });
  }

  it('in memory shows nothing of itself', () => {
    const { window } = new Catch();
    const held = window.credentials.hold(canary);
    const shown = `${String(held)} ${JSON.stringify({ held })} ${inspect(held, { showHidden: true, depth: 9 })}`;
    assert.ok(!shown.includes('7391'), shown);
    assert.equal(held.reveal(), canary);
    window.log.logger.error(`oops ${canary}`, new Error(canary));
    assert.doesNotMatch(window.log.text, /7391/);
    held.dispose();
    held.dispose();
    assert.equal(held.reveal(), '');
  });

  it('is cleaned out of the log as long as the window keeps it', async () => {
    const { window } = new Catch();
    window.preference = 'session';
    const id = await window.add({}, canary);
    window.log.logger.info(canary);
    assert.doesNotMatch(window.log.text, /7391/);
    await window.registry.forgetPassword(id);
    assert.equal(window.redactor.redact(canary), canary);
  });
});
