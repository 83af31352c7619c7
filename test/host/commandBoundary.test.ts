import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CancelledError } from '../../src/common/cancellation';
import { type Logger, nullLogger } from '../../src/common/logger';
import { type ErrorKind, HypervisorError, type NextStep, PrivilegeError } from '../../src/hypervisor/errors';
import { CommandBoundary } from '../../src/ui/feedback/commandBoundary';
import { Failures } from '../../src/ui/feedback/failures';
import type { MessageAction, MessageSeverity } from '../../src/ui/feedback/messages';
import { subjectOf } from '../../src/ui/feedback/subject';
import type { CommandName } from '../../src/ui/text/commandIds';
import type { TreeNode } from '../../src/ui/text/treeNode';
import { vm } from '../support/domainBuilders';
import { ScriptedClient, ScriptedConnection } from '../support/scriptedHypervisor';

interface Shown {
  readonly severity: MessageSeverity;
  readonly text: string;
  readonly actions: readonly MessageAction[];
}

describe('the command boundary', () => {
  const shown: Shown[] = [];
  const invoked: { readonly name: CommandName; readonly node: TreeNode | undefined }[] = [];
  const logged: { readonly message: string; readonly error: unknown }[] = [];
  const logger: Logger = {
    ...nullLogger,
    error: (message, error) => {
      logged.push({ message, error });
    },
  };
  const failures = new Failures(
    {
      show: (severity, text, actions = []) => {
        shown.push({ severity, text, actions });
      },
    },
    (name, node) => {
      invoked.push({ name, node });
      return Promise.resolve();
    },
    logger,
  );
  const boundary = new CommandBoundary(failures, logger);
  const connection = new ScriptedConnection(new ScriptedClient());
  const node: TreeNode = { kind: 'vm', connection, vm: vm('vm-1', { name: 'SQL01' }) };

  beforeEach(() => {
    shown.length = 0;
    invoked.length = 0;
    logged.length = 0;
  });

  async function fail(error: Error, subject = subjectOf(node, 'delete')): Promise<void> {
    await boundary.run('test', (act) => {
      act.about(subject);
      return Promise.reject(error);
    });
  }

  function failure(kind: ErrorKind, nextStep?: NextStep): HypervisorError {
    return new HypervisorError(kind, 'message', () => 'A sentence.', nextStep === undefined ? {} : { nextStep });
  }

  function titles(): readonly string[] {
    return shown[0]?.actions.map(({ title }) => title) ?? [];
  }

  async function press(title: string): Promise<void> {
    await shown[0]?.actions.find((action) => action.title === title)?.run();
  }

  it('is silent when the person gives up, however deep that is said', async () => {
    await fail(new CancelledError());
    await fail(new Error('wrapped', { cause: new CancelledError() }));
    assert.deepEqual([shown, logged], [[], []]);
  });

  it('says nothing of what goes well', async () => {
    await boundary.run('test', () => Promise.resolve());
    assert.deepEqual(shown, []);
  });

  it('tells a failure that is understood in one sentence, with the names that are known', async () => {
    await fail(
      new HypervisorError(
        'diskFull',
        'full',
        ({ serverLabel, userName, vmName, attempt }) => `${serverLabel} ${userName} ${vmName} ${attempt}`,
      ),
    );
    assert.deepEqual(
      shown.map(({ severity, text }) => [severity, text]),
      [['error', 'vc-paris jdoe SQL01 delete snapshots of']],
    );
    assert.deepEqual(logged, []);
  });

  it('finds the failure that is understood among the causes of another', async () => {
    await fail(new Error('outer', { cause: failure('gone') }));
    assert.deepEqual(
      shown.map(({ severity, text }) => [severity, text]),
      [['warning', 'A sentence.']],
    );
  });

  const steps: readonly (readonly [step: NextStep, title: string, command: CommandName])[] = [
    ['editServer', 'Edit Server...', 'editServer'],
    ['enterPassword', 'Enter Password...', 'enterPassword'],
    ['reviewCertificate', 'Review Certificate...', 'reviewCertificate'],
    ['connect', 'Connect', 'connect'],
    ['refresh', 'Refresh', 'refresh'],
    ['consolidate', 'Consolidate...', 'consolidate'],
  ];
  for (const [step, title, command] of steps) {
    it(`offers ${title} and does it`, async () => {
      await fail(failure('server', step));
      assert.ok(titles().includes(title));
      await press(title);
      const expected = command === 'consolidate' ? node : { kind: 'server', connection };
      assert.deepEqual(invoked, [{ name: command, node: expected }]);
    });
  }

  it('runs the command again with Retry, and tells again when it fails again', async () => {
    let runs = 0;
    await boundary.run('test', () => {
      runs++;
      return Promise.reject(failure('connectionLost', 'retry'));
    });
    assert.deepEqual(titles(), ['Retry']);
    await press('Retry');
    assert.deepEqual([runs, shown.length], [2, 2]);
  });

  it('runs what the command has named for a step instead of the general way', async () => {
    let taken = 0;
    await boundary.run('test', (act) => {
      act.about(
        {},
        {
          withoutMemory: () => {
            taken++;
            return Promise.resolve();
          },
        },
      );
      return Promise.reject(failure('memoryImpossible', 'withoutMemory'));
    });
    await press('Take Without Memory');
    assert.equal(taken, 1);
  });

  it('offers no button that could do nothing', async () => {
    await fail(failure('memoryImpossible', 'withoutMemory'));
    await fail(failure('notConnected', 'connect'), {});
    assert.deepEqual(
      shown.map(({ actions }) => actions),
      [[], []],
    );
  });

  it('copies what is missing for whoever grants privileges', async () => {
    const sentence = "You can't delete snapshots of 'SQL01'. Missing: Remove snapshot.";
    await fail(new PrivilegeError(['Remove snapshot'], 'no', () => sentence));
    await press('Copy');
    assert.equal(await vscode.env.clipboard.readText(), sentence);
  });

  it('offers both ways out when the keychain is locked', async () => {
    await fail(failure('passwordUnavailable', 'enterPassword'));
    assert.deepEqual(titles(), ['Retry', 'Enter for This Session...']);
  });

  it('logs what nobody expected, with its stack, and offers the log', async () => {
    const error = new TypeError('x is not a function');
    await fail(error);
    assert.deepEqual(titles(), ['Show Log']);
    assert.doesNotMatch(shown[0]?.text ?? '', /x is not a function/);
    assert.equal(logged[0]?.error, error);
    await press('Show Log');
    assert.deepEqual(invoked, [{ name: 'showLog', node: undefined }]);
  });
});
