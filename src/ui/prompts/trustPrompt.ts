import * as vscode from 'vscode';
import type { Logger } from '../../common/logger';
import type { TrustPrompt } from '../../servers/prompts';
import type { Formats } from '../text/formats';
import { certificateChangedText, certificateText } from '../text/serverDialogs';
import { askModal } from './askModal';

/** Asks about certificates in modal dialogs. What is not answered is not trusted. */
export function trustPrompt(formats: Formats, logger: Logger): TrustPrompt {
  return {
    untrusted: async ({ host, certificate, problem }, signal) => {
      while (!signal.aborted) {
        const choice = await askModal(certificateText(host, certificate, problem, formats), logger);
        if (choice !== 'copy') {
          return choice === 'trust' ? 'trust' : 'cancel';
        }
        // The dialog closes with every button; whoever copies wants to compare and then decide.
        await vscode.env.clipboard.writeText(certificate.sha256);
      }
      return 'cancel';
    },
    changed: async ({ host, trusted, certificate }) => {
      const choice = await askModal(certificateChangedText(host, trusted, certificate, formats), logger);
      return choice ?? 'keepDisconnected';
    },
  };
}
