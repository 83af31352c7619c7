import assert from 'node:assert/strict';
import { HypervisorError } from '../../src/hypervisor/errors';
import { formatRecord, parseRecords } from '../../src/journal/recordFormat';
import type { ServerId } from '../../src/hypervisor/model/ids';
import { readExchange, writeExchange } from '../../src/servers/profileExchange';
import type { ServerProfile } from '../../src/servers/serverProfile';
import { formatAddress, isCanonicalHost, isPort, parseServerAddress } from '../../src/servers/serverAddress';
import { seededRandom } from '../../src/simulator/random/random';
import { readMessage } from '../../src/webview/protocol/readMessage';
import { toHost } from '../../src/webview/protocol/toHost';
import { endedRecord, requestedRecord, sentRecord, taskRecord } from './journalRecords';
import { certificate, newProfile } from './serverFixtures';
import { damage } from './xmlFuzz';

// Everything else that reads what comes from outside: messages of a page, files of servers, typed addresses, journals. Each
// gets what is nearly right, and has to take it whole or refuse it as it is meant to.

type Next = (below: number) => number;

/** Which of the inputs were taken. */
export interface ParserOutcome {
  readonly parser: string;
  readonly accepted: number;
  readonly refused: number;
}

/** One parser: makes an input, reads it, and checks what came of it. @returns whether it was accepted */
type Attempt = (next: Next) => boolean;

/** Must be in no reason why something was refused. */
const canary = 'canary-5d21';

function pick<T>(items: readonly T[], next: Next): T {
  return items[next(items.length)] as T;
}

/** What nobody sends who means well. */
const hostile: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  10n,
  '',
  canary,
  canary.repeat(100),
  'x'.repeat(300_000),
  '\ud800',
  '$(trash)',
  [],
  [[[[canary]]]],
  {},
  { [canary]: canary },
  JSON.parse('{"__proto__": {"type": "ready"}, "constructor": 1}'),
  new Map([[canary, 1]]),
  new Date(0),
  Array.from({ length: 10_000 }, () => canary),
];

/** The value with one thing in it exchanged, left out or added. */
function changed(value: unknown, next: Next): unknown {
  if (typeof value !== 'object' || value === null || next(4) === 0) {
    return pick(hostile, next);
  }
  const entries = Object.entries(value);
  const at = next(entries.length + 1);
  const entry: readonly [string, unknown] | undefined = entries[at];
  if (entry === undefined) {
    return { ...value, [pick(['type', 'id', canary, '__proto__', 'toString', ''], next)]: pick(hostile, next) };
  }
  const [key, inner] = entry;
  const rest = entries.filter((_, index) => index !== at);
  return next(3) === 0 ? Object.fromEntries(rest) : Object.fromEntries([...rest, [key, changed(inner, next)]]);
}

const messages: readonly unknown[] = [
  { type: 'ready' },
  { type: 'select', id: 'VirtualMachineSnapshot:snapshot-1' },
  { type: 'vmAct', act: 'take' },
  { type: 'preview', kind: 'deleteAll', id: null },
  { type: 'takeFirst', preview: 1, isOn: true },
  { type: 'edit', id: 'x', revision: 1, name: 'n', description: '' },
  { type: 'compare', id: 'x', with: '*present' },
  { type: 'trouble', text: 'x' },
];

function readPageMessage(next: Next): boolean {
  const sent = changed(pick(messages, next), next);
  const reading = readMessage(toHost, sent);
  if ('refused' in reading) {
    assert.ok(!reading.refused.includes(canary) && reading.refused.length < 1_000, reading.refused);
    return false;
  }
  assert.deepEqual(readMessage(toHost, reading.message), reading);
  assert.deepEqual(reading.message, sent, 'something was taken off or put to it');
  return true;
}

const jsonPieces = [
  '{', '}', '[', ']', '"', ':', ',', '\\', '\\u0000', '\\ud800', 'null', 'true', '1e999', '-0', '0', ' ', '\n', '\ufeff',
  '"__proto__":{},', '"servers":[],', '"readOnly":false,', '"name":"x",', '/', '//', '\u0000', '\u2028', 'é',
]; // prettier-ignore

