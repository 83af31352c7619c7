import * as z from 'zod/mini';
import { maxRows } from './limits';
import { labelNames, type Labels } from './labels';
import { count, full, percent, previewKind, rowId, shown } from './shapes';

// What the extension tells the page. The page draws it and adds no knowledge of its own.

/** What a person can do about a state in which the panel is. */
const help = z.strictObject({ id: z.enum(['retry', 'connect', 'showLog', 'close']), label: shown });

/** How far what is shown can be relied on. */
const status = z.strictObject({
  kind: z.enum(['loading', 'live', 'stale', 'error', 'gone']),
  /** Empty when there is nothing to say. */
  sentence: shown,
  help: z.array(help).check(z.maxLength(5)),
});

/** Which VM it is, and how it is. */
const header = z.strictObject({
  /** Identity of this panel, for what the editor's own menus hand back. */
  panel: rowId,
  name: shown,
  /** Server and folders. */
  where: shown,
  /** Icon of the power state, as a codicon. */
  icon: shown,
  facts: shown,
  /** What `when` clauses of menus look for: `;vm;on;snap;`. */
  flags: shown,
});

/** How a row of a preview differs from what is now; `none` everywhere else. */
const rowChange = z.enum(['none', 'goes', 'comes', 'lost']);

const row = z.strictObject({
  id: rowId,
  kind: z.enum(['snapshot', 'present', 'former']),
  /** Nesting, from 1. A chain is flat; what leaves it is one level deeper. */
  level: count.check(z.gte(1)),
  /** Whether it hangs under what its list hangs under, and not on the row above it in its list. */
  branches: z.boolean(),
  change: rowChange,
  icon: shown,
  name: shown,
  /** Words beside the name: `current`, `backup`. */
  marks: z.array(shown).check(z.maxLength(5)),
  created: shown,
  createdTip: shown,
  createdAtMs: z.nullable(z.number()),
  age: shown,
  ageTone: z.enum(['none', 'warn', 'old']),
  own: shown,
  ownTip: shown,
  ownBytes: z.nullable(z.number()),
  cumulative: shown,
  cumulativeBytes: z.nullable(z.number()),
  /** The two of them against the largest of all, for the bar. */
  ownPercent: percent,
  basePercent: percent,
  memory: shown,
  quiesced: shown,
  power: shown,
  description: shown,
  /** The whole row in words. */
  spoken: shown,
  flags: shown,
});
export type Row = z.infer<typeof row>;

const rows = z.array(row).check(z.maxLength(maxRows));

/** The snapshots as they are. */
const tree = z.strictObject({ rows, summary: shown });

/** What is being done to the VM, and on which row it shows. */
const activity = z.nullable(z.strictObject({ row: rowId, text: shown, percent: z.nullable(percent) }));

/** A note that stands where the person decides. */
const note = z.strictObject({ tone: z.enum(['info', 'warning', 'error']), text: shown });
export type Note = z.infer<typeof note>;
const notes = z.array(note).check(z.maxLength(50));

/** What speaks against taking a snapshot now, said before the button is pressed. */
const take = z.strictObject({ notes });

const segment = z.strictObject({ kind: z.enum(['disk', 'memory', 'live', 'leftover']), percent });
const bar = z.strictObject({ id: rowId, name: shown, segments: z.array(segment).check(z.maxLength(4)), text: shown });

/** What the snapshots occupy, and what is left on their datastores. */
const growth = z.nullable(
  z.strictObject({
    summary: shown,
    bars: z.array(bar).check(z.maxLength(100)),
    /** How many snapshots are not drawn, in words; empty when all are. */
    more: shown,
    datastores: z
      .array(z.strictObject({ name: shown, text: shown, usedPercent: percent, snapshotPercent: percent }))
      .check(z.maxLength(20)),
    measured: shown,
  }),
);

const field = z.strictObject({ label: shown, value: shown });

/** Everything that is known of the selected row. */
const details = z.nullable(
  z.strictObject({
    id: rowId,
    kind: z.enum(['snapshot', 'present']),
    title: shown,
    fields: z.array(field).check(z.maxLength(40)),
    /** Lines of the description that say who, why or until when, taken out of it. */
    kept: z.array(field).check(z.maxLength(10)),
    /** As they are on the server, for whoever edits them. */
    name: full,
    description: full,
    /** Whether the texts are too long to be edited here. */
    isClipped: z.boolean(),
    /** Says on which texts an edit is based. */
    revision: count,
    hasChildren: z.boolean(),
    isBackup: z.boolean(),
    compareWith: z.array(z.strictObject({ id: rowId, label: shown })).check(z.maxLength(maxRows)),
  }),
);

/** An operation drawn before it is done. */
const preview = z.nullable(
  z.strictObject({
    id: count,
    kind: previewKind,
    title: shown,
    /** Still being computed: there is a title and nothing else. */
    isLoading: z.boolean(),
    rows,
    facts: z.array(field).check(z.maxLength(20)),
    notes,
    /** Whether a snapshot can be taken first; with a restore only. */
    first: z.nullable(z.strictObject({ isOn: z.boolean(), label: shown })),
    /** What leads on to the confirmation; empty when nothing does. */
    go: shown,
    spoken: shown,
  }),
);

/** How an edit in the panel went on. */
const edit = z.nullable(
  z.strictObject({
    id: rowId,
    state: z.enum(['open', 'saving', 'conflict']),
    /** With `conflict`: what somebody else has written meanwhile. */
    sentence: shown,
    theirName: full,
    theirDescription: full,
    /** The revision on which the next attempt is based. */
    revision: count,
  }),
);

const labels = z.strictObject(
  Object.fromEntries(labelNames.map((name) => [name, shown])) as Record<keyof Labels, typeof shown>,
);

/** Everything that the page shows, by parts that change on their own. */
const parts = z.strictObject({
  labels,
  status,
  header,
  tree,
  activity,
  take,
  growth,
  details,
  preview,
  edit,
});
export type PageParts = z.infer<typeof parts>;

const update = z.strictObject({
  type: z.literal('update'),
  parts: z.partial(parts),
});

/** Says something once, to whoever does not see the page. */
const announce = z.strictObject({ type: z.literal('announce'), text: shown, isUrgent: z.boolean() });

/** Brings a row into view and selects it. */
const reveal = z.strictObject({ type: z.literal('reveal'), id: rowId, isEdited: z.boolean() });

/** What the page has to remember over a reload of the window, to be found again. */
const remember = z.strictObject({
  type: z.literal('remember'),
  server: rowId,
  isDemo: z.boolean(),
  vm: rowId,
  name: shown,
});

export const toPage = z.discriminatedUnion('type', [update, announce, reveal, remember]);
export type ToPage = z.infer<typeof toPage>;
