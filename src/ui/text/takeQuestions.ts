import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../common/text';
import type { SnapshotContents } from '../../hypervisor/model/operation';
import type { Snapshot, SnapshotTree } from '../../hypervisor/model/snapshot';
import { allSnapshots, currentDepth } from '../../hypervisor/model/snapshotTree';
import type { VmDetail } from '../../hypervisor/model/vmDetail';
import type { Formats } from './formats';
import { nameInSentence } from './names';

/** What is to be said about a name while it is typed. Only an error keeps it from being accepted. */
export interface NameVerdict {
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
}

/** What fills the placeholders of a name template. */
export interface NameFacts {
  readonly nowMs: number;
  readonly vmName: string;
  readonly userName: string;
}

// The vSphere Client's own limit; the API takes more and the server decides.
const clientNameLimit = 80;
// Before somebody has taken that many, the warning is news.
const usesWithWarning = 3;
// Chains of two are everyday; from here on each further one is worth a word.
const longChain = 3;

/**
 * The name that a template stands for: `${date}` (`2026-11-22`), `${time}` (`14:05`), `${vm}` and `${user}`. Anything
 * else stays as it is written.
 *
 * @remarks Slashes become dashes: vCenter stores them escaped, and other tools then show the escape.
 */
export function nameFromTemplate(template: string, { nowMs, vmName, userName }: NameFacts): string {
  const now = new Date(nowMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const values: Readonly<Record<string, string>> = {
    date: `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`,
    time: `${two(now.getHours())}:${two(now.getMinutes())}`,
    vm: vmName,
    user: userName,
  };
  return template
    .replace(/\$\{(\w+)\}/g, (placeholder, key: string) => values[key] ?? placeholder)
    .replace(/[/\\]/g, '-')
    .trim();
}

/** What speaks against a name for a new snapshot. */
export function judgeNewName(
  name: string,
  vmName: string,
  tree: SnapshotTree,
  formats: Formats,
): NameVerdict | undefined {
  return judgeName(name, vmName, allSnapshots(tree), formats);
}

/** What speaks against a name for new snapshots of many VMs. */
export function judgeManyNames(name: string): NameVerdict | undefined {
  // Which of the VMs has a snapshot of that name already is no reason to stop: names may repeat.
  return judgeLength(name);
}

/** What speaks against another name for `target`. */
export function judgeRename(
  name: string,
  vmName: string,
  target: Snapshot,
  tree: SnapshotTree,
  formats: Formats,
): NameVerdict | undefined {
  const others = allSnapshots(tree).filter(({ id }) => id !== target.id);
  return judgeName(name, vmName, others, formats);
}

function judgeName(
  name: string,
  vmName: string,
  others: readonly Snapshot[],
  formats: Formats,
): NameVerdict | undefined {
  const verdict = judgeLength(name);
  if (verdict !== undefined) {
    return verdict;
  }
  const same = others.find((snapshot) => snapshot.name === name.trim());
  return (
    same && {
      severity: 'info',
      message: l10n.t(
        "'{0}' already has a snapshot with this name ({1}).",
        nameInSentence(vmName),
        formats.date(same.createdAtMs),
      ),
    }
  );
}

function judgeLength(name: string): NameVerdict | undefined {
  if (name.trim() === '') {
    return { severity: 'error', message: l10n.t('Enter a name.') };
  }
  if ([...name].length > clientNameLimit) {
    return {
      severity: 'warning',
      message: l10n.t('vSphere Client allows {0} characters; the server may refuse more.', clientNameLimit),
    };
  }
  return undefined;
}

/** What a person should hear before taking a snapshot; undefined when there is nothing new to say. */
export function takePrompt(tree: SnapshotTree, timesTaken: number): string | undefined {
  const depth = currentDepth(tree) + 1;
  const sentences = [
    ...(timesTaken < usesWithWarning ? [l10n.t('A snapshot is not a backup.')] : []),
    ...(depth >= longChain ? [l10n.t('This will be snapshot {0} in the chain; long chains slow the VM.', depth)] : []),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

/** The description as it is sent: with the account in a line of its own if the person wants that. */
export function describeTake(description: string, recordedUser: string | undefined): string {
  const text = description.trim();
  return recordedUser === undefined ? text : `${text}\n${l10n.t('Taken by {0}', recordedUser)}`.trim();
}

/** The account that a description names in its last line, as {@link describeTake} writes it. */
export function recordedUserIn(description: string): string | undefined {
  const last =
    description
      .trim()
      .split(/\r\n?|\n/)
      .at(-1) ?? '';
  // In the language of whoever took it, which most often is English or the present one.
  for (const sentence of new Set([l10n.t('Taken by {0}', placeholder), `Taken by ${placeholder}`])) {
    const [before = '', after = ''] = sentence.split(placeholder);
    if (last.startsWith(before) && last.endsWith(after) && last.length > before.length + after.length) {
      return last.slice(before.length, last.length - after.length);
    }
  }
  return undefined;
}

// No name holds it.
const placeholder = '\u0000';

/** Stands for a line break where a text has to be edited in one line. */
export const lineBreakSign = '\u21b5';

/** A description for a box of one line, which would drop its line breaks. {@link fromOneLine} gives it back unchanged. */
export function toOneLine(description: string): string {
  return description.replace(/\r\n?|\n/g, ` ${lineBreakSign} `);
}

/** What was edited in one line, with its line breaks. */
export function fromOneLine(line: string): string {
  return line.replaceAll(new RegExp(` ?${lineBreakSign} ?`, 'g'), '\n');
}

/** One way to take a snapshot. */
export interface ContentsChoice {
  readonly contents: SnapshotContents;
  readonly label: string;
  /** Figures; for what is not available, the reason. */
  readonly description: string | undefined;
  readonly detail: string;
  readonly isAvailable: boolean;
}

/** What a snapshot of a running VM can hold, what is not available now last. */
export function contentsChoices(detail: VmDetail): ContentsChoice[] {
  const noMemory = whyNoMemory(detail);
  const noQuiescing = whyNoQuiescing(detail);
  const choices: ContentsChoice[] = [
    {
      contents: 'disks',
      label: l10n.t('Disks only'),
      description: l10n.t('fast'),
      detail: l10n.t('After a restore the VM is powered off and has to be started.'),
      isAvailable: true,
    },
    {
      contents: 'memory',
      label: l10n.t('Disks and memory'),
      description: noMemory ?? memoryFigures(detail),
      detail: l10n.t('Takes longer and pauses the VM for a while. A restore continues without a reboot.'),
      isAvailable: noMemory === undefined,
    },
    {
      contents: 'quiesced',
      label: l10n.t('Disks, quiesced by VMware Tools'),
      description: noQuiescing,
      detail: l10n.t('The guest writes its file systems to disk first. After a restore the VM is powered off.'),
      isAvailable: noQuiescing === undefined,
    },
  ];
  return choices.sort((a, b) => Number(b.isAvailable) - Number(a.isAvailable));
}

function whyNoMemory({ disks, limitations }: VmDetail): string | undefined {
  const independent = disks.find((disk) => disk.independent);
  if (independent !== undefined) {
    return l10n.t('{0} is independent', nameInSentence(independent.label));
  }
  return limitations.has('memoryUnsupported') ? l10n.t('the server refuses it for this VM') : undefined;
}

function whyNoQuiescing({ toolsRunning, limitations }: VmDetail): string | undefined {
  if (!toolsRunning) {
    return l10n.t("VMware Tools isn't running");
  }
  return limitations.has('quiesceUnsupported') ? l10n.t('the server refuses it for this VM') : undefined;
}

/** `16 GB; 412 GB free on DS-03`: what the memory file takes, and what there is. */
function memoryFigures({ vm, disks, datastores }: VmDetail): string | undefined {
  if (vm.memoryBytes === undefined) {
    return undefined;
  }
  const size = formatBytes(vm.memoryBytes);
  const homeId = disks.find((disk) => disk.datastoreId !== undefined)?.datastoreId;
  const home = datastores.find(({ id }) => id === homeId);
  return home === undefined
    ? size
    : l10n.t('{0}; {1} free on {2}', size, formatBytes(home.freeBytes), nameInSentence(home.name));
}
