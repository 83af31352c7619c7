import { SaxesParser } from 'saxes';
import { defaultXmlLimits, type XmlLimits } from '../../src/vsphere/soap/xmlLimits';
import { XmlMemory } from '../../src/vsphere/soap/xmlMemory';
import { XmlReader } from '../../src/vsphere/soap/xmlReader';
import type { XmlAttributes } from '../../src/vsphere/soap/xmlScope';
import { XmlInterest, type XmlSink } from '../../src/vsphere/soap/xmlSink';

// What a document says, as a list of lines, by our reader and by saxes. Two readers that share no code.

interface Opened {
  readonly uri: string;
  readonly local: string;
  readonly attributes: XmlAttributes;
}

class Recorder implements XmlSink {
  readonly events: string[] = [];
  private pending = '';

  open({ uri, local, attributes }: Opened): XmlInterest {
    this.flush();
    const list = attributes.map((each) => `{${each.uri}}${each.local}=${JSON.stringify(each.value)}`).sort();
    this.events.push(`<{${uri}}${local} ${list.join(' ')}`);
    return XmlInterest.text;
  }

  text(text: string): void {
    this.pending += text;
  }

  close(): void {
    this.flush();
    this.events.push('>');
  }

  private flush(): void {
    if (this.pending !== '') {
      this.events.push(JSON.stringify(this.pending));
      this.pending = '';
    }
  }
}

/**
 * Reads the chunks with our reader.
 *
 * @param memory - what was learned from documents before this one
 * @throws XmlError as the reader does.
 */
export function read(
  chunks: readonly Uint8Array[],
  limits: XmlLimits = defaultXmlLimits,
  memory = new XmlMemory(),
): string[] {
  const recorder = new Recorder();
  const reader = new XmlReader(recorder, memory, limits);
  for (const chunk of chunks) {
    reader.write(chunk);
  }
  reader.end();
  return recorder.events;
}

export function readText(text: string, limits?: XmlLimits): string[] {
  return read([Buffer.from(text, 'utf8')], limits);
}

/** The same by saxes, undefined where it refuses the document. */
export function readWithSaxes(bytes: Uint8Array): string[] | undefined {
  const recorder = new Recorder();
  // As our reader, and as XML 1.0 has it: whatever version 1.x a document says that it is of.
  const parser = new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  let depth = 0;
  const errors: Error[] = [];
  parser.on('error', (error) => {
    errors.push(error);
  });
  parser.on('opentag', (tag) => {
    depth++;
    recorder.open({
      uri: tag.uri,
      local: tag.local,
      attributes: Object.values(tag.attributes)
        .filter((each) => each.prefix !== 'xmlns' && each.name !== 'xmlns')
        .map((each) => ({ uri: each.uri, local: each.local, value: each.value })),
    });
  });
  const text = (value: string): void => {
    if (depth > 0) {
      recorder.text(value);
    }
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('closetag', () => {
    depth--;
    recorder.close();
  });
  parser.write(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  parser.close();
  return errors.length > 0 ? undefined : recorder.events;
}
