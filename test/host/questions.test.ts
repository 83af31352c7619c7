import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { CancelledError } from '../../src/common/cancellation';
import { Emitter } from '../../src/common/event';
import { askText } from '../../src/ui/prompts/askText';
import { runPages } from '../../src/ui/prompts/multiStep';
import { pickOne } from '../../src/ui/prompts/pickOne';
import { whileBusy } from '../../src/ui/prompts/whileBusy';
import { eventually } from '../support/eventually';
import { QuickInputHand } from './quickInputs';

describe('questions', () => {
  let hand: QuickInputHand;

  beforeEach(() => {
    hand = new QuickInputHand();
  });

  afterEach(async () => {
    await hand.cancel();
    hand.dispose();
  });

  describe('for text', () => {
    it('give what was typed', async () => {
      const answer = askText({ title: 'Name', value: 'first' });
      const box = await hand.box('Name');
      box.value = 'second';
      await hand.accept();
      assert.deepEqual(await answer, { went: 'next', value: 'second' });
    });

    it('stay until what was typed is right, but say nothing about an empty box at first', async () => {
      const answer = askText({
        title: 'Name',
        value: '',
        validate: (text) => (text === '' ? { severity: 'error', message: 'Enter a name.' } : undefined),
      });
      const box = await hand.box('Name');
      assert.equal(box.validationMessage, undefined);
      await hand.accept();
      await eventually('the complaint', () => messageOf(box) === 'Enter a name.');
      box.value = 'x';
      await hand.accept();
      assert.equal((await answer).value, 'x');
    });

    it('accept what is only warned of', async () => {
      const answer = askText({
        title: 'Name',
        value: 'long',
        validate: () => ({ severity: 'warning', message: 'Too long?' }),
      });
      assert.equal(messageOf(await hand.box('Name')), 'Too long?');
      await hand.accept();
      assert.equal((await answer).value, 'long');
    });

    it('show what was wrong the last time', async () => {
      const answer = askText({ title: 'Password', value: '', password: true, problem: 'Refused.' });
      const box = await hand.box('Password');
      assert.equal(messageOf(box), 'Refused.');
      assert.equal(box.password, true);
      box.value = 'x';
      await hand.accept();
      assert.equal((await answer).value, 'x');
    });

    it('stay open and busy while the answer is tried, and say why it did not do', async () => {
      const tried: string[] = [];
      let finish: (message: string | undefined) => void = () => undefined;
      const answer = askText({
        title: 'Address',
        value: 'a',
        submit: async (text) => {
          tried.push(text);
          const message = await new Promise<string | undefined>((resolve) => {
            finish = resolve;
          });
          return message === undefined ? undefined : { severity: 'error', message };
        },
      });
      const box = await hand.box('Address');
      await hand.accept();
      await eventually('the first try', () => tried.length === 1);
      assert.deepEqual([box.busy, box.enabled], [true, false]);
      // Pressing Enter once more does not try twice.
      await hand.accept();
      finish('No answer.');
      await eventually('the complaint', () => messageOf(box) === 'No answer.');
      assert.deepEqual([box.busy, box.enabled, tried.length], [false, true, 1]);
      box.value = 'b';
      await hand.accept();
      await eventually('the second try', () => tried.length === 2);
      finish(undefined);
      assert.deepEqual(await answer, { went: 'next', value: 'b' });
      assert.deepEqual(tried, ['a', 'b']);
    });

    it('end with what the try rejects with', async () => {
      const answer = askText({ title: 'Address', value: 'a', submit: () => Promise.reject(new Error('broken')) });
      await hand.box('Address');
      await hand.accept();
      await assert.rejects(answer, /broken/);
    });

    it('abort the try when the person gives up', async () => {
      let signal: AbortSignal | undefined;
      const answer = askText({
        title: 'Address',
        value: 'a',
        submit: (_text, given) => {
          signal = given;
          return new Promise(() => undefined);
        },
      });
      await hand.box('Address');
      await hand.accept();
      await eventually('the try', () => signal !== undefined);
      await hand.cancel();
      await assert.rejects(answer, CancelledError);
      assert.equal(signal?.aborted, true);
    });

    it('are given up with Escape', async () => {
      const answer = askText({ title: 'Name', value: 'x' });
      await hand.box('Name');
      await hand.cancel();
      await assert.rejects(answer, CancelledError);
    });

    it('are given up when another question takes their place', async () => {
      const first = askText({ title: 'First', value: '' });
      await hand.box('First');
      const second = askText({ title: 'Second', value: '' });
      await assert.rejects(first, CancelledError);
      await hand.accept();
      assert.equal((await second).went, 'next');
    });

    it('are given up when their owner has lost interest', async () => {
      const abort = new AbortController();
      const answer = askText({ title: 'Name', value: '', signal: abort.signal });
      await hand.box('Name');
      abort.abort();
      await assert.rejects(answer, CancelledError);
    });
  });

  describe('with choices', () => {
    const choice = (id: string): { id: string; label: string; value: string } => ({ id, label: id, value: id });

    it('give the active one, which is the first unless another is meant', async () => {
      const first = pickOne({ title: 'One', placeholder: '', choices: () => ['a', 'b', 'c'].map(choice) });
      await hand.pick('One');
      await hand.accept();
      assert.equal((await first).value, 'a');
      const second = pickOne({
        title: 'Two',
        placeholder: '',
        choices: () => ['a', 'b', 'c'].map(choice),
        initialId: 'c',
      });
      await hand.pick('Two');
      await hand.accept();
      assert.equal((await second).value, 'c');
    });

    it('do not give what is not available', async () => {
      const answer = pickOne({
        title: 'What',
        placeholder: '',
        choices: () => [{ ...choice('a'), isUnavailable: true }, choice('b')],
      });
      const pick = await hand.pick('What');
      await hand.accept();
      const [, second] = pick.items;
      assert.ok(second);
      pick.activeItems = [second];
      await eventually('the other one', () => pick.activeItems[0]?.label === 'b');
      await hand.accept();
      assert.equal((await answer).value, 'b');
    });

    it('show what the search gives, and what stands below', async () => {
      const answer = pickOne({
        title: 'Find',
        placeholder: '',
        choices: () => [],
        search: (typed) => (typed === '' ? [] : [choice('best of all'), choice('second')]),
        footer: () => [{ divider: 'more' }, choice('connect')],
      });
      const pick = await hand.pick('Find');
      pick.value = 'x';
      await eventually('what was found', () => pick.items.length === 4);
      assert.deepEqual(
        pick.items.map(({ label }) => label),
        ['best of all', 'second', 'more', 'connect'],
      );
      await eventually('the best', () => pick.activeItems[0]?.label === 'best of all');
      await hand.accept();
      assert.equal((await answer).value, 'best of all');
    });

    it('give the best of what was typed when Enter comes before the editor has drawn it', async () => {
      const answer = pickOne({
        title: 'Find',
        placeholder: '',
        choices: () => [],
        search: (typed) => (typed === '' ? [choice('old')] : [{ divider: 'found' }, choice('best'), choice('old')]),
      });
      const pick = await hand.pick('Find');
      await eventually('the first', () => pick.activeItems[0]?.label === 'old');
      // Sent at once, while new items wait for the end of the turn.
      const accepted = new Promise<void>((resolve) => {
        pick.onDidChangeValue(() => {
          void hand.accept().then(resolve);
        });
      });
      pick.value = 'x';
      await accepted;
      assert.equal((await answer).value, 'best');
    });

    it('draw no more than the editor can bear, and say that there are more', async () => {
      const answer = pickOne({
        title: 'Many',
        placeholder: '',
        choices: () => Array.from({ length: 300 }, (_, index) => choice(`vm-${index}`)),
      });
      const pick = await hand.pick('Many');
      assert.equal(pick.items.length, 201);
      await hand.cancel();
      await assert.rejects(answer, CancelledError);
    });

    it('keep the active one while others come and go', async () => {
      const changed = new Emitter<void>();
      let ids = ['a', 'b'];
      const answer = pickOne({
        title: 'Live',
        placeholder: '',
        choices: () => ids.map(choice),
        initialId: 'b',
        changed: changed.event,
      });
      const pick = await hand.pick('Live');
      ids = ['new', 'a', 'b'];
      changed.fire();
      assert.equal(pick.items.length, 3);
      // The first Enter may come before the editor has drawn the new ones. It is lost then, and never means another one.
      let value: string | undefined;
      const answered = answer.then((given) => {
        value = given.value;
      });
      await eventually('an answer', async () => {
        await hand.accept();
        return value;
      });
      await answered;
      assert.equal(value, 'b');
      assert.equal(changed.hasListeners, false);
    });
  });

  describe('in a row', () => {
    it('count their steps and keep their answers', async () => {
      const answers: string[] = [];
      const flow = runPages(
        ['Name', 'Reason'].map((title, index) => async (position) => {
          const { went, value } = await askText({ title, position, value: answers[index] ?? '' });
          answers[index] = value;
          return went === 'back' ? 'back' : 'next';
        }),
      );
      const name = await hand.box('Name (1/2)');
      assert.deepEqual(name.buttons, []);
      name.value = 'x';
      await hand.accept();
      const reason = await hand.box('Reason (2/2)');
      assert.equal(reason.buttons.length, 1);
      reason.value = 'y';
      await hand.accept();
      await flow;
      assert.deepEqual(answers, ['x', 'y']);
    });

    it('go to the page that can mend what went wrong', async () => {
      const visited: number[] = [];
      let failed = false;
      await runPages([
        () => {
          visited.push(1);
          return Promise.resolve('next');
        },
        () => {
          visited.push(2);
          return Promise.resolve('next');
        },
        () => {
          visited.push(3);
          const result = failed ? ('next' as const) : { goTo: 0 };
          failed = true;
          return Promise.resolve(result);
        },
      ]);
      assert.deepEqual(visited, [1, 2, 3, 1, 2, 3]);
    });
  });

  it('are replaced by a busy one while something is tried without asking', async () => {
    let finish: (value: number) => void = () => undefined;
    const answer = whileBusy(
      { title: 'Add Server' },
      'Signing in...',
      () =>
        new Promise<number>((resolve) => {
          finish = resolve;
        }),
    );
    const box = await hand.box('Add Server');
    assert.deepEqual([box.busy, box.enabled, box.prompt], [true, false, 'Signing in...']);
    finish(7);
    assert.equal(await answer, 7);
  });
});

function messageOf({ validationMessage }: vscode.InputBox): string | undefined {
  return typeof validationMessage === 'object' ? validationMessage.message : validationMessage;
}
