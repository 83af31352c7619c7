import { soapUri } from '../../vsphere/soap/namespaces';
import type { StartTag } from '../../vsphere/soap/xmlScope';
import { XmlInterest, type XmlSink } from '../../vsphere/soap/xmlSink';

// Inside of the envelope.
const headerDepth = 2;

/** Passes a request on to its reader and picks the client's name for the operation out of the header. */
export class OperationIdReader implements XmlSink {
  private depth = 0;
  private isInHeader = false;
  private isCapturing = false;
  private captured = '';

  constructor(private readonly inner: XmlSink) {}

  get operationId(): string | undefined {
    return this.captured === '' ? undefined : this.captured;
  }

  open(tag: StartTag): XmlInterest | XmlSink {
    const { uri, local } = tag;
    if (this.isInHeader) {
      this.depth++;
      this.isCapturing = this.depth === headerDepth + 1 && local === 'operationID';
      return this.isCapturing ? XmlInterest.text : XmlInterest.elements;
    }
    const wanted = this.inner.open(tag);
    if (typeof wanted === 'object') {
      // Read by somebody else up to its end.
      return wanted;
    }
    this.depth++;
    this.isInHeader = this.depth === headerDepth && uri === soapUri && local === 'Header';
    return this.isInHeader ? XmlInterest.elements : wanted;
  }

  text(text: string): void {
    if (this.isCapturing) {
      this.captured += text;
    } else {
      this.inner.text(text);
    }
  }

  close(): void {
    this.isCapturing = false;
    if (this.isInHeader && this.depth > headerDepth) {
      this.depth--;
      return;
    }
    this.isInHeader = false;
    this.depth--;
    this.inner.close();
  }
}
