import assert from 'node:assert/strict';
import { XmlError } from '../../../../src/vsphere/soap/xmlError';
import { defaultXmlLimits } from '../../../../src/vsphere/soap/xmlLimits';
import { read, readText, readWithSaxes } from '../../../support/xmlEvents';

// Documents on which XML 1.0 and Namespaces in XML leave no choice. saxes is asked as well, so that the table cannot
// repeat a mistake of the reader.
const wellFormed: Readonly<Record<string, string>> = {
  'an empty element': '<a/>',
  'white space around the root': ' \n<a></a>\r\n\t',
  'declaration, comment and instruction': '<?xml version="1.0" encoding="utf-8"?><!-- x --><?go now?><a/><!--y-->',
  'blanks around names and equals signs': '<a  b = "1"\n\tc\r\n=\r\n\'2\' ></a >',
  'text kept as it is': '<a>  007 1e3 true  </a>',
  'predefined entities': '<a b="&lt;&gt;&amp;&quot;&apos;">&lt;&gt;&amp;&quot;&apos;</a>',
  'character references': '<a>&#65;&#x42;&#x1F600;&#128512;&#xA;&#13;</a>',
  'characters of every length': '<a b="é€😀">é€😀</a>',
  'CR LF and lone CR': '<a>1\r\n2\r3\n4\r\r\n5</a>',
  'white space in attributes': '<a b="1\t2\n3\r\n4&#10;5"/>',
  'a CDATA section': '<a>x<![CDATA[<&]] >]]]>y</a>',
  'CR LF in CDATA': '<a><![CDATA[1\r\n2\r]]>\n</a>',
  'an empty CDATA section': '<a><![CDATA[]]></a>',
  'text in pieces': '<a>one<!-- - -- >'.replace('-- >', '>') + ' --><b/>two<?p i?>three</a>',
  'brackets in text': '<a>]] > ]>]</a>',
  'brackets cut by a comment': '<a>]]<!---->></a>',
  'more in a value': '<a b=">"/>',
  'default namespace and its end': '<a xmlns="u"><b xmlns=""><c/></b><d/></a>',
  'prefixes that hide each other': '<p:a xmlns:p="u"><p:b xmlns:p="v" p:x="1"/><p:c/></p:a>',
  'same local name in two namespaces': '<a xmlns:p="u" type="x" p:type="y"/>',
  'a declaration behind its use': '<a p:x="1" xmlns:p="u"/>',
  'the xml prefix': '<a xml:lang="en" xmlns:xml="http://www.w3.org/XML/1998/namespace"/>',
  'vcsim declares at every value':
    '<a><v xmlns:I="http://www.w3.org/2001/XMLSchema-instance" I:type="xsd:string">1</v>' +
    '<v xmlns:I="http://www.w3.org/2001/XMLSchema-instance" I:type="xsd:string">2</v></a>',
  'names beyond ASCII': '<é ñ="1"><日本/></é>',
  'names with dots, dashes and digits': '<a-b.c_1/>',
  'the last allowed characters': '<a>\ud7ff\ue000\ufffd\u{10ffff}\u007f\u0085\u2028</a>',
  // XML 1.0, 5th edition, 2.8: any 1.x is read as 1.0 is, also the line ends that only 1.1 knows.
  'a later version, by the rules of 1.0': '<?xml version="1.00"?><a>\u0085</a>',
};

