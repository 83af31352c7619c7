import * as l10n from '@vscode/l10n';
import { oneLine } from '../../common/text';
import type { ScriptTarget } from '../../hypervisor/client';
import { HypervisorError } from '../../hypervisor/errors';
import type { ObjectId } from '../../hypervisor/model/ids';
import { referenceOf } from '../ids';
import type { Endpoint } from '../soap/transport';
import type { AboutInfo } from '../vim/service';

const defaultPort = 443;

/**
 * Where a VM is shown by the web client that the server itself brings along: the vSphere Client of a vCenter since 6.5,
 * the Host Client of an ESXi.
 *
 * @remarks The last part of a vCenter's address is the vCenter's identity, not the VM's. No page of VMware's specifies
 * these addresses; this is how the clients themselves write them.
 * @throws HypervisorError of kind `notSupported` for a server that is spoken to without TLS: a simulator, which has none.
 */
export function webPageOf(endpoint: Endpoint, about: AboutInfo, vmId: ObjectId): string {
  if (!endpoint.useTls) {
    throw new HypervisorError('notSupported', 'a simulator has no web client', ({ serverLabel }) =>
      serverLabel === undefined
        ? l10n.t('This server has no vSphere Client.')
        : l10n.t("'{0}' has no vSphere Client.", serverLabel),
    );
  }
  const { value } = referenceOf(vmId);
  const base = `https://${hostOf(endpoint)}/ui`;
  if (about.apiType === 'HostAgent') {
    return `${base}/#/host/vms/${encodeURIComponent(value)}`;
  }
  const urn = ['urn', 'vmomi', 'VirtualMachine', value, about.instanceUuid ?? ''].map(encodeURIComponent).join(':');
  return `${base}/app/vm;nav=v/${urn}/summary`;
}

/**
 * A line of PowerCLI that gets a VM, or one of its snapshots, to be piped on.
 *
 * @remarks By identity, as names repeat, and by name as well, as a vCenter that was restored gives identities a second
 * time. A name that PowerCLI may write in another way than the server, or that would reach over the end of the line, is
 * left out.
 */
export function powerCliLine({ host }: Endpoint, { vmId, vmName, isTemplate, snapshot }: ScriptTarget): string {
  const cmdlet = isTemplate ? 'Get-Template' : 'Get-VM';
  const parts = [`${cmdlet} -Server ${quoted(host)} -Id ${quoted(idOf(vmId))}`, ...checkOf(vmName)];
  return (
    snapshot === undefined
      ? parts
      : [...parts, `Get-Snapshot -Id ${quoted(idOf(snapshot.id))}`, ...checkOf(snapshot.name)]
  ).join(' | ');
}

function idOf(id: Parameters<typeof referenceOf>[0]): string {
  const { type, value } = referenceOf(id);
  return `${type}-${value}`;
}

function checkOf(name: string): string[] {
  const isPlain = name !== '' && oneLine(name) === name && !/[/\\%]/.test(name);
  return isPlain ? [`Where-Object Name -EQ ${quoted(name)}`] : [];
}

// PowerShell takes typographic quotes for the straight one.
const singleQuotes = /['\u2018\u2019\u201a\u201b]/g;

/** Text as PowerShell reads it literally. */
function quoted(text: string): string {
  return `'${text.replace(singleQuotes, '$&$&')}'`;
}

function hostOf({ host, port }: Endpoint): string {
  // The zone of an IPv6 address means something on this machine only.
  const name = host.includes(':') ? `[${host.split('%')[0] ?? ''}]` : host;
  return port === defaultPort ? name : `${name}:${port}`;
}
