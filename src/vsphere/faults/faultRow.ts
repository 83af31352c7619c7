import * as l10n from '@vscode/l10n';
import { clipMiddle, oneLine } from '../../common/text';
import type { ErrorContext, ErrorKind, NextStep } from '../../hypervisor/errors';
import type { MethodFault } from '../vim/fault';
import { ManagedObjectReference } from '../vim/schema';
import type { FaultReport } from './faultError';
import { serverText } from './faultText';

/** What a sentence about a fault may draw on. Fields are checked one by one: half a fault is better than none. */
export class FaultFacts {
  constructor(private readonly report: FaultReport) {}

  get type(): string {
    return this.report.type;
  }

  /** The server's own text. */
  get text(): string | undefined {
    return serverText(this.report);
  }

  /** A field of the fault, as it is shown in a sentence. */
  field(name: string): string | undefined {
    const value = this.value(name);
    const text = typeof value === 'string' ? oneLine(value) : '';
    return text === '' ? undefined : clipMiddle(text, 60);
  }

  /** A field that may fill a sentence of its own. */
  longField(name: string): string | undefined {
    const value = this.value(name);
    return typeof value === 'string' ? serverText({ ...this.report, message: value, fault: undefined }) : undefined;
  }

  reference(name: string): ManagedObjectReference | undefined {
    const value = this.value(name);
    return value instanceof ManagedObjectReference ? value : undefined;
  }

  /** A fault inside of this one. */
  nested(name: string): FaultFacts | undefined {
    const value = this.value(name) as { readonly fault?: MethodFault; readonly localizedMessage?: string } | undefined;
    return value?.fault === undefined
      ? undefined
      : new FaultFacts({
          type: value.fault.$type ?? '',
          declaredType: undefined,
          fault: value.fault,
          message: value.localizedMessage ?? '',
        });
  }

  private value(name: string): unknown {
    return (this.report.fault as Readonly<Record<string, unknown>> | undefined)?.[name];
  }
}

export type Sentence = (context: ErrorContext) => string;

/** What one type of fault means. */
export interface FaultRow {
  readonly kind: ErrorKind;
  readonly nextStep?: NextStep;
  /** What the person reads, made from what the fault says and, when it is shown, from the names that are known there. */
  readonly sentence: (facts: FaultFacts) => Sentence;
}

/** The VM, at the beginning of a sentence. */
export function theVm({ vmName }: ErrorContext): string {
  return vmName === undefined ? l10n.t('The VM') : `'${vmName}'`;
}

/** The VM, within a sentence. */
export function ofVm({ vmName }: ErrorContext): string {
  return vmName === undefined ? l10n.t('the VM') : `'${vmName}'`;
}

/** A sentence of ours, and what the server adds to it. */
export function withText(sentence: string, text: string | undefined): string {
  return text === undefined ? sentence : l10n.t('{0} The server says: {1}', sentence, text);
}

/** A row whose sentence needs nothing of the fault. */
export function row(kind: ErrorKind, sentence: Sentence, nextStep?: NextStep): FaultRow {
  return { kind, sentence: () => sentence, ...(nextStep !== undefined && { nextStep }) };
}
