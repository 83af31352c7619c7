import { accountKey } from '../access/accountName';
import { type Random, seededRandom } from '../random/random';
import { checkInjectedFault, checkText } from './injectedFaults';

/** What a rule does to a call that it matches. */
export type RuleAction =
  /** Waits before the call is carried out (default), or before its reply is sent; rules after this one still count. */
  | { readonly kind: 'delay'; readonly ms: number; readonly when?: 'before' | 'after' }
  /**
   * Answers with a SOAP fault of any type; the call is not carried out. Fields that a server would know are filled in,
   * others that the type requires have to be given.
   */
  | {
      readonly kind: 'fault';
      readonly type: string;
      readonly fields?: Readonly<Record<string, unknown>>;
      readonly message?: string;
    }
  /** Lets the task that the call starts end with an error of any type. */
  | { readonly kind: 'taskFault'; readonly type: string; readonly fields?: Readonly<Record<string, unknown>> }
  /** Closes the connection: before the call is carried out, or after, so that its effect is there and its reply is not. */
  | { readonly kind: 'close'; readonly when: 'before' | 'after'; readonly how: 'end' | 'reset' }
  /** Never answers and keeps the connection open: before the call is carried out, or after. */
  | { readonly kind: 'silence'; readonly when: 'before' | 'after' }
  /** Carries the call out and sends the reply so many bytes at a time. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number }
  /** Carries the call out, sends so many bytes of the reply and closes the connection. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** Answers as something that is not a SOAP server; the call is not carried out. */
  | { readonly kind: 'status'; readonly code: number; readonly body?: string; readonly contentType?: string };

/** Which calls a rule is for. What is left out fits all. */
export interface RuleMatch {
  /** Name on the wire, such as `RemoveSnapshot_Task`. */
  readonly method?: string;
  readonly objectType?: string;
  readonly objectId?: string;
  /** Name of the object, or of the VM when it is a snapshot. */
  readonly objectName?: string;
  readonly user?: string;
}

export interface FaultRule extends RuleMatch {
  readonly action: RuleAction;
  /** Lets so many fitting calls pass first. */
  readonly skip?: number;
  /** Applies so often and then no more. */
  readonly count?: number;
  /** From 0 to 1, of the calls that fit; default 1. */
  readonly probability?: number;
}

/** A call as rules see it. */
export interface RuleSubject {
  readonly method: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly objectName: string | undefined;
  readonly user: string | undefined;
}

interface Entry {
  readonly id: number;
  readonly rule: FaultRule;
  toSkip: number;
  left: number;
}

/**
 * Rules in the order in which they were added.
 *
 * @remarks The first that fits decides, except that delays add up and let the next ones decide as well.
 */
export class FaultRules {
  private entries: Entry[] = [];
  private nextId = 1;

  constructor(private random: Random = seededRandom(1)) {}

  /** Makes probabilities repeatable. */
  seed(seed: number): void {
    this.random = seededRandom(seed);
  }

  /**
   * Adds a rule; gives the number by which it can be removed.
   *
   * @throws Error in words when it asks for a fault that vSphere does not have, or has otherwise
   */
  add(rule: FaultRule): number {
    const { action } = rule;
    if (action.kind === 'fault' || action.kind === 'taskFault') {
      checkInjectedFault(action.type, action.fields ?? {}, action.kind === 'taskFault');
    }
    if (action.kind === 'fault') {
      checkText(action.message ?? '', 'message');
    }
    const id = this.nextId++;
    this.entries.push({ id, rule, toSkip: rule.skip ?? 0, left: rule.count ?? Infinity });
    return id;
  }

  remove(id: number): boolean {
    const before = this.entries.length;
    this.entries = this.entries.filter((entry) => entry.id !== id);
    return this.entries.length < before;
  }

  clear(): void {
    this.entries = [];
  }

  get rules(): readonly (FaultRule & { readonly id: number })[] {
    return this.entries.map(({ id, rule }) => ({ id, ...rule }));
  }

  /** What happens to a call: delays, and at most one other action. */
  forCall(subject: RuleSubject): readonly Exclude<RuleAction, { readonly kind: 'taskFault' }>[] {
    const actions: Exclude<RuleAction, { readonly kind: 'taskFault' }>[] = [];
    for (const entry of [...this.entries]) {
      const { action } = entry.rule;
      if (action.kind === 'taskFault' || !this.applies(entry, subject)) {
        continue;
      }
      actions.push(action);
      if (action.kind !== 'delay') {
        break;
      }
    }
    return actions;
  }

  /** What a task that is about to succeed fails with instead. */
  forTask(subject: RuleSubject): Extract<RuleAction, { readonly kind: 'taskFault' }> | undefined {
    for (const entry of [...this.entries]) {
      const { action } = entry.rule;
      if (action.kind === 'taskFault' && this.applies(entry, subject)) {
        return action;
      }
    }
    return undefined;
  }

  private applies(entry: Entry, subject: RuleSubject): boolean {
    const { rule } = entry;
    if (entry.left <= 0 || !fits(rule, subject)) {
      return false;
    }
    if (entry.toSkip > 0) {
      entry.toSkip--;
      return false;
    }
    if (this.random() >= (rule.probability ?? 1)) {
      return false;
    }
    entry.left--;
    return true;
  }
}

function fits(rule: RuleMatch, subject: RuleSubject): boolean {
  return (
    (rule.method === undefined || rule.method === subject.method) &&
    (rule.objectType === undefined || rule.objectType === subject.objectType) &&
    (rule.objectId === undefined || rule.objectId === subject.objectId) &&
    (rule.objectName === undefined || rule.objectName === subject.objectName) &&
    (rule.user === undefined || accountKey(rule.user) === accountKey(subject.user ?? ''))
  );
}
