import * as l10n from '@vscode/l10n';
import { HypervisorError } from '../hypervisor/errors';

/** A name or description holds something that no request to the server can carry. Nothing was sent. */
export function unwritable(cause: unknown): HypervisorError {
  return invalidInput(
    'the text holds a character that XML cannot carry',
    () => l10n.t('The text has a control character that vSphere does not allow. Remove it.'),
    cause,
  );
}

export function invalidInput(message: string, sentence: () => string, cause?: unknown): HypervisorError {
  return new HypervisorError('invalidInput', message, sentence, { cause });
}
