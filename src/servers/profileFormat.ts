import * as z from 'zod/mini';
import type { ServerId } from '../hypervisor/model/ids';
import { isCanonicalHost, isPort } from './serverAddress';
import type { ServerProfile } from './serverProfile';
import type { JsonValue } from './statePort';

/**
 * Version of the saved list. Raised only when an older product would misread it; fields may be added without: an older
 * product keeps what it does not know.
 */
const formatVersion = 1;

/** A saved server that could not be read. It stays saved as it is. */
export interface ProfileProblem {
  /** Position in the saved list; undefined when the list as a whole is meant. */
  readonly index: number | undefined;
  /** What it is called, as far as that can be read. */
  readonly name: string | undefined;
  /** Whether a newer product wrote it, or it is damaged. */
  readonly cause: 'newer' | 'damaged';
  /** For the log: which fields are wrong, never their values. */
  readonly reason: string;
}

/** The saved list, understood as far as possible. */
export interface ProfileDocument {
  /** What is saved, entry by entry, whether understood or not. */
  readonly entries: readonly unknown[];
  /** What was understood, with its position in `entries`. */
  readonly profiles: ReadonlyMap<ServerId, { readonly index: number; readonly profile: ServerProfile }>;
  readonly problems: readonly ProfileProblem[];
  /** Whether it may be replaced. A list of a newer product must not be. */
  readonly writable: boolean;
  /** Something else than a list lay there. */
  readonly unreadable: boolean;
}

const shortText = z.string().check(z.minLength(1), z.maxLength(1_000));
const timeMs = z.number().check(z.int());

const trustSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('verify') }),
  z.object({
    mode: z.literal('pinned'),
    sha256: z.string().check(z.regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/)),
    subject: z.string(),
    issuer: z.string(),
    validFromMs: timeMs,
    validToMs: timeMs,
  }),
]);

const entrySchema = z.object({
  id: shortText,
  label: shortText,
  host: shortText.check(z.refine(isCanonicalHost)),
  port: z.number().check(z.refine(isPort)),
  useTls: z.boolean(),
  userName: shortText,
  trust: trustSchema,
  isProtected: z._default(z.boolean(), false),
  isReadOnly: z._default(z.boolean(), false),
  // Which store holds a password is advice: with a store that this version does not know, the person is asked again.
  credentialStore: z.catch(z.enum(['osKeychain', 'vscode', 'session', 'none']), 'none'),
});

/** What may be left of an entry that is damaged. */
const namedSchema = z.object({
  label: z.catch(z.optional(shortText), undefined),
  host: z.catch(z.optional(shortText), undefined),
});

const documentSchema = z.object({ version: z.number(), servers: z.array(z.unknown()) });

/** Reads the saved list. A bad entry is reported and costs nobody but itself. */
export function readProfileDocument(saved: unknown): ProfileDocument {
  const empty = { entries: [], profiles: new Map(), problems: [], writable: true, unreadable: false };
  if (saved === undefined) {
    return empty;
  }
  const document = z.safeParse(documentSchema, saved);
  if (!document.success) {
    return { ...empty, unreadable: true, problems: [wholeList('damaged', reasonOf(document.error))] };
  }
  if (document.data.version > formatVersion) {
    const reason = `written in format ${document.data.version}, newer than ${formatVersion}`;
    return { ...empty, writable: false, problems: [wholeList('newer', reason)] };
  }
  const profiles = new Map<ServerId, { index: number; profile: ServerProfile }>();
  const problems: ProfileProblem[] = [];
  document.data.servers.forEach((entry, index) => {
    const parsed = z.safeParse(entrySchema, entry);
    if (!parsed.success) {
      problems.push({ index, name: nameOf(entry), cause: 'damaged', reason: reasonOf(parsed.error) });
      return;
    }
    const profile: ServerProfile = { ...parsed.data, id: parsed.data.id as ServerId, isDemo: false };
    if (profiles.has(profile.id)) {
      problems.push({ index, name: profile.label, cause: 'damaged', reason: 'id: appears twice' });
    } else {
      profiles.set(profile.id, { index, profile });
    }
  });
  return { entries: document.data.servers, profiles, problems, writable: true, unreadable: false };
}

/** The list as it is saved. */
export function writeProfileDocument(entries: readonly unknown[]): JsonValue {
  // What was read as JSON is JSON still.
  return { version: formatVersion, servers: entries as readonly JsonValue[] };
}

/** An entry as it is saved: the profile's fields over those of `previous`, whose unknown fields stay. */
export function writeProfile(profile: ServerProfile, previous: unknown): JsonValue {
  const kept = typeof previous === 'object' && previous !== null ? (previous as Record<string, JsonValue>) : {};
  return {
    ...kept,
    id: profile.id,
    label: profile.label,
    host: profile.host,
    port: profile.port,
    useTls: profile.useTls,
    userName: profile.userName,
    trust: { ...profile.trust },
    isProtected: profile.isProtected,
    isReadOnly: profile.isReadOnly,
    credentialStore: profile.credentialStore,
  };
}

function wholeList(cause: ProfileProblem['cause'], reason: string): ProfileProblem {
  return { index: undefined, name: undefined, cause, reason };
}

function nameOf(entry: unknown): string | undefined {
  const named = z.safeParse(namedSchema, entry);
  return named.success ? (named.data.label ?? named.data.host) : undefined;
}

function reasonOf(error: z.core.$ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'value'}: ${issue.code}`).join(', ');
}
