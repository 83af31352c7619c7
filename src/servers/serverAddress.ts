import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import * as l10n from '@vscode/l10n';
import { HypervisorError } from '../hypervisor/errors';

/** Where a server listens. */
export interface ServerAddress {
  /** DNS name in lower case and ASCII, or an IP address; IPv6 without brackets, with its zone if it has one. */
  readonly host: string;
  readonly port: number;
  /** False only for a simulator on this machine. */
  readonly useTls: boolean;
}

const httpsPort = 443;
const httpPort = 80;
const maxPort = 65_535;
const maxHostLength = 253;

/**
 * Reads what a person types or pastes: a name, an IP address, with or without a port, or the URL of a vSphere Client.
 *
 * @remarks Plain http is kept for this machine only, where simulators listen. For any other host it is read as https:
 * people paste what they typed into a browser, and a password must not cross a network in the clear.
 * @throws {@link HypervisorError} of kind `invalidInput`.
 */
export function parseServerAddress(text: string): ServerAddress {
  const match = /^(?:(?<scheme>[a-z][a-z0-9+.-]*):\/\/)?(?<authority>[^/?#\\]*)(?:[/?#].*)?$/is.exec(text.trim());
  const scheme = match?.groups?.['scheme']?.toLowerCase();
  const authority = match?.groups?.['authority'] ?? '';
  if (authority === '' || (scheme !== undefined && scheme !== 'https' && scheme !== 'http')) {
    throw invalidAddress(l10n.t('Enter the name or IP address of a vCenter or ESXi server.'));
  }
  if (authority.includes('@')) {
    throw invalidAddress(l10n.t('Enter the address without a user name or password; they are asked for next.'));
  }
  const { hostText, portText } = splitPort(authority);
  const host = canonicalHost(hostText);
  if (host === undefined) {
    throw invalidAddress(l10n.t("'{0}' isn't a valid name or IP address.", hostText));
  }
  const plain = scheme === 'http' && isLoopback(host);
  const port = portText === undefined ? (plain ? httpPort : httpsPort) : Number(portText);
  if (!isPort(port) || (portText !== undefined && !/^\d{1,5}$/.test(portText))) {
    throw invalidAddress(l10n.t('A port is a number from 1 to {0}.', maxPort));
  }
  return { host, port, useTls: !plain };
}

/** Whether `host` is exactly what {@link parseServerAddress} would have made of it. */
export function isCanonicalHost(host: string): boolean {
  return canonicalHost(host) === host;
}

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= maxPort;
}

/** `host:port`, IPv6 in brackets. */
export function formatHostPort(address: Pick<ServerAddress, 'host' | 'port'>): string {
  return `${formatHost(address.host)}:${address.port}`;
}

/** As a person writes it: the port only if it is not the usual one, the scheme only if it is not https. */
export function formatAddress(address: ServerAddress): string {
  const usual = address.useTls ? httpsPort : httpPort;
  const text = address.port === usual ? formatHost(address.host) : formatHostPort(address);
  return address.useTls ? text : `http://${text}`;
}

/** Whether two addresses reach the same listener. */
export function sameAddress(a: ServerAddress, b: ServerAddress): boolean {
  return a.host === b.host && a.port === b.port && a.useTls === b.useTls;
}

export function isIpAddress(host: string): boolean {
  return isIPv4(host) || isIPv6(host);
}

function formatHost(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

function splitPort(authority: string): { hostText: string; portText: string | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(authority);
  if (bracketed !== null) {
    return { hostText: bracketed[1] ?? '', portText: bracketed[2] };
  }
  const colon = authority.indexOf(':');
  // More than one colon without brackets is a bare IPv6 address.
  if (colon === -1 || authority.includes(':', colon + 1)) {
    return { hostText: authority, portText: undefined };
  }
  return { hostText: authority.slice(0, colon), portText: authority.slice(colon + 1) };
}

function canonicalHost(text: string): string | undefined {
  // In a URL the zone of a link-local address follows an escaped percent sign.
  const unescaped = text.replace(/%25/g, '%');
  if (isIPv6(unescaped)) {
    const [address = '', zone] = unescaped.split('%', 2);
    return zone === undefined ? address.toLowerCase() : `${address.toLowerCase()}%${zone}`;
  }
  if (/[\s:%[\]]/.test(text)) {
    return undefined;
  }
  // A trailing dot marks a complete DNS name. TLS knows names without it only. Other alphabets have dots of their own.
  const host = domainToASCII(text).replace(/\.$/, '');
  return host === '' || host.length > maxHostLength || /^\.|\.\.|\.$/.test(host) ? undefined : host;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function invalidAddress(sentence: string): HypervisorError {
  return new HypervisorError('invalidInput', 'the address of a server cannot be read', () => sentence);
}
