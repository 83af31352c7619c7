import assert from 'node:assert/strict';
import { ManualClock } from '../../../../src/common/clock';
import { isEditorCancellation } from '../../../../src/ui/feedback/editorCancellation';
import { LogTail } from '../../../../src/ui/feedback/logTail';

describe('the tail of the log', () => {
  it('has the last thousand lines with time and level, none of them endless', () => {
    const tail = new LogTail(new ManualClock(Date.UTC(2026, 10, 22, 14, 5)));
    for (let line = 1; line <= 1_001; line++) {
      tail.add('info', `line ${line}`);
    }
    tail.add('error', 'x'.repeat(100_000));
    const lines = tail.text.split('\n');
    assert.equal(lines.length, 1_000);
    assert.equal(lines[0], '2026-11-22T14:05:00.000Z [info] line 3');
    assert.match(lines[999] ?? '', /^2026-11-22T14:05:00\.000Z \[error\] x+…$/);
    assert.ok((lines[999] ?? '').length < 5_000);
  });
});

describe('what the editor has cancelled', () => {
  it('is told from what has failed', () => {
    const cancelled = Object.assign(new Error('Canceled'), { name: 'Canceled' });
    assert.equal(isEditorCancellation(cancelled), true);
    assert.equal(isEditorCancellation(new Error('Canceled')), false);
    assert.equal(isEditorCancellation(Object.assign(new Error('The task was stopped'), { name: 'Canceled' })), false);
    assert.equal(isEditorCancellation('Canceled'), false);
  });
});
