import { MethodFault } from '../vim/fault';
import { findType } from '../vim/registry';
import { isA, type ManagedObjectReference, type MethodType, objectOf, type ObjectType, reference } from '../vim/schema';
import { soapUri, vimUri, xsdUri, xsiUri } from './namespaces';
import type { ResultListener } from './readContent';
import { SchemaError } from './schemaError';
import { VimDecoder } from './vimDecoder';
import { escapeText, VimEncoder } from './vimEncoder';
import type { StartTag } from './xmlScope';
import { XmlInterest, type XmlSink } from './xmlSink';

const envelopeStart =
  `<?xml version="1.0" encoding="UTF-8"?>\n` +
  `<soapenv:Envelope xmlns:soapenv="${soapUri}" xmlns:xsd="${xsdUri}" xmlns:xsi="${xsiUri}">`;
const envelopeEnd = '</soapenv:Body></soapenv:Envelope>';

/**
 * The request for one call.
 *
 * @param operationId - shows up in the server's own logs beside everything that the call caused
 * @throws EncodeError when an argument is missing or cannot be written as XML
 */
export function encodeRequest<P extends object>(
  method: MethodType<P>,
  target: ManagedObjectReference,
  args: P,
  operationId?: string,
): string {
  const encoder = new VimEncoder();
  encoder.raw(envelopeStart);
  if (operationId !== undefined) {
    encoder.raw(`<soapenv:Header><operationID>${escapeText(operationId)}</operationID></soapenv:Header>`);
  }
  encoder.raw(`<soapenv:Body><${method.name} xmlns="${vimUri}">`);
  encoder.element('_this', reference, target);
  encoder.fields(method.parameters, args);
  encoder.raw(`</${method.name}>${envelopeEnd}`);
  return encoder.toString();
}

/**
 * The reply to a call that succeeded. `result` is what the method's result field declares.
 *
 * @param encoder - a new one; a server hands in one that leaves out what its client is too old for
 */
export function encodeResponse(method: MethodType, result: unknown, encoder = new VimEncoder()): string {
  encoder.raw(`${envelopeStart}<soapenv:Body><${method.name}Response xmlns="${vimUri}">`);
  if (method.result !== undefined) {
    encoder.field(method.result, result, method.name);
  }
  encoder.raw(`</${method.name}Response>${envelopeEnd}`);
  return encoder.toString();
}

/** The reply to a call that failed; goes with HTTP status 500. */
export function encodeFault(fault: MethodFault, message: string, encoder = new VimEncoder()): string {
  const name = fault.$type ?? MethodFault.name;
  const type = findType(name);
  encoder.raw(
    `${envelopeStart}<soapenv:Body><soapenv:Fault><faultcode>ServerFaultCode</faultcode>` +
      `<faultstring>${escapeText(message)}</faultstring><detail>` +
      `<${name}Fault xmlns="${vimUri}" xsi:type="${name}">`,
  );
  encoder.fields(type?.kind === 'object' ? type : MethodFault, fault);
  encoder.raw(`</${name}Fault></detail></soapenv:Fault>${envelopeEnd}`);
  return encoder.toString();
}

/** What a server answers instead of a result. */
export interface SoapFault {
  readonly code: string;
  /** In the session's language; vcsim leaves it empty or writes a Go type name. */
  readonly message: string;
  /** Unset for a fault without detail, as other web services send it. */
  readonly detail: MethodFault | undefined;
  /**
   * The type that the detail element's name tells: the fault that the method declares, thus an ancestor of a fault that is
   * newer than this client.
   */
  readonly declaredType: string | undefined;
}

/** Walks down an envelope to the body, of which others read what is in it. */
abstract class EnvelopeReader implements XmlSink {
  private depth = 0;
  private hadBody = false;

  open(tag: StartTag): XmlInterest | XmlSink {
    const { uri, local } = tag;
    if (this.depth === 2) {
      return this.openContent(tag);
    }
    this.depth++;
    if (this.depth === 1) {
      if (uri !== soapUri || local !== 'Envelope') {
        throw new SchemaError('not a SOAP envelope');
      }
      return XmlInterest.elements;
    }
    const isBody = uri === soapUri && local === 'Body';
    this.hadBody ||= isBody;
    return isBody ? XmlInterest.elements : XmlInterest.none;
  }

  text(): void {
    // Only of elements that others read.
  }

  close(): void {
    this.depth--;
  }

  /** @throws {@link SchemaError} when the document had no body or nothing in it. */
  protected requireBody(found: boolean): void {
    if (!this.hadBody || !found) {
      throw new SchemaError('a SOAP body with nothing in it');
    }
  }

  /** Gives the sink for an element of the body. */
  protected abstract openContent(tag: StartTag): XmlSink;
}

/** Reads the reply to one call. */
export class ResponseReader extends EnvelopeReader {
  private value: unknown;
  private isComplete = false;
  private soapFault: SoapFault | undefined;

