import type * as vscode from 'vscode';
import type { JsonValue, StatePort } from '../../servers/statePort';

/**
 * The editor's state of this product, for all windows of this machine.
 *
 * @remarks The editor tells nobody when another window writes: what it wrote shows after a reload.
 */
export function mementoState(memento: vscode.Memento): StatePort {
  return {
    get: (key) => memento.get<unknown>(key),
    set: async (key: string, value: JsonValue | undefined) => {
      await memento.update(key, value);
    },
  };
}
