import assert from 'node:assert/strict';
import { XmlError } from '../../src/vsphere/soap/xmlError';
import { XmlMemory } from '../../src/vsphere/soap/xmlMemory';
import { seededRandom } from '../../src/simulator/random/random';
import { read, readWithSaxes } from './xmlEvents';

// Damaged documents by the thousand: our reader and saxes must agree on each, on the content and on whether it is one.

/** Documents that are damaged: replies in the notations of the servers that there are, and what they never send. */
const seeds: readonly string[] = [
  '<?xml version="1.0" encoding="UTF-8"?>\n<e:Envelope xmlns:e="s" xmlns:x="i"><e:Body><R xmlns="urn:vim25">' +
    '<returnval><obj type="VirtualMachine">vm-1</obj><propSet><name>name</name><val x:type="xsd:string">a &amp; b' +
    '&#xA;é</val></propSet></returnval></R></e:Body></e:Envelope>',
  '<a b="1" c=\'2\'><!-- note --><![CDATA[<raw>]]>text]]<d/>\r\n<p:e xmlns:p="u" p:f="&lt;"/></a>',
  // As vcsim writes: the prefix is declared anew on every value.
  '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><RetrievePropertiesExResponse xmlns="urn:vim25">' +
    '<returnval><token>1</token><objects><obj type="VirtualMachine">vm-57</obj><propSet><name>snapshot</name>' +
    '<val xmlns:XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance" XMLSchema-instance:type="' +
    'VirtualMachineSnapshotInfo"><currentSnapshot type="VirtualMachineSnapshot">snapshot-1</currentSnapshot>' +
    '<rootSnapshotList><snapshot type="VirtualMachineSnapshot">snapshot-1</snapshot><vm type="VirtualMachine">vm-57</vm>' +
    '<name>before &lt;KB5034&gt; \u30b9</name><description/><id>1</id><createTime>2026-11-22T14:05:00.1Z</createTime>' +
    '<state>poweredOff</state><quiesced>false</quiesced></rootSnapshotList></val></propSet></objects></returnval>' +
    '</RetrievePropertiesExResponse></Body></Envelope>',
  // As vCenter answers with a fault.
  '<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" ' +
    'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ' +
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n<soapenv:Body>\n<soapenv:Fault><faultcode>ServerFaultCode' +
    '</faultcode><faultstring>The session is not authenticated.</faultstring><detail><NotAuthenticatedFault ' +
    'xmlns="urn:vim25" xsi:type="NotAuthenticated"><object type="Folder">group-d1</object><privilegeId>System.View' +
    '</privilegeId></NotAuthenticatedFault></detail></soapenv:Fault>\n</soapenv:Body>\n</soapenv:Envelope>',
  '<?xml version="1.0"?><a xmlns="u"><b xmlns=""/>😀<c>\t 007 </c><?pi data?></a>\n',
];

const fragments = [
  '<', '>', '/', '&', ';', '"', "'", '=', ' ', '\n', '\r', '\t', ':', '!', '?', '-', '[', ']', 'a', 'b', 'x', '1', '#',
  '&amp;', '&#65;', '&#x0;', '&zz;', '<!--', '-->', '<![CDATA[', ']]>', '<?', '?>', '<a>', '</a>', '<b/>', ' xmlns="u"',
  ' xmlns:p="v"', 'p:', 'xml', 'é', '\u{1f600}', '\u0000', '\ufffe', '\u0085',
]; // prettier-ignore

// More would bring more different names than a reader puts up with.
const documentsPerMemory = 1_000;

// A text is expected from its ninth time on.
const readingsOfSeeds = 12;

/** Damages a text in one to three places, byte by byte and with `pieces` of its language. */
export function damage(text: string, pieces: readonly string[], next: (below: number) => number): Buffer {
  let bytes = Buffer.from(text, 'utf8');
  for (let edits = 1 + next(3); edits > 0; edits--) {
    const at = next(bytes.length + 1);
    const to = Math.min(bytes.length, at + next(6));
    const fragment = Buffer.from(pieces[next(pieces.length)] ?? '', 'utf8');
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(to)];
    switch (next(5)) {
      case 0:
        bytes = Buffer.concat([head, tail]);
        break;
      case 1:
        bytes = Buffer.concat([head, fragment, bytes.subarray(at)]);
        break;
      case 2:
        bytes = Buffer.concat([head, fragment, tail]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
        break;
      default:
        bytes = Buffer.concat([head, Buffer.from([next(256)]), tail]);
    }
  }
  return bytes;
}

/** Where both are right, by what each promises. */
function isKnownDifference(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  return (
    // Refused on purpose.
    text.includes('<!D') ||
    /encoding\s*=\s*["'](?!utf-8["'])/i.test(text) ||
    // Namespaces in XML forbids it; saxes lets it pass.
    /<\/?xmlns:/.test(text) ||
    // A local name starts as any name does; saxes takes whatever a name may hold.
    /:[-.\d\u00b7]/.test(text) ||
    // saxes trims the names of namespaces, also of blanks that are written as references.
    /xmlns[^=]*=\s*["'][^"']*(?:\s|&#)/.test(text) ||
    // A target must be followed by a blank; saxes goes on behind the question mark.
    /<\?[^\s?]*\?[^>]/.test(text)
  );
}

/** How a run of {@link fuzzXmlReader} went. */
export interface FuzzOutcome {
  /** Documents that were compared. */
  readonly compared: number;
  /** Of them, those that both took for XML. */
  readonly accepted: number;
}

/**
 * Reads damaged documents with our reader, whole and in pieces, knowing nothing and knowing the seeds, and with saxes.
 *
 * @throws AssertionError with the document when they disagree
 */
export function fuzzXmlReader(runs: number, seed: number, onProgress?: (done: number) => void): FuzzOutcome {
  const random = seededRandom(seed);
  const next = (below: number): number => Math.floor(random() * below);
  let compared = 0;
  let accepted = 0;
  let memory = new XmlMemory();
  for (let i = 0; i < runs; i++) {
    if (i % documentsPerMemory === 0) {
      memory = learnedFromSeeds();
    }
    const bytes = damage(seeds[i % seeds.length] ?? '', fragments, next);
    if (!isKnownDifference(bytes)) {
      const expected = readWithSaxes(bytes);
      const cut = next(bytes.length + 1);
      // Every other one by a reader that has met nearly the same before: that must not make it see what is not there.
      const known = i % 2 === 0 ? new XmlMemory() : memory;
      for (const chunks of [[bytes], [bytes.subarray(0, cut), bytes.subarray(cut)]]) {
        assert.deepEqual(
          readOrUndefined(chunks, known),
          expected,
          `seed ${seed}, run ${i}: ${JSON.stringify(bytes.toString('utf8'))}`,
        );
      }
      compared++;
      accepted += expected === undefined ? 0 : 1;
    }
    onProgress?.(i + 1);
  }
  return { compared, accepted };
}

/** What a reader knows that has read each seed so often that it expects every text in it. */
function learnedFromSeeds(): XmlMemory {
  const memory = new XmlMemory();
  for (let i = 0; i < readingsOfSeeds; i++) {
    for (const seed of seeds) {
      read([Buffer.from(seed, 'utf8')], undefined, memory);
    }
  }
  return memory;
}

function readOrUndefined(chunks: readonly Uint8Array[], memory: XmlMemory): string[] | undefined {
  try {
    return read(chunks, undefined, memory);
  } catch (error) {
    assert.ok(error instanceof XmlError, String(error));
    return undefined;
  }
}