const malformed: Readonly<Record<string, string>> = {
  nothing: '',
  'white space only': ' \n ',
  'text only': 'Service Unavailable',
  'text before the root': 'x<a/>',
  'text behind the root': '<a/>x',
  'a reference outside of the root': '<a/>&#32;',
  'two roots': '<a/><b/>',
  'no end tag': '<a><b></b>',
  'wrong end tag': '<a><b></a></b>',
  'end tag with a longer name': '<a></ab>',
  'end tag with a shorter name': '<ab></a>',
  'end tag with an attribute': '<a></a b="1">',
  'end tag without a start tag': '</a>',
  'end tag with another prefix': '<p:a xmlns:p="u" xmlns:q="u"></q:a>',
  'cut off in a tag': '<a><b',
  'cut off in an attribute': '<a b="1',
  'cut off in text': '<a>tex',
  'cut off in a comment': '<a><!-- ',
  'cut off in a CDATA section': '<a><![CDATA[ ]]',
  'cut off in a reference': '<a>&am',
  'a tag without a name': '<a>< b/></a>',
  'a name that starts with a digit': '<1a/>',
  'a name that starts with a dash': '<-a/>',
  'an attribute without a value': '<a b/>',
  'an attribute without quotes': '<a b=1/>',
  'attributes without a blank between': '<a b="1"c="2"/>',
  'an attribute twice': '<a b="1" b="2"/>',
  'an attribute twice by two prefixes': '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>',
  'a namespace declared twice': '<a xmlns:p="u" xmlns:p="v"/>',
  'less-than in an attribute': '<a b="<"/>',
  'a slash in a tag': '<a / >',
  'a bare ampersand': '<a>a & b</a>',
  'a bare ampersand in an attribute': '<a b="a & b"/>',
  'an undefined entity': '<a>&nbsp;</a>',
  'an empty entity': '<a>&;</a>',
  'an empty character reference': '<a>&#;</a>',
  'a character reference to NUL': '<a>&#0;</a>',
  'a character reference to a control': '<a>&#x1;</a>',
  'a character reference to a surrogate': '<a>&#xD800;</a>',
  'a character reference to U+FFFE': '<a>&#xFFFE;</a>',
  'a character reference beyond Unicode': '<a>&#x110000;</a>',
  'an upper-case X in a reference': '<a>&#X41;</a>',
  'a raw NUL': '<a>\u0000</a>',
  'a raw control character': '<a>\u0001</a>',
  'a raw control character in an attribute': '<a b="\u0001"/>',
  'a raw control character in CDATA': '<a><![CDATA[\u0001]]></a>',
  'a raw control character in a comment': '<a><!--\u0001--></a>',
  'U+FFFE': '<a>\ufffe</a>',
  'U+FFFF in an attribute': '<a b="\uffff"/>',
  'the end of CDATA in text': '<a>]]></a>',
  'the end of CDATA among brackets': '<a>]]]></a>',
  'two dashes in a comment': '<a><!-- -- --></a>',
  'three dashes at the end of a comment': '<a><!-- ---></a>',
  'CDATA outside of the root': '<![CDATA[x]]><a/>',
  'a broken CDATA start': '<a><![CDAT[x]]></a>',
  'an undeclared prefix': '<p:a/>',
  'an undeclared prefix at an attribute': '<a p:b="1"/>',
  'a prefix out of scope': '<a><b xmlns:p="u"/><p:c/></a>',
  'a prefix bound to nothing': '<a xmlns:p=""/>',
  'the prefix xmlns declared': '<a xmlns:xmlns="u"/>',
  'the prefix xml bound to something else': '<a xmlns:xml="u"/>',
  'another prefix bound to the xml namespace': '<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>',
  'two colons in a name': '<a:b:c xmlns:a="u"/>',
  'a colon at the end of a name': '<a: xmlns:a="u"/>',
  'an XML declaration behind a blank': ' <?xml version="1.0"?><a/>',
  'an XML declaration inside': '<a><?xml version="1.0"?></a>',
  'an XML declaration without a version': '<?xml encoding="utf-8"?><a/>',
  'an instruction without a target': '<a><? x?></a>',
  HTML: '<html><head><meta charset="utf-8"></head><body>503<br></body></html>',
};

/** Refused on purpose, or beyond what saxes looks at. */
const refused: Readonly<Record<string, string>> = {
  'a DOCTYPE': '<!DOCTYPE a><a/>',
  'an internal entity': '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
  'an external entity': '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
  'a billion laughs': '<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;">]><a>&m;</a>',
  'a DOCTYPE inside': '<a><!DOCTYPE b></a>',
  'another encoding': '<?xml version="1.0" encoding="utf-16"?><a/>',
  'the prefix xmlns used': '<xmlns:a/>',
};

function fails(text: string): void {
  assert.throws(() => readText(text), XmlError);
}

