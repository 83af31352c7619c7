import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../common/clock';
import { sleep } from '../../common/cancellation';
import type { CallLog } from '../control/callLog';
import type { FaultRules, RuleAction, RuleSubject } from '../control/faultRules';
import { injectedFault } from '../control/injectedFaults';
import { FaultError } from '../faultError';
import { isEntity, isKind, type ManagedObject } from '../model/registry';
import type { Session } from '../session/session';
import type { Caller } from './call';
import { wholeText } from './replyBody';
import { type HttpReply, type ReplyDamage, sessionCookieName } from './replySender';
import type { Dispatcher, ReadRequest, Reply } from './dispatcher';
import type { VimServer } from './vimServer';

/** What goes back over the connection. */
export type HttpAnswer =
  | ({ readonly kind: 'reply' } & HttpReply)
  | { readonly kind: 'close'; readonly how: 'end' | 'reset' }
  /** Nothing, and the connection stays open. */
  | { readonly kind: 'silence' };

/** What came of a call, and what the log says of it. */
interface Carried {
  readonly answer: HttpAnswer;
  readonly outcome: string;
}

const xmlType = 'text/xml; charset=utf-8';

/** Answers requests to `/sdk`: reads them, lets the rules interfere, and notes them in the call log. */
export class SoapEndpoint {
  constructor(
    private readonly server: VimServer,
    private readonly dispatcher: Dispatcher,
    private readonly rules: FaultRules,
    private readonly log: CallLog,
    private readonly clock: Clock,
  ) {}

  /** Never rejects. */
  async answer(request: IncomingMessage, body: Uint8Array, signal: AbortSignal): Promise<HttpAnswer> {
    let cookie: string | undefined;
    let read: ReadRequest;
    try {
      read = this.dispatcher.read(body, single(request.headers['soapaction']));
    } catch (error) {
      const reply = this.dispatcher.faultReply(error);
      this.log.begin({ ...unknownCall, atMs: this.clock.now() })(reply.outcome);
      return soapAnswer(reply, undefined);
    }
    const session = this.server.sessionStore.byCookieValue(cookieOf(request));
    const caller: Caller = {
      ipAddress: request.socket.remoteAddress ?? '',
      userAgent: request.headers['user-agent'] ?? '',
      operationId: read.operationId,
      signal,
      setCookie: (value) => {
        cookie = value;
      },
    };
    const subject = this.subjectOf(read, session);
    const finish = this.log.begin({
      atMs: this.clock.now(),
      user: subject.user,
      method: subject.method,
      object: `${subject.objectType}:${subject.objectId}`,
      objectName: subject.objectName,
      operationId: caller.operationId,
    });
    if (session !== undefined) {
      this.server.sessionStore.enter(session);
    }
    try {
      const { answer, outcome } = await this.carryOut(read, session, caller, subject, () => cookie);
      finish(signal.aborted ? 'aborted' : outcome);
      return answer;
    } finally {
      if (session !== undefined) {
        this.server.sessionStore.leave(session);
      }
    }
  }

  private async carryOut(
    read: ReadRequest,
    session: Session | undefined,
    caller: Caller,
    subject: RuleSubject,
    cookie: () => string | undefined,
  ): Promise<Carried> {
    let last: Exclude<RuleAction, { readonly kind: 'delay' | 'taskFault' }> | undefined;
    let holdsBackMs = 0;
    for (const action of this.rules.forCall(subject)) {
      if (action.kind !== 'delay') {
        last = action;
      } else if (action.when === 'after') {
        holdsBackMs += action.ms;
      } else {
        await sleep(this.clock, action.ms);
      }
    }
    const reply = async (damage?: ReplyDamage): Promise<Carried> => {
      const made = await this.dispatcher.answer(read, session, caller);
      const answer = soapAnswer(made, cookie());
      if (holdsBackMs === 0) {
        return { answer: damage === undefined ? answer : { ...answer, damage }, outcome: made.outcome };
      }
      // It says what was true when the call was carried out, not what is when it is sent.
      const body = { first: wholeText(answer.body), rest: undefined };
      await sleep(this.clock, holdsBackMs);
      return { answer: { ...answer, body, ...(damage !== undefined && { damage }) }, outcome: made.outcome };
    };
    switch (last?.kind) {
      case 'fault': {
        const { request } = read;
        const value = injectedFault(last.type, last.fields ?? {}, {
          server: this.server,
          target: this.dispatcher.targetOf(request),
          method: request.method.name,
          task: undefined,
        });
        const made = this.dispatcher.faultReply(new FaultError(value, last.message), read.version);
        return { answer: soapAnswer(made, undefined), outcome: made.outcome };
      }
      case 'status':
        return { answer: plainAnswer(last.code, last.body, last.contentType), outcome: `status ${last.code}` };
      case 'close':
        if (last.when === 'after') {
          await reply();
        }
        return { answer: { kind: 'close', how: last.how }, outcome: `closed ${last.when}` };
      case 'silence':
        if (last.when === 'after') {
          await reply();
        }
        return { answer: { kind: 'silence' }, outcome: `silent ${last.when}` };
      case 'truncate':
        return { ...(await reply({ kind: 'truncate', bytes: last.bytes })), outcome: 'truncated' };
      case 'drip':
        return await reply({ kind: 'drip', bytes: last.bytes, everyMs: last.everyMs });
      case undefined: {
        if (read.request.method.name === 'Login' && this.isFull()) {
          return { answer: plainAnswer(503, 'Service Unavailable'), outcome: 'status 503' };
        }
        return await reply();
      }
    }
  }

  private isFull(): boolean {
    return this.server.sessionStore.count >= this.server.options.maxSessions;
  }

  private subjectOf({ request }: ReadRequest, session: Session | undefined): RuleSubject {
    const object = this.dispatcher.targetOf(request);
    return {
      method: request.method.name,
      objectType: request.target.type,
      objectId: request.target.value,
      objectName: object === undefined ? undefined : nameOf(object),
      user: session?.userName,
    };
  }
}

const unknownCall = {
  user: undefined,
  method: '?',
  object: '?',
  objectName: undefined,
  operationId: undefined,
};

function nameOf(object: ManagedObject): string | undefined {
  if (isEntity(object)) {
    return object.state.name;
  }
  return isKind(object, 'VirtualMachineSnapshot') ? object.state.vmState.name : undefined;
}

type ReplyAnswer = Extract<HttpAnswer, { readonly kind: 'reply' }>;

function soapAnswer(reply: Reply, cookie: string | undefined): ReplyAnswer {
  return { kind: 'reply', status: reply.isFault ? 500 : 200, contentType: xmlType, body: reply.body, cookie };
}

export function plainAnswer(status: number, body = '', contentType = 'text/plain; charset=utf-8'): ReplyAnswer {
  return { kind: 'reply', status, contentType, body: { first: body, rest: undefined }, cookie: undefined };
}

/** The session that a request shows; the value comes with or without quotes. */
function cookieOf(request: IncomingMessage): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (part.slice(0, equals).trim() === sessionCookieName) {
      return part
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1');
    }
  }
  return undefined;
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
