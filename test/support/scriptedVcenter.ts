import type { ServerResponse } from 'node:http';
import { encodeFault, encodeResponse, RequestReader, type DecodedRequest } from '../../src/vsphere/soap/envelope';
import { XmlReader } from '../../src/vsphere/soap/xmlReader';
import type { MethodFault } from '../../src/vsphere/vim/fault';
import { ManagedObjectReference, type MethodType } from '../../src/vsphere/vim/schema';
import {
  type AboutInfo,
  CurrentTime,
  Login,
  Logout,
  RetrieveServiceContent,
  type ServiceContent,
  type UserSession,
} from '../../src/vsphere/vim/service';
import { type ReceivedRequest, ScriptedServer, type ScriptedServerOptions } from './scriptedServer';

/** What a call is answered with: a result, a fault, or bytes that the test writes by itself. */
export type SoapAnswer =
  | { readonly result: unknown }
  | { readonly fault: MethodFault; readonly message?: string }
  | { readonly raw: (response: ServerResponse) => unknown };

type Handler = (call: DecodedRequest, request: ReceivedRequest) => SoapAnswer;

const about: AboutInfo = {
  name: 'VMware vCenter Server',
  fullName: 'VMware vCenter Server 8.0.3 build-24022515',
  vendor: 'VMware, Inc.',
  version: '8.0.3',
  build: '24022515',
  osType: 'linux-x64',
  productLineId: 'vpx',
  apiType: 'VirtualCenter',
  apiVersion: '8.0.3.0',
  instanceUuid: 'uuid-1',
};

const user: UserSession = {
  key: 'session-key',
  userName: 'CORP\\jdoe',
  fullName: 'J. Doe',
  loginTime: '2026-11-22T14:05:00Z',
  lastActiveTime: '2026-11-22T14:05:00Z',
  locale: 'en',
  messageLocale: 'en',
};

/** A server that signs in whoever comes and answers everything else as the test says: for what no simulator would do. */
export class ScriptedVcenter {
  /** Calls in the order in which they came. */
  readonly calls: (DecodedRequest & { readonly request: ReceivedRequest })[] = [];
  about: AboutInfo = about;
  /** Undefined: there is no such file. */
  versions: readonly string[] | undefined = ['8.0.3.0', '8.0.2.0', '7.0.3.0', '6.7.3', '6.7', '6.5', '6.0'];
  private readonly handlers = new Map<string, Handler>();
  private readonly methods = new Map<string, MethodType>();
  private logins = 0;

  private constructor(readonly server: ScriptedServer) {}

  static async start(options: ScriptedServerOptions = {}): Promise<ScriptedVcenter> {
    const server = await ScriptedServer.start(() => undefined, options);
    const vcenter = new ScriptedVcenter(server);
    server.reply = (request, response) => {
      vcenter.reply(request, response);
    };
    vcenter.on(RetrieveServiceContent, () => ({ result: vcenter.content }));
    vcenter.on(Login, () => ({ result: user }));
    vcenter.on(Logout, () => ({ result: undefined }));
    vcenter.on(CurrentTime, () => ({ result: '2026-11-22T14:05:00Z' }));
    return vcenter;
  }

  get url(): string {
    return `http://${this.server.host}:${this.server.port}/sdk`;
  }

  get content(): ServiceContent {
    return {
      rootFolder: new ManagedObjectReference('Folder', 'group-d1'),
      propertyCollector: new ManagedObjectReference('PropertyCollector', 'propertyCollector'),
      viewManager: new ManagedObjectReference('ViewManager', 'ViewManager'),
      sessionManager: new ManagedObjectReference('SessionManager', 'SessionManager'),
      taskManager: new ManagedObjectReference('TaskManager', 'TaskManager'),
      authorizationManager: new ManagedObjectReference('AuthorizationManager', 'AuthorizationManager'),
      about: this.about,
    };
  }

  on(method: MethodType, handler: Handler): void {
    this.methods.set(method.name, method);
    this.handlers.set(method.name, handler);
  }

  count(method: MethodType): number {
    return this.calls.filter((call) => call.method.name === method.name).length;
  }

  private reply(request: ReceivedRequest, response: ServerResponse): void {
    if (request.method === 'GET') {
      this.replyVersions(response);
      return;
    }
    const reader = new RequestReader((name) => this.methods.get(name));
    const xml = new XmlReader(reader);
    xml.write(Buffer.from(request.body));
    xml.end();
    const call = reader.request();
    this.calls.push({ ...call, request });
    const answer = this.handlers.get(call.method.name)?.(call, request);
    if (answer === undefined) {
      throw new Error(`no answer to ${call.method.name}`);
    }
    if ('raw' in answer) {
      answer.raw(response);
      return;
    }
    if (call.method.name === Login.name) {
      response.setHeader('Set-Cookie', `vmware_soap_session="cookie-${++this.logins}"; Path=/; HttpOnly; Secure;`);
    }
    response.setHeader('Content-Type', 'text/xml; charset=utf-8');
    if ('fault' in answer) {
      response.writeHead(500).end(encodeFault(answer.fault, answer.message ?? ''));
    } else {
      response.end(encodeResponse(call.method, answer.result));
    }
  }

  private replyVersions(response: ServerResponse): void {
    if (this.versions === undefined) {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<html>404</html>');
      return;
    }
    const [newest, ...prior] = this.versions;
    response
      .writeHead(200, { 'Content-Type': 'text/xml' })
      .end(
        `<?xml version="1.0" encoding="UTF-8"?><namespaces version="1.0"><namespace><name>urn:vim25</name>` +
          `<version>${newest ?? ''}</version><priorVersions>${prior.map((each) => `<version>${each}</version>`).join('')}` +
          `</priorVersions></namespace></namespaces>`,
      );
  }

  async close(): Promise<void> {
    await this.server.close();
  }
}
