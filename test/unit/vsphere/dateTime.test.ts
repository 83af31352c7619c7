import assert from 'node:assert/strict';
import { parseDateTime } from '../../../src/vsphere/dateTime';

describe('parseDateTime', () => {
  const noon = Date.UTC(2023, 11, 12, 10, 6, 39);

  it('reads every form that servers write, and takes a missing zone for UTC', () => {
    const cases: [text: string, ms: number][] = [
      ['2023-12-12T10:06:39Z', noon],
      ['2023-12-12T10:06:39', noon],
      ['2023-12-12T10:06:39.5', noon + 500],
      ['2023-12-12T10:06:39.763524Z', noon + 763],
      ['2023-12-12T10:06:39.623110748Z', noon + 623],
      ['2023-12-12T12:06:39+02:00', noon],
      ['2023-12-12T04:36:39-05:30', noon],
      ['2023-12-12T10:06:39+00:00', noon],
    ];
    for (const [text, ms] of cases) {
      assert.equal(parseDateTime(text), ms, text);
    }
  });

  it('gives undefined for anything else', () => {
    for (const text of [undefined, '', 'yesterday', '2023-12-12', '12:00:00Z', '2023-12-12 10:06:39Z', '1e3']) {
      assert.equal(parseDateTime(text), undefined);
    }
  });
});
