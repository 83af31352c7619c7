import { MethodFault } from '../vim/fault';
import { findType } from '../vim/registry';
import { isA, type ManagedObjectReference, type MethodType, type ObjectType, reference } from '../vim/schema';
import { soapUri, vimUri, xsdUri, xsiUri } from './namespaces';
import { type ItemListener, SchemaError, VimDecoder } from './vimDecoder';
import { escapeText, VimEncoder } from './vimEncoder';
import type { XmlSink } from './xmlReader';
import type { XmlAttributes, XmlScope } from './xmlScope';

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

/** Walks down an envelope to the body and hands what is in it to a decoder. */
abstract class EnvelopeReader implements XmlSink {
  private depth = 0;
  private skipping = 0;
  private inner: XmlSink | undefined;
  private innerDepth = 0;
  private isInBody = false;
  private hadBody = false;

  open(uri: string, local: string, attributes: XmlAttributes, scope: XmlScope): boolean {
    this.depth++;
    if (this.inner !== undefined) {
      this.innerDepth++;
      return this.inner.open(uri, local, attributes, scope);
    }
    if (this.skipping > 0) {
      this.skipping++;
      return false;
    }
    if (this.depth === 1) {
      if (uri !== soapUri || local !== 'Envelope') {
        throw new SchemaError('not a SOAP envelope');
      }
    } else if (this.depth === 2) {
      this.isInBody = uri === soapUri && local === 'Body';
      this.hadBody ||= this.isInBody;
      this.skipping = this.isInBody ? 0 : 1;
    } else {
      this.inner = this.openContent(uri, local, attributes, scope);
      this.innerDepth = 1;
    }
    return false;
  }

  text(text: string): void {
    this.inner?.text(text);
  }

  close(): void {
    this.depth--;
    if (this.inner !== undefined) {
      this.inner.close();
      if (--this.innerDepth === 0) {
        this.inner = undefined;
      }
    } else if (this.skipping > 0) {
      this.skipping--;
    }
  }

  /** @throws {@link SchemaError} when the document had no body or nothing in it. */
  protected requireBody(found: boolean): void {
    if (!this.hadBody || !found) {
      throw new SchemaError('a SOAP body with nothing in it');
    }
  }

  /** Gives the sink for an element of the body, whose `close` is the last call that it gets. */
  protected abstract openContent(uri: string, local: string, attributes: XmlAttributes, scope: XmlScope): XmlSink;
}

/** Reads the reply to one call. */
export class ResponseReader extends EnvelopeReader {
  private value: unknown;
  private isComplete = false;
  private soapFault: SoapFault | undefined;

  /**
   * @param onItem - given what stands directly inside of the result as soon as it has been read; what it returns true
   * for is not kept
   */
  constructor(
    private readonly method: MethodType,
    private readonly onItem?: ItemListener,
  ) {
    super();
  }

  /** @throws {@link SchemaError} when the reply was neither the method's response nor a fault. */
  outcome(): { readonly result: unknown } | { readonly fault: SoapFault } {
    this.requireBody(this.isComplete || this.soapFault !== undefined);
    return this.soapFault === undefined ? { result: this.value } : { fault: this.soapFault };
  }

  protected override openContent(uri: string, local: string): XmlSink {
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
    const decoder = new VimDecoder('reply', onValue, this.onItem);
    decoder.beginObject(responseType(this.method));
    return decoder;
  }
}

function responseType(method: MethodType): ObjectType {
  const fields = method.result === undefined ? [] : [method.result];
  return {
    kind: 'object',
    name: `${method.name}Response`,
    base: undefined,
    fields: () => fields,
    field: (name) => fields.find((field) => field.name === name),
  };
}

/** Reads the content of a `Fault` element. */
class FaultReader implements XmlSink {
  private depth = 0;
  private readonly path: string[] = [];
  private code = '';
  private message = '';
  private detail: MethodFault | undefined;
  private declaredType: string | undefined;
  private decoder: VimDecoder | undefined;

  constructor(private readonly onFault: (fault: SoapFault) => void) {}

  open(uri: string, local: string, attributes: XmlAttributes, scope: XmlScope): boolean {
    this.depth++;
    if (this.decoder !== undefined) {
      return this.decoder.open(uri, local, attributes, scope);
    }
    this.path.push(local);
    if (this.depth === 2 && this.path[0] === 'detail' && this.detail === undefined) {
      const named = faultTypeOf(local);
      this.declaredType = named?.name;
      const decoder = new VimDecoder('reply', (value) => {
        const fault = value as MethodFault;
        this.detail = { ...fault, $type: fault.$type ?? named?.name ?? local };
        this.decoder = undefined;
      });
      this.decoder = decoder;
      // xsi:type says it best, as far as it is known; the name still tells the fields of a fault that is not.
      const typeName = attributes.find((attribute) => attribute.uri === xsiUri && attribute.local === 'type')?.value;
      const isKnown = typeName !== undefined && findType(typeName.trim()) !== undefined;
      return decoder.begin(isKnown ? MethodFault : (named ?? MethodFault), attributes, scope);
    }
    return this.depth === 1 && (local === 'faultcode' || local === 'faultstring');
  }

  text(text: string): void {
    if (this.decoder !== undefined) {
      this.decoder.text(text);
    } else if (this.path[0] === 'faultcode') {
      this.code += text;
    } else {
      this.message += text;
    }
  }

  close(): void {
    if (this.depth === 0) {
      this.onFault({
        code: this.code,
        message: this.message,
        detail: this.detail,
        declaredType: this.declaredType,
      });
      return;
    }
    this.depth--;
    const decoder = this.decoder;
    if (decoder === undefined) {
      this.path.pop();
      return;
    }
    decoder.close();
    if (this.depth === 1) {
      this.path.pop();
    }
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

  protected override openContent(uri: string, local: string): XmlSink {
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
    decoder.beginObject(requestType(method));
    return decoder;
  }
}

function requestType(method: MethodType): ObjectType {
  const fields = [
    { name: '_this', type: reference, optional: false, array: false, since: undefined },
    ...method.parameters.fields(),
  ];
  return {
    kind: 'object',
    name: method.parameters.name,
    base: undefined,
    fields: () => fields,
    field: (name) => fields.find((field) => field.name === name),
  };
}
