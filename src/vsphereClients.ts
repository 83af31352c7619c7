import * as fs from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Logger } from './common/logger';
import { HypervisorError } from './hypervisor/errors';
import type { ClientFactory } from './servers/clientFactory';
import { editorUsesProxy } from './ui/adapters/editorProxy';
import type { Settings } from './ui/adapters/settings';
import type { connect } from './vsphere/index';

/** Opens clients of vSphere as the person's settings say. @param connectTo - what opens one */
export function vsphereClients(
  settings: Pick<Settings, 'get'>,
  logger: Logger,
  connectTo: typeof connect,
): ClientFactory {
  return async ({ host, port, useTls, userName, trust, getPassword }, signal) =>
    await connectTo({
      address: { host, port, useTls },
      trust,
      extraCaPem: await readCaFile(settings.get('connection.caFile')),
      transport: settings.get('connection.transport'),
      isProxyConfigured: editorUsesProxy(host, process.env),
      userName,
      getPassword,
      logger,
      // vCenter names its languages as Java does.
      locale: vscode.env.language.replace('-', '_'),
      signal,
    });
}

/** The person's own authorities; undefined when none are set. @throws HypervisorError that names the setting. */
async function readCaFile(file: string): Promise<string | undefined> {
  const name = file.trim();
  if (name === '') {
    return undefined;
  }
  try {
    return await fs.readFile(name, 'utf8');
  } catch (error) {
    throw new HypervisorError(
      'invalidInput',
      'the file of connection.caFile cannot be read',
      () => vscode.l10n.t("The CA file '{0}' can't be read. Check the setting Connection: Ca File.", name),
      { cause: error, nextStep: 'retry' },
    );
  }
}
