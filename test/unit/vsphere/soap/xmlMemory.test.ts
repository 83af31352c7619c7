import assert from 'node:assert/strict';
import { XmlError } from '../../../../src/vsphere/soap/xmlError';
import { XmlMemory } from '../../../../src/vsphere/soap/xmlMemory';
import { read, readWithSaxes } from '../../../support/xmlEvents';

// What was learned from one document must never show in what is read of another.

function reading(memory: XmlMemory, text: string): string[] {
  return read([Buffer.from(text, 'utf8')], undefined, memory);
}

function learn(memory: XmlMemory, text: string): void {
  for (let i = 0; i < 20; i++) {
    reading(memory, text);
  }
}

describe('XmlMemory', () => {
  const object = (name: string, value: string): string =>
    `<o><n>${name}</n><v x:type="t">${value}</v><d/></o><o><n>${name}</n><v x:type="t">${value}</v><d/></o>`;
  const document = (content: string, uri = 'u'): string => `<a xmlns="${uri}" xmlns:x="i">${content}</a>`;

  it('makes no difference for the same document', () => {
    const memory = new XmlMemory();
    const text = document(object('name', 'one') + object('state', 'two'));
    learn(memory, text);
    assert.deepEqual(reading(memory, text), readWithSaxes(Buffer.from(text)));
  });

  it('reads the same tags in another namespace as what they are there', () => {
    const memory = new XmlMemory();
    learn(memory, document(object('name', 'one')));
    const other = document(object('name', 'one'), 'other');
    assert.deepEqual(reading(memory, other), readWithSaxes(Buffer.from(other)));
  });

  it('sees that another text stands where one was expected, also one that begins alike', () => {
    const memory = new XmlMemory();
    learn(memory, document(object('name', 'one')));
    for (const value of ['on', 'ones', 'one&amp;', 'on<!---->e', 'one ', '', 'é', '<![CDATA[one]]>']) {
      const text = document(object('name', value));
      assert.deepEqual(reading(memory, text), readWithSaxes(Buffer.from(text)), value);
    }
  });

  it('sees that an end tag does not fit although the same tags fitted before', () => {
    const memory = new XmlMemory();
    learn(memory, '<a><b>x</b><c>y</c></a>');
    assert.throws(() => reading(memory, '<a><d>x</b><c>y</c></a>'), XmlError);
    assert.throws(() => reading(memory, '<a><b>x</b><c>y</c></a></a>'), XmlError);
    assert.throws(() => reading(memory, '<a><b>x</b><c>y</c>'), XmlError);
  });

  it('reads what it has learned wherever the network cuts it', () => {
    const memory = new XmlMemory();
    const bytes = Buffer.from(document(object('name', 'one') + object('state', 'two')), 'utf8');
    learn(memory, bytes.toString());
    const expected = readWithSaxes(bytes);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)];
      assert.deepEqual(read(chunks, undefined, memory), expected, `cut at ${cut}`);
    }
  });

  it('starts anew when it is full', () => {
    const memory = new XmlMemory();
    const before = memory.learned();
    const many = Array.from({ length: 3_000 }, (_, i) => `<b c="${i}"/>`).join('');
    reading(memory, `<a>${many}</a>`);
    assert.notEqual(memory.learned(), before);
    assert.deepEqual(reading(memory, '<a><b c="1">x</b></a>'), ['<{}a ', '<{}b {}c="1"', '"x"', '>', '>']);
  });

  it('still counts what limits are about', () => {
    const memory = new XmlMemory();
    const limits = { maxDepth: 4, maxTagBytes: 64, maxTextBytes: 6 };
    const deep = '<a><b>12345</b><b>12345</b><b>12345</b></a>';
    for (let i = 0; i < 20; i++) {
      read([Buffer.from(deep)], limits, memory);
    }
    assert.throws(() => read([Buffer.from('<a><b>12345<!---->12345</b></a>')], limits, memory), /text is too long/);
    assert.throws(() => read([Buffer.from(`<c><c><c>${deep}</c></c></c>`)], limits, memory), /too deep/);
  });
});
