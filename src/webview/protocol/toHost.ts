import * as z from 'zod/mini';
import { count, full, previewKind, rowId, shown } from './shapes';

// What the page asks of the extension. Identities in it are looked up in what the extension has told the page; nothing
// here reaches a server as it is, but for the texts of an edit.

/** The page runs and knows nothing yet. */
const ready = z.strictObject({ type: z.literal('ready') });

/** The person looks at another row, or at none. */
const select = z.strictObject({ type: z.literal('select'), id: z.nullable(rowId) });

/** Something about the VM that needs no preview: its questions come as everywhere else. */
const vmAct = z.strictObject({ type: z.literal('vmAct'), act: z.enum(['take', 'refresh']) });

/** Shows what an operation would do. Without an `id` it is about the VM. */
const preview = z.strictObject({ type: z.literal('preview'), kind: previewKind, id: z.nullable(rowId) });

const closePreview = z.strictObject({ type: z.literal('closePreview') });

/** Whether to take a snapshot before the restore that is shown. */
const takeFirst = z.strictObject({ type: z.literal('takeFirst'), preview: count, isOn: z.boolean() });

/** Goes on with what is shown: the confirmation comes next. */
const go = z.strictObject({ type: z.literal('go'), preview: count });

/** Changes name and description, on the basis of what was shown as `revision`. */
const edit = z.strictObject({
  type: z.literal('edit'),
  id: rowId,
  revision: count,
  name: full,
  description: full,
});

/** The person has given up an edit. */
const closeEdit = z.strictObject({ type: z.literal('closeEdit') });

/** Shows how the configuration of two rows differs. */
const compare = z.strictObject({ type: z.literal('compare'), id: rowId, with: rowId });

/** Does what a state of the panel offers as help. */
const help = z.strictObject({ type: z.literal('help'), id: z.enum(['retry', 'connect', 'showLog', 'close']) });

/** Something went wrong in the page, for the log. */
const trouble = z.strictObject({ type: z.literal('trouble'), text: shown });

export const toHost = z.discriminatedUnion('type', [
  ready,
  select,
  vmAct,
  preview,
  closePreview,
  takeFirst,
  go,
  edit,
  closeEdit,
  compare,
  help,
  trouble,
]);
export type ToHost = z.infer<typeof toHost>;

/** What a page leaves for its successor after a reload of the window: which VM it was about. The rest is its own. */
export const rememberedVm = z.object({ server: rowId, isDemo: z.boolean(), vm: rowId, name: shown });
