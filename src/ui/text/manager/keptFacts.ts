import * as l10n from '@vscode/l10n';
import { clipEnd, oneLine } from '../../../common/text';

/** Who keeps a snapshot, why, or until when, as somebody has written it into the description. */
export interface KeptFact {
  readonly label: string;
  readonly value: string;
}

// As long as a sentence that is meant to be found.
const valueLimit = 200;
// Nobody writes it further down, and a description of a megabyte is not searched to its end.
const maxLines = 50;

type Topic = 'by' | 'why' | 'until';

// Plain words at the start of a line. What a take of ours adds to a description is among them.
const patterns: readonly (readonly [Topic, RegExp])[] = [
  ['until', /^(?:keep|kept|needed|valid)?\s*until\b[:\s]+(\S.*)$/i],
  ['until', /^(?:expires?|expiry|delete (?:after|on)|remove (?:after|on))\b[:\s]+(\S.*)$/i],
  ['by', /^(?:taken|kept|requested|owned)\s+by\b[:\s]+(\S.*)$/i],
  ['by', /^(?:by|owner|contact)\s*:\s*(\S.*)$/i],
  ['why', /^(?:reason|why|purpose|ticket|change)\s*:\s*(\S.*)$/i],
];

/** The lines of a description that say why, by whom or until when a snapshot is kept; of each the first. */
export function keptFacts(description: string): KeptFact[] {
  const found = new Map<Topic, string>();
  const own = ownPattern();
  for (const line of description.split(/\r\n?|\n/, maxLines)) {
    const text = oneLine(line.slice(0, valueLimit * 4));
    const match = [...patterns, ['by', own] as const].flatMap(([topic, pattern]) => {
      const value = pattern.exec(text)?.[1];
      return value === undefined ? [] : [{ topic, value }];
    })[0];
    if (match !== undefined && !found.has(match.topic)) {
      found.set(match.topic, clipEnd(match.value, valueLimit));
    }
  }
  const topics: readonly Topic[] = ['why', 'by', 'until'];
  return topics.flatMap((topic) => {
    const value = found.get(topic);
    return value === undefined ? [] : [{ label: labelOf(topic), value }];
  });
}

/** The line that a take adds, in the language of the editor. */
function ownPattern(): RegExp {
  const [before = '', after = ''] = l10n.t('Taken by {0}', '\u0000').split('\u0000');
  return new RegExp(`^${escape(before)}(\\S.*)${escape(after)}$`, 'i');
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function labelOf(topic: Topic): string {
  switch (topic) {
    case 'by':
      return l10n.t('Kept by');
    case 'why':
      return l10n.t('Reason');
    case 'until':
      return l10n.t('Keep until');
  }
}
