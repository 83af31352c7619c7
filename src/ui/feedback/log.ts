import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import type { Disposable } from '../../common/disposable';
import { type Logger, type Redactor, redactingLogger } from '../../common/logger';
import { isEditorCancellation } from './editorCancellation';
import { LogTail } from './logTail';

/** The product's log, as the editor shows it. */
export interface Log extends Disposable {
  readonly logger: Logger;
  /** Its last lines, also those that the level of the channel keeps out of it. */
  readonly tail: string;
  /** Brings the log to the front. */
  show(): void;
}

/** Opens the log channel. No line reaches it that has not passed the redactor. */
export function createLog(redactor: Redactor, clock: Clock): Log {
  const channel = vscode.window.createOutputChannel('vSphere Snapshots', { log: true });
  const tail = new LogTail(clock);
  const sink: Logger = {
    trace: (message) => {
      channel.trace(message);
    },
    debug: (message) => {
      channel.debug(message);
      tail.add('debug', message);
    },
    info: (message) => {
      channel.info(message);
      tail.add('info', message);
    },
    warn: (message) => {
      channel.warn(message);
      tail.add('warn', message);
    },
    error: (message) => {
      channel.error(message);
      tail.add('error', message);
    },
  };
  const logger = redactingLogger(sink, redactor);
  return {
    logger: {
      ...logger,
      error: (message, error) => {
        if (isEditorCancellation(error)) {
          logger.debug(`${message}: the editor has cancelled it`);
        } else {
          logger.error(message, error);
        }
      },
    },
    get tail() {
      return tail.text;
    },
    show: () => {
      channel.show();
    },
    dispose: () => {
      channel.dispose();
    },
  };
}
