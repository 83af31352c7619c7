import * as z from 'zod/mini';
import { maxFullText, maxId, maxShownText } from './limits';

// What the messages of both directions are made of. Every object is strict: what nobody knows is refused.

/** Identity of a row: that of its snapshot, or one of {@link presentRowId} and {@link formerPresentRowId}. */
export const rowId = z.string().check(z.minLength(1), z.maxLength(maxId));

/** Text that is shown as it is. Never read as markup by anybody. */
export const shown = z.string().check(z.maxLength(maxShownText));

/** Text of a server in full. */
export const full = z.string().check(z.maxLength(maxFullText));

/** A whole number that is not negative. */
export const count = z.int().check(z.nonnegative());

/** A figure for a bar, 0 to 100. */
export const percent = z.number().check(z.gte(0), z.lte(100));

/** The row *You are here*. No hypervisor gives a snapshot such an identity. */
export const presentRowId = '*present';

/** In a preview: where *You are here* is now, and what is lost with it. */
export const formerPresentRowId = '*former';

/** Operations that are shown before they are done. */
export const previewKind = z.enum([
  'restore',
  'restoreLatest',
  'delete',
  'deleteWithChildren',
  'deleteAll',
  'consolidate',
]);
export type PreviewKind = z.infer<typeof previewKind>;
