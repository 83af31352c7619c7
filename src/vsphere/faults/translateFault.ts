import * as l10n from '@vscode/l10n';
import { BusyError, type ErrorContext, HypervisorError, PrivilegeError } from '../../hypervisor/errors';
import { taskIdOf } from '../ids';
import type { NoPermission } from '../vim/fault';
import { FaultError, type FaultReport } from './faultError';
import { FaultFacts, type FaultRow } from './faultRow';
import { rowFor } from './faultTable';
import { faultDetails, readableType } from './faultText';
import { privilegeLabel } from './privilegeLabels';

const unknownFault: FaultRow = {
  kind: 'server',
  sentence: (facts) => () => l10n.t('The server reports: {0}', facts.text ?? readableType(facts.type)),
};

/**
 * What a fault means, for whoever handles it and for the person. The one place for it, whether the fault came in place
 * of a reply or out of a task.
 *
 * @param during - what was being done, for the log
 */
export function translateFault(report: FaultReport, during: string, cause?: unknown): HypervisorError {
  const facts = new FaultFacts(report);
  const row = rowFor(report.type, report.declaredType) ?? unknownFault;
  const message = `${during}: ${faultDetails(report)}`;
  const sentence = row.sentence(facts);
  const options = { ...(row.nextStep !== undefined && { nextStep: row.nextStep }), cause };
  switch (row.kind) {
    case 'busy': {
      const task = facts.reference('task');
      return new BusyError(task === undefined ? undefined : taskIdOf(task), message, sentence, options);
    }
    case 'noPrivilege':
      return privilegeError(report, message, options);
    default:
      return new HypervisorError(row.kind, message, sentence, options);
  }
}

/** The same for an error; whatever is not a fault is given back as it is. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof FaultError)) {
    return error;
  }
  return translateFault(error.report, `${error.method} on ${error.target.key}`, error);
}

/** The error for an account that lacks privileges, with what the vSphere Client calls them. */
function lacksPrivileges(ids: readonly string[], message: string, options: { cause?: unknown } = {}): PrivilegeError {
  const labels = [...new Set(ids)].map(privilegeLabel);
  return new PrivilegeError(labels, message, (context) => privilegeSentence(context, labels), options);
}

function privilegeError(report: FaultReport, message: string, options: { cause?: unknown }): PrivilegeError {
  const fault = report.fault as Partial<NoPermission> | undefined;
  // Since 7.0.3.2 the list names all that is missing, before that one at a time.
  const listed = (fault?.missingPrivileges ?? []).flatMap((each) => each.privilegeIds);
  const ids = listed.length > 0 ? listed : [fault?.privilegeId].filter((id) => typeof id === 'string');
  return lacksPrivileges(ids, message, options);
}

function privilegeSentence({ attempt, vmName }: ErrorContext, labels: readonly string[]): string {
  const what =
    attempt === undefined || vmName === undefined
      ? l10n.t('You lack a privilege for this.')
      : l10n.t("You can't {0} '{1}'.", attempt, vmName);
  return labels.length === 0 ? what : l10n.t('{0} Missing: {1}.', what, labels.join(', '));
}
