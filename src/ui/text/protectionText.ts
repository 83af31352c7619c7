import * as l10n from '@vscode/l10n';
import type { Protection } from '../../hypervisor/protection/protection';
import { nameInSentence } from './names';

/** Why a row is protected and what that means, for its tooltip. */
export function protectionInTooltip(protection: Protection): string {
  const meaning = l10n.t('What loses data has to be typed to be confirmed.');
  switch (protection.kind) {
    case 'marked':
      return l10n.t('Protected. {0}', meaning);
    case 'server':
      return l10n.t('Protected, as its server is. {0}', meaning);
    case 'container':
      return l10n.t("Protected, as '{0}' is. {1}", nameInSentence(protection.container.name), meaning);
    case 'setting':
      return l10n.t("Protected by '{0}' in the settings. {1}", nameInSentence(protection.pattern), meaning);
  }
}

/** Why the protection of an object cannot be removed where it stands; `name` is the object's own. */
export function stillProtectedSentence(name: string, protection: Exclude<Protection, { kind: 'marked' }>): string {
  const what = nameInSentence(name);
  switch (protection.kind) {
    case 'server':
      return l10n.t("'{0}' stays protected, as its server is.", what);
    case 'container':
      return l10n.t(
        "'{0}' stays protected, as '{1}' is, in which it lies.",
        what,
        nameInSentence(protection.container.name),
      );
    case 'setting':
      return l10n.t("'{0}' stays protected by '{1}' in the settings.", what, nameInSentence(protection.pattern));
  }
}
