import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { HypervisorError } from '../hypervisor/errors';
import { formatAddress, parseServerAddress, type ServerAddress } from './serverAddress';
import {
  fitToShow,
  type NewServerProfile,
  type PinnedCertificate,
  sameAccount,
  type ServerProfile,
} from './serverProfile';

/** Says what the file is, to people and to {@link readExchange}. */
const formatName = 'vSphere Snapshots servers';
/** Raised when an older product would misread a file. */
const formatVersion = 1;

// Far more servers than anybody has; it keeps a wrong file from filling the memory and the list.
const maxServers = 1_000;
// What is wrong beyond these is most likely wrong for the same reason.
const maxProblems = 3;

/** A server that a file describes. Whoever imports it decides whether to trust the certificate that came along. */
export interface ImportedServer {
  readonly profile: NewServerProfile;
  /** The certificate that was trusted where the file came from. Trusted here only when the person says so. */
  readonly certificate: PinnedCertificate | undefined;
}

const text = z.string().check(z.trim(), z.minLength(1), z.maxLength(1_000));
const day = z.iso.datetime();

const certificateSchema = z.strictObject({
  sha256: z.string().check(z.regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/)),
  subject: z.string(),
  issuer: z.string(),
  validFrom: day,
  validTo: day,
});

/** Strict: a misspelt `readOnly` that is dropped in silence would be a server that can be changed. */
const serverSchema = z.strictObject({
  name: text,
  address: text,
  user: text,
  protected: z.optional(z.boolean()),
  readOnly: z.optional(z.boolean()),
  certificate: z.optional(certificateSchema),
});

const headSchema = z.object({ format: z.literal(formatName), version: z.number().check(z.int(), z.minimum(1)) });
const fileSchema = z.strictObject({
  format: z.literal(formatName),
  version: z.literal(formatVersion),
  servers: z.array(z.unknown()).check(z.maxLength(maxServers)),
});

/** Servers as the text of a file. Holds no passwords, and nothing that says where they are kept. */
export function writeExchange(profiles: readonly ServerProfile[]): string {
  const servers = profiles.map((profile): z.input<typeof serverSchema> => ({
    name: profile.label,
    address: formatAddress(profile),
    user: profile.userName,
    ...(profile.isProtected && { protected: true }),
    ...(profile.isReadOnly && { readOnly: true }),
    ...(profile.trust.mode === 'pinned' && { certificate: certificateToWrite(profile.trust) }),
  }));
  return `${JSON.stringify({ format: formatName, version: formatVersion, servers }, undefined, 2)}\n`;
}

/**
 * Reads the text of a file that {@link writeExchange} has made, or that somebody has edited.
 *
 * @throws HypervisorError of kind `invalidInput` that says which server is wrong and why. Then nothing of it counts.
 */
export function readExchange(content: string): readonly ImportedServer[] {
  const document = parse(content);
  const head = z.safeParse(headSchema, document);
  if (!head.success) {
    throw refused(() => l10n.t('It is no list of servers that vSphere Snapshots has exported.'));
  }
  if (head.data.version > formatVersion) {
    throw refused(() =>
      l10n.t('It was written by a newer version of vSphere Snapshots. Update this one to import it.'),
    );
  }
  const file = z.safeParse(fileSchema, document);
  if (!file.success) {
    const sentence = problemOf(file.error.issues[0]);
    throw refused(() => sentence);
  }
  const problems: string[] = [];
  const servers = file.data.servers.flatMap((entry, index) => {
    const read = readServer(entry);
    if (typeof read === 'string') {
      problems.push(l10n.t('Server {0}: {1}', nameOf(entry, index), read));
      return [];
    }
    return [read];
  });
  problems.push(...duplicates(servers, file.data.servers.length));
  if (problems.length > 0) {
    throw refused(() =>
      [
        ...problems.slice(0, maxProblems),
        ...(problems.length > maxProblems ? [l10n.t('And {0} more.', problems.length - maxProblems)] : []),
      ].join(' '),
    );
  }
  return servers;
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch {
    // What exactly is wrong is of no use to somebody who chose the wrong file.
    throw refused(() => l10n.t('It is no JSON.'));
  }
}

/** The server, or what is wrong with it. */
function readServer(entry: unknown): ImportedServer | string {
  const parsed = z.safeParse(serverSchema, entry);
  if (!parsed.success) {
    return problemOf(parsed.error.issues[0]);
  }
  const { name, address: addressText, user, protected: isProtected, readOnly, certificate } = parsed.data;
  let address: ServerAddress;
  try {
    address = parseServerAddress(addressText);
  } catch (error) {
    const known = HypervisorError.find(error, 'invalidInput');
    if (known === undefined) {
      throw error;
    }
    return known.say();
  }
  return {
    profile: {
      ...address,
      label: fitToShow(name),
      userName: user,
      trust: { mode: 'verify' },
      isProtected: isProtected ?? false,
      isReadOnly: readOnly ?? false,
      isDemo: false,
      credentialStore: 'none',
    },
    certificate: certificate && {
      mode: 'pinned',
      sha256: certificate.sha256,
      subject: certificate.subject,
      issuer: certificate.issuer,
      validFromMs: Date.parse(certificate.validFrom),
      validToMs: Date.parse(certificate.validTo),
    },
  };
}

/** Numbers are right only when every server could be read; otherwise there is something to be said already. */
function duplicates(servers: readonly ImportedServer[], count: number): string[] {
  return servers.length !== count
    ? []
    : servers.flatMap(({ profile }, index) => {
        const first = servers.findIndex((other) => sameAccount(other.profile, profile));
        return first === index
          ? []
          : [l10n.t('Servers {0} and {1} have the same address and user.', first + 1, index + 1)];
      });
}

function certificateToWrite(pin: PinnedCertificate): z.input<typeof certificateSchema> {
  return {
    sha256: pin.sha256,
    subject: pin.subject,
    issuer: pin.issuer,
    validFrom: new Date(pin.validFromMs).toISOString(),
    validTo: new Date(pin.validToMs).toISOString(),
  };
}

function nameOf(entry: unknown, index: number): string {
  const named = z.safeParse(z.object({ name: text }), entry);
  return named.success ? `${index + 1} ('${fitToShow(named.data.name)}')` : String(index + 1);
}

/** What is wrong, by the field's name in the file and what it has to be; never with its value. */
function problemOf(issue: z.core.$ZodIssue | undefined): string {
  const field = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    return l10n.t("'{0}' is no field that it can have.", fitToShow([...issue.path, issue.keys[0]].join('.')));
  }
  if (field === '') {
    return l10n.t('It has to be an object with name, address and user.');
  }
  const expected = expectedOf(field);
  return expected === undefined
    ? l10n.t("'{0}' is missing or wrong.", field)
    : l10n.t("'{0}' has to be {1}.", field, expected);
}

function expectedOf(field: string): string | undefined {
  switch (field) {
    case 'protected':
    case 'readOnly':
      return l10n.t('true or false');
    case 'servers':
      return l10n.t('a list of at most {0} servers', maxServers);
    case 'certificate.sha256':
      return l10n.t('a SHA-256 in upper case with colons');
    case 'certificate.validFrom':
    case 'certificate.validTo':
      return l10n.t('a date such as 2026-11-22T09:12:00.000Z');
    default:
      return undefined;
  }
}

function refused(reason: () => string): HypervisorError {
  return new HypervisorError('invalidInput', 'a file of servers was refused', () =>
    l10n.t("The file can't be imported. {0} Nothing was imported.", reason()),
  );
}
