import type * as vscode from 'vscode';
import type { SecretPort } from '../../servers/secretStorageStore';

/** The editor's store of secrets. */
export function editorSecrets(secrets: vscode.SecretStorage): SecretPort {
  return {
    get: async (key) => await secrets.get(key),
    store: async (key, value) => {
      await secrets.store(key, value);
    },
    delete: async (key) => {
      await secrets.delete(key);
    },
    keys: async () => await secrets.keys(),
  };
}
