import { encodeFault, encodeResponse, type DecodedRequest, RequestReader } from '../../vsphere/soap/envelope';
import { SchemaError } from '../../vsphere/soap/schemaError';
import { XmlError } from '../../vsphere/soap/xmlError';
import { XmlMemory } from '../../vsphere/soap/xmlMemory';
import { XmlReader } from '../../vsphere/soap/xmlReader';
import { findMethod } from '../../vsphere/vim/registry';
import { anonymous } from '../access/privileges';
import { type ApiVersion, isApiVersion, knows, methodSince, oldestVersion, versionsUpTo } from '../apiVersion';
import { FaultError, faultError, invalidRequest } from '../faultError';
import { isManagedA } from '../model/managedTypes';
import type { ManagedObject } from '../model/registry';
import { vmStateOf } from '../model/vmStateOf';
import { servedMethods } from '../methods/methodTable';
import type { Session } from '../session/session';
import type { Call, Caller, ServedMethod } from './call';
import { OperationIdReader } from './operationIdReader';
import { type ReplyBody, replyBody } from './replyBody';
import { VersionedEncoder } from './versionedEncoder';
import { newerElement } from './versionCheck';
import type { VimServer } from './vimServer';

/** The reply to one request, as XML. */
export interface Reply {
  readonly isFault: boolean;
  readonly body: ReplyBody;
  /** `ok`, or the type of the fault. */
  readonly outcome: string;
}

/** A request that could be read. */
export interface ReadRequest {
  readonly request: DecodedRequest;
  readonly version: ApiVersion;
  /** How the client names the operation, for logs. */
  readonly operationId: string | undefined;
}

/** Reads requests, checks them as a real server does, and answers them. */
export class Dispatcher {
  /** Shared by all requests: they bring the same names over and over again. */
  private memory = new XmlMemory();

  constructor(private readonly server: VimServer) {}

