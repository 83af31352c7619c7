import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import { type Logger, type Redactor, redactingLogger } from '../../common/logger';

/** The product's log, as the editor shows it. */
export interface Log extends Disposable {
  readonly logger: Logger;
  /** Brings the log to the front. */
  show(): void;
}

/** Opens the log channel. No line reaches it that has not passed the redactor. */
export function createLog(redactor: Redactor): Log {
  const channel = vscode.window.createOutputChannel('vSphere Snapshots', { log: true });
  const sink: Logger = {
    trace: (message) => {
      channel.trace(message);
    },
    debug: (message) => {
      channel.debug(message);
    },
    info: (message) => {
      channel.info(message);
    },
    warn: (message) => {
      channel.warn(message);
    },
    error: (message) => {
      channel.error(message);
    },
  };
  return {
    logger: redactingLogger(sink, redactor),
    show: () => {
      channel.show();
    },
    dispose: () => {
      channel.dispose();
    },
  };
}