const saved = (facts: Partial<ServerProfile> = {}): ServerProfile => ({
  id: 'server-1' as ServerId,
  ...newProfile(facts),
});
const pin = { mode: 'pinned', ...certificate() } as const;
const serverFile = writeExchange([
  saved(),
  saved({ label: 'esx', host: 'fe80::1', port: 8443, userName: 'root', isProtected: true, isReadOnly: true }),
  saved({ label: 'lab', host: '127.0.0.1', port: 8989, useTls: false, trust: pin }),
]);

function readServerFile(next: Next): boolean {
  const text = next(2) === 0 ? damage(serverFile, jsonPieces, next).toString('utf8') : changedFile(next);
  const servers = whenValid(() => readExchange(text));
  if (servers === undefined) {
    return false;
  }
  for (const { profile } of servers) {
    assert.ok(isCanonicalHost(profile.host) && isPort(profile.port), text);
    assert.ok(profile.userName !== '' && profile.label !== '', text);
    assert.equal('password' in profile, false);
  }
  return true;
}

function changedFile(next: Next): string {
  const written = changed(JSON.parse(serverFile), next);
  return JSON.stringify(written, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
}

const addresses = ['https://vc.example.com:443/ui/app', 'esx-01', '[fe80::1%eth0]:8443', 'http://127.0.0.1:8989/sdk'];
const addressPieces = [
  ':',
  '/',
  '//',
  '@',
  '[',
  ']',
  '%',
  '.',
  '..',
  '-',
  'https://',
  'http://',
  '\\',
  '#',
  '?',
  '0',
  '65536',
  '::',
  'ß',
  '。',
  '\u0000',
  ' ',
  '\u202e',
  'xn--',
];

function readAddress(next: Next): boolean {
  const text = damage(pick(addresses, next), addressPieces, next).toString('utf8');
  const address = whenValid(() => parseServerAddress(text));
  if (address === undefined) {
    return false;
  }
  assert.ok(isCanonicalHost(address.host) && isPort(address.port), text);
  assert.deepEqual(parseServerAddress(formatAddress(address)), address, text);
  return true;
}

const journal = [requestedRecord(1, { bulk: 4 }), sentRecord(1), taskRecord(1, 'task-7'), endedRecord(1)]
  .map(formatRecord)
  .join('');

function readJournal(next: Next): boolean {
  const text = damage(journal, jsonPieces, next).toString('utf8');
  const { records, skipped } = parseRecords(text);
  assert.ok(records.length + skipped <= text.split('\n').length, text);
  const lines = records.map(formatRecord);
  const again = parseRecords(lines.join(''));
  // As lines: JSON writes -0 as 0.
  assert.deepEqual([again.records.map(formatRecord), again.skipped], [lines, 0], text);
  return skipped === 0;
}

/** What is read, undefined where it is refused in the words that a person gets to see. */
function whenValid<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const known = HypervisorError.find(error, 'invalidInput');
    if (known === undefined) {
      throw error;
    }
    assert.ok(known.say().length > 0);
    return undefined;
  }
}

const parsers: Readonly<Record<string, Attempt>> = {
  'messages of a page': readPageMessage,
  'files of servers': readServerFile,
  'addresses of servers': readAddress,
  journals: readJournal,
};

/**
 * Gives every parser so many inputs.
 *
 * @throws AssertionError with the input when one of them takes what it must not; whatever a parser throws that is no refusal
 */
export function fuzzParsers(runs: number, seed: number): readonly ParserOutcome[] {
  return Object.entries(parsers).map(([parser, attempt]) => {
    const random = seededRandom(seed);
    const next: Next = (below) => Math.floor(random() * below);
    let accepted = 0;
    for (let run = 0; run < runs; run++) {
      try {
        accepted += attempt(next) ? 1 : 0;
      } catch (error) {
        throw new Error(`${parser}, seed ${seed}, run ${run}`, { cause: error });
      }
    }
    return { parser, accepted, refused: runs - accepted };
  });
}