  /**
   * The version that a SOAPAction header announces. One that this server is too old for counts as its newest: real servers
   * let clients through that are newer than they are.
   */
  announcedVersion(soapAction: string | undefined): ApiVersion {
    const uri = (soapAction ?? '').trim().replace(/^"(.*)"$/, '$1');
    if (uri === '' || uri === 'urn:vim25') {
      return oldestVersion;
    }
    const { apiVersion } = this.server.profile;
    const version = uri.replace(/^urn:vim25\//, '');
    return isApiVersion(version) && versionsUpTo(apiVersion).includes(version) ? version : apiVersion;
  }

  /** @throws FaultError InvalidRequest for anything that is not a call in the exact form of its version. */
  read(body: Uint8Array, soapAction: string | undefined): ReadRequest {
    const version = this.announcedVersion(soapAction);
    const reader = new RequestReader((name) => {
      const method = findMethod(name);
      return method === undefined || !knows(version, methodSince(name, method.since)) ? undefined : method;
    });
    const header = new OperationIdReader(reader);
    try {
      const xml = new XmlReader(header, this.memory);
      xml.write(body);
      xml.end();
    } catch (error) {
      // The names of a request that makes no sense are not worth keeping, and there may be any number of them.
      this.memory = new XmlMemory();
      if (error instanceof XmlError) {
        throw invalidRequest(`Error returned by expat parser: not well-formed (invalid token): ${error.message}`);
      }
      if (error instanceof SchemaError) {
        throw invalidRequest(error.message);
      }
      throw error;
    }
    const request = this.requestOf(reader);
    const newer = newerElement(request.method.parameters, request.args, version);
    if (newer !== undefined) {
      throw invalidRequest(`Unexpected element tag "${newer}" seen`, request.method.name);
    }
    return { request, version, operationId: header.operationId };
  }

  private requestOf(reader: RequestReader): DecodedRequest {
    try {
      return reader.request();
    } catch (error) {
      if (error instanceof SchemaError) {
        throw invalidRequest(error.message);
      }
      throw error;
    }
  }

  /** The object that a call is for, whether or not the caller may have it. */
  targetOf({ target }: DecodedRequest): ManagedObject | undefined {
    return this.server.registry.resolve(target);
  }

  /** Carries a call out. Never rejects: every failure is a reply. */
  async answer(read: ReadRequest, session: Session | undefined, caller: Caller): Promise<Reply> {
    const { request, version } = read;
    try {
      const { served, target } = this.admit(request, session);
      const call: Call = {
        server: this.server,
        method: request.method,
        target,
        version,
        caller,
        session,
        viewer: () => this.server.viewerFor(session),
      };
      const result = await served.handle(call, request.args);
      const encoder = new VersionedEncoder(version);
      encodeResponse(request.method, result, encoder);
      return { isFault: false, outcome: 'ok', body: replyBody(encoder.chunks()) };
    } catch (error) {
      return this.faultReply(error, version);
    }
  }

  /** The reply that tells of an error. Anything but a fault is a mistake of this program, and says so. */
  faultReply(error: unknown, version: ApiVersion = this.server.profile.apiVersion): Reply {
    const known = error instanceof FaultError ? error : mistake(error);
    try {
      return replyOf(known, version);
    } catch (unwritable) {
      // A name that XML cannot carry, for instance.
      return replyOf(mistake(unwritable), version);
    }
  }

  private admit(
    request: DecodedRequest,
    session: Session | undefined,
  ): { readonly served: ServedMethod; readonly target: ManagedObject } {
    const { method, target: ref } = request;
    const served = servedMethods.get(method.name);
    if (served === undefined || (this.server.isEsx && !served.onEsx)) {
      throw faultError(served === undefined ? 'NotImplemented' : esxFault(method.name));
    }
    if (session === undefined && served.privilege !== anonymous) {
      throw faultError('NotAuthenticated', { object: ref, privilegeId: served.privilege, missingPrivileges: [] });
    }
    const target = this.server.registry.resolve(ref);
    if (target === undefined || (target.session !== undefined && target.session !== session?.key)) {
      throw faultError('ManagedObjectNotFound', { obj: ref });
    }
    if (!isManagedA(target.type, method.on) || !served.kinds.includes(target.kind)) {
      throw faultError('MethodNotFound', { receiver: ref, method: method.name });
    }
    this.checkRights(served, target, session);
    return { served, target };
  }

  private checkRights({ privilege, method }: ServedMethod, target: ManagedObject, session: Session | undefined): void {
    if (privilege !== undefined && privilege !== anonymous && session?.access.has(target, privilege) !== true) {
      throw faultError('NoPermission', {
        object: target.ref,
        privilegeId: privilege,
        missingPrivileges: [{ entity: target.ref, privilegeIds: [privilege] }],
      });
    }
    if (this.server.options.isRestricted && isWrite(method.name)) {
      throw faultError('RestrictedVersion');
    }
    const disabled = vmStateOf(target)?.disabledMethods.find((each) => each.method === method.name);
    if (disabled !== undefined) {
      throw faultError('MethodDisabled', { source: disabled.source });
    }
  }
}

function replyOf({ fault: value, message }: FaultError, version: ApiVersion): Reply {
  const first = encodeFault(value, message, new VersionedEncoder(version));
  return { isFault: true, outcome: value.$type, body: { first, rest: undefined } };
}

/** Says what went wrong in this program, in characters that any document can hold. */
function mistake(error: unknown): FaultError {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return faultError('SystemError', { reason: text.replace(/[^\n -~]/g, '?') });
}

const otherWrites: ReadonlySet<string> = new Set([
  'RenameSnapshot',
  'AnswerVM',
  'UnregisterVM',
  'MarkAsTemplate',
  'MarkAsVirtualMachine',
  'CreateFolder',
]);

/** Whether a free licence forbids the method: everything that changes something. */
function isWrite(method: string): boolean {
  return method.endsWith('_Task') || otherWrites.has(method);
}

/** How a standalone host refuses what only a vCenter has. */
function esxFault(method: string): string {
  return method.startsWith('CreateCollector') || method.endsWith('_Task') ? 'NotSupported' : 'NotImplemented';
}
