import { soapUri, vimUri, xsdUri, xsiUri } from '../../../../src/vsphere/soap/namespaces';
import {
  ResponseReader,
  RequestReader,
  type DecodedRequest,
  type SoapFault,
} from '../../../../src/vsphere/soap/envelope';
import { XmlReader } from '../../../../src/vsphere/soap/xmlReader';
import type { XmlSink } from '../../../../src/vsphere/soap/xmlSink';
import type { MethodType } from '../../../../src/vsphere/vim/schema';

export function readInto(sink: XmlSink, xml: string): void {
  const reader = new XmlReader(sink);
  reader.write(Buffer.from(xml, 'utf8'));
  reader.end();
}

export function envelope(body: string): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="${soapUri}" xmlns:xsd="${xsdUri}" ` +
    `xmlns:xsi="${xsiUri}"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`
  );
}

export function outcomeOf(
  method: MethodType,
  xml: string,
): { readonly result: unknown } | { readonly fault: SoapFault } {
  const reader = new ResponseReader(method);
  readInto(reader, xml);
  return reader.outcome();
}

/** The result of a reply whose response element holds `inner`. */
export function resultOf(method: MethodType, inner: string): unknown {
  const outcome = outcomeOf(
    method,
    envelope(`<${method.name}Response xmlns="${vimUri}">${inner}</${method.name}Response>`),
  );
  if ('fault' in outcome) {
    throw new Error(`a fault: ${outcome.fault.message}`);
  }
  return outcome.result;
}

export function faultOf(method: MethodType, inner: string): SoapFault {
  const outcome = outcomeOf(method, envelope(`<soapenv:Fault>${inner}</soapenv:Fault>`));
  if ('result' in outcome) {
    throw new Error('a result where a fault was expected');
  }
  return outcome.fault;
}

export function requestOf(methods: readonly MethodType[], body: string): DecodedRequest {
  const reader = new RequestReader((name) => methods.find((method) => method.name === name));
  readInto(reader, envelope(body));
  return reader.request();
}