describe('XmlReader', () => {
  for (const [title, text] of Object.entries(wellFormed)) {
    it(`reads ${title}, wherever the network cuts it`, () => {
      const bytes = Buffer.from(text, 'utf8');
      const expected = readWithSaxes(bytes);
      assert.notEqual(expected, undefined, 'saxes refuses it');
      assert.deepEqual(read([bytes]), expected);
      for (let cut = 0; cut <= bytes.length; cut++) {
        assert.deepEqual(read([bytes.subarray(0, cut), bytes.subarray(cut)]), expected, `cut at ${cut}`);
      }
      assert.deepEqual(read([...bytes].map((byte) => Uint8Array.of(byte))), expected, 'byte by byte');
    });
  }

  // Found by npm run fuzz: saxes trims the name, which Namespaces in XML has compared character by character.
  it('keeps blanks of the name of a namespace', () => {
    assert.deepEqual(readText('<p:a xmlns:p="&#x0A;u " p:b="1"/>'), ['<{\nu }a {\nu }b="1"', '>']);
  });

  for (const [title, text] of Object.entries(malformed)) {
    it(`refuses ${title}, wherever the network cuts it`, () => {
      const bytes = Buffer.from(text, 'utf8');
      assert.equal(readWithSaxes(bytes), undefined, 'saxes accepts it');
      for (let cut = 0; cut <= bytes.length; cut++) {
        assert.throws(() => read([bytes.subarray(0, cut), bytes.subarray(cut)]), XmlError, `cut at ${cut}`);
      }
      assert.throws(() => read([...bytes].map((byte) => Uint8Array.of(byte))), XmlError, 'byte by byte');
    });
  }

  for (const [title, text] of Object.entries(refused)) {
    it(`refuses ${title}`, () => {
      fails(text);
    });
  }

  it('passes over a byte order mark, also one in pieces', () => {
    const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('<a/>')]);
    assert.deepEqual(read([bytes]), ['<{}a ', '>']);
    assert.deepEqual(read([...bytes].map((byte) => Uint8Array.of(byte))), ['<{}a ', '>']);
  });

  it('reads bytes that are not UTF-8 as U+FFFD, the same for every cut', () => {
    const sequences = [
      [0xff],
      [0xc3],
      [0xe2, 0x82],
      [0xf0, 0x9f, 0x98],
      [0x80, 0x80],
      [0xed, 0xa0, 0x80],
      [0xc0, 0xaf],
    ];
    for (const sequence of sequences) {
      const bytes = Buffer.concat([Buffer.from('<a>x'), Buffer.from(sequence), Buffer.from('y</a>')]);
      const expected = read([bytes]);
      assert.match(expected[1] ?? '', /^"x\ufffd+y"$/);
      assert.deepEqual(expected, readWithSaxes(bytes));
      for (let cut = 0; cut <= bytes.length; cut++) {
        assert.deepEqual(read([bytes.subarray(0, cut), bytes.subarray(cut)]), expected, `cut at ${cut}`);
      }
    }
  });

  it('does not keep or change the chunks that it was given', () => {
    const chunk = Buffer.from('<a>one');
    const events: string[] = [];
    events.push(...read([chunk, Buffer.from('</a>')]));
    assert.equal(chunk.toString(), '<a>one');
    assert.deepEqual(events, ['<{}a ', '"one"', '>']);
  });

  describe('limits', () => {
    const small = { maxDepth: 4, maxTagBytes: 64, maxTextBytes: 16 };

    it('counts depth', () => {
      assert.equal(readText('<a><a><a><a/></a></a></a>', small).length, 8);
      assert.throws(() => readText('<a><a><a><a><a/></a></a></a></a>', small), /too deep/);
    });

    it('counts the bytes of a tag, whole or in pieces', () => {
      const tag = `<a b="${'x'.repeat(70)}"/>`;
      assert.throws(() => readText(tag, small), /too long/);
      assert.throws(
        () =>
          read(
            [...Buffer.from(tag)].map((byte) => Uint8Array.of(byte)),
            small,
          ),
        /too long/,
      );
    });

    it('counts the bytes of an instruction and of blanks in an end tag', () => {
      assert.throws(() => readText(`<a><?p ${'x'.repeat(80)}?></a>`, small), XmlError);
      assert.throws(() => readText(`<a></a${' '.repeat(80)}`, small), XmlError);
    });

    it('counts the text of one element over all its pieces', () => {
      assert.equal(readText(`<a>${'x'.repeat(16)}</a>`, small).length, 3);
      assert.throws(() => readText(`<a>${'x'.repeat(17)}</a>`, small), /too long/);
      assert.throws(() => readText(`<a>${'x'.repeat(9)}<b/>${'x'.repeat(9)}</a>`, small), /too long/);
      assert.throws(() => readText(`<a><![CDATA[${'x'.repeat(17)}]]></a>`, small), /too long/);
    });

    it('bounds attributes, declarations, names and their lengths', () => {
      const list = (count: number, write: (i: number) => string): string =>
        Array.from({ length: count }, (_, i) => write(i)).join(' ');
      assert.throws(() => readText(`<a ${list(65, (i) => `b${i}="1"`)}/>`), /too many attributes/);
      const nested = Array.from({ length: 3 }, (_, d) => `<a ${list(30, (i) => `xmlns:p${d}x${i}="u"`)}>`).join('');
      assert.throws(() => readText(nested), /too many namespace declarations/);
      assert.throws(() => readText(`<${'a'.repeat(2_000)}/>`), /name is too long/);
      assert.throws(() => readText(`<a>${list(8_100, (i) => `<b${i}/>`)}</a>`), /too many different names/);
    });

    it('reads on when a document makes it forget', () => {
      // More different tags than are remembered: each is resolved anew.
      const tags = Array.from({ length: 3_000 }, (_, i) => `<b c="${i}" xmlns:p="u${i}" p:d="1"/>`).join('');
      const events = readText(`<a>${tags}</a>`);
      assert.equal(events.length, 6_002);
      assert.equal(events[5_999], '<{}b {u2999}d="1" {}c="2999"');
    });

    it('holds no more of an endless tag or comment than a tag may be long', () => {
      assert.throws(() => {
        read(
          Array.from({ length: 1_000 }, () => Buffer.from('<a '.padEnd(100, 'b'))),
          defaultXmlLimits,
        );
      }, XmlError);
    });
  });
});
