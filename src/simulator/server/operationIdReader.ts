import { soapUri } from '../../vsphere/soap/namespaces';
import type { XmlSink } from '../../vsphere/soap/xmlReader';
import type { XmlAttributes, XmlScope } from '../../vsphere/soap/xmlScope';

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

  open(uri: string, local: string, attributes: XmlAttributes, scope: XmlScope): boolean {
    this.depth++;
    if (this.depth === 2) {
      this.isInHeader = uri === soapUri && local === 'Header';
    }
    this.isCapturing = this.isInHeader && this.depth === 3 && local === 'operationID';
    return this.inner.open(uri, local, attributes, scope) || this.isCapturing;
  }

  text(text: string): void {
    if (this.isCapturing) {
      this.captured += text;
    } else {
      this.inner.text(text);
    }
  }

  close(): void {
    this.depth--;
    this.isCapturing = false;
    this.inner.close();
  }
}