  /**
   * @param listener - told of what stands directly inside of the result as soon as it has been read
   */
  constructor(
    private readonly method: MethodType,
    private readonly listener?: ResultListener,
  ) {
    super();
  }

  /** @throws {@link SchemaError} when the reply was neither the method's response nor a fault. */
  outcome(): { readonly result: unknown } | { readonly fault: SoapFault } {
    this.requireBody(this.isComplete || this.soapFault !== undefined);
    return this.soapFault === undefined ? { result: this.value } : { fault: this.soapFault };
  }

  protected override openContent({ uri, local }: StartTag): XmlSink {
    if (uri === soapUri && local === 'Fault') {
      return new FaultReader((fault) => {
        this.soapFault = fault;
      });
    }
    if (uri !== vimUri || local !== `${this.method.name}Response`) {
      throw new SchemaError(`"${local}" in place of the response to ${this.method.name}`);
    }
    if (this.isComplete) {
      throw new SchemaError(`more than one response to ${this.method.name}`);
    }
    const onValue = (value: unknown): void => {
      this.value = (value as { readonly returnval?: unknown }).returnval;
      this.isComplete = true;
    };
    return new VimDecoder('reply', onValue, this.listener).beginObject(responseType(this.method));
  }
}

function responseType({ name, result }: MethodType): ObjectType {
  return objectOf(`${name}Response`, result === undefined ? [] : [result]);
}

/** Reads the content of a `Fault` element. */
class FaultReader implements XmlSink {
  private readonly path: string[] = [];
  private code = '';
  private message = '';
  private detail: MethodFault | undefined;
  private declaredType: string | undefined;

  constructor(private readonly onFault: (fault: SoapFault) => void) {}

  open(tag: StartTag): XmlInterest | XmlSink {
    const { local } = tag;
    if (this.path.length === 1 && this.path[0] === 'detail' && this.detail === undefined) {
      return this.openDetail(tag);
    }
    this.path.push(local);
    const isText = this.path.length === 1 && (local === 'faultcode' || local === 'faultstring');
    return isText ? XmlInterest.text : XmlInterest.elements;
  }

  text(text: string): void {
    if (this.path[0] === 'faultcode') {
      this.code += text;
    } else {
      this.message += text;
    }
  }

  close(): void {
    if (this.path.pop() === undefined) {
      const { code, message, detail, declaredType } = this;
      this.onFault({ code, message, detail, declaredType });
    }
  }

  private openDetail(tag: StartTag): XmlSink {
    const { local, attributes } = tag;
    const named = faultTypeOf(local);
    this.declaredType = named?.name;
    const decoder = new VimDecoder('reply', (value) => {
      const fault = value as MethodFault;
      this.detail = { ...fault, $type: fault.$type ?? named?.name ?? local };
    });
    // xsi:type says it best, as far as it is known; the name still tells the fields of a fault that is not.
    const typeName = attributes.find((attribute) => attribute.uri === xsiUri && attribute.local === 'type')?.value;
    const isKnown = typeName !== undefined && findType(typeName.trim()) !== undefined;
    return decoder.begin(isKnown ? MethodFault : (named ?? MethodFault), tag);
  }
}

/**
 * The fault type that an element's name tells: `InvalidLoginFault`, at worst with the suffix twice. For servers that
 * leave xsi:type out.
 */
function faultTypeOf(element: string): ObjectType | undefined {
  const candidates = [element.replace(/Fault$/, ''), element.replace(/FaultFault$/, ''), element];
  for (const name of candidates) {
    const type = findType(name);
    if (type?.kind === 'object' && isA(type, MethodFault)) {
      return type;
    }
  }
  return undefined;
}

/** A call as a server reads it. */
export interface DecodedRequest {
  readonly method: MethodType;
  readonly target: ManagedObjectReference;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Reads a request as strictly as a real server does. */
export class RequestReader extends EnvelopeReader {
  private found: DecodedRequest | undefined;

  /**
   * @param findMethod - the method of that name, undefined for one that is not served
   */
  constructor(private readonly findMethod: (name: string) => MethodType | undefined) {
    super();
  }

  /** @throws {@link SchemaError} when the document holds no call. */
  request(): DecodedRequest {
    this.requireBody(this.found !== undefined);
    return this.found as DecodedRequest;
  }

  protected override openContent({ uri, local }: StartTag): XmlSink {
    const method = uri === vimUri ? this.findMethod(local) : undefined;
    if (method === undefined) {
      throw new SchemaError(`Unable to resolve WSDL method name "${local}"`);
    }
    if (this.found !== undefined) {
      throw new SchemaError('more than one call in a request');
    }
    const decoder = new VimDecoder('request', (value) => {
      const { _this: target, ...args } = value as { readonly _this: ManagedObjectReference };
      this.found = { method, target, args };
    });
    return decoder.beginObject(requestType(method));
  }
}

function requestType({ parameters }: MethodType): ObjectType {
  return objectOf(parameters.name, [
    { name: '_this', type: reference, optional: false, array: false, since: undefined },
    ...parameters.fields(),
  ]);
}
