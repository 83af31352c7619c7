import * as z from 'zod/mini';
import { rememberedVm } from './protocol/toHost';
import type { ColumnId } from './grid/columns';
import type { Sorting } from './grid/visibleRows';

const widths = z.partial(
  z.object({
    name: z.number(),
    created: z.number(),
    own: z.number(),
    cumulative: z.number(),
    memory: z.number(),
    quiesced: z.number(),
    power: z.number(),
    description: z.number(),
  } satisfies Record<ColumnId, unknown>),
);

const view = z.object({
  selected: z.nullable(z.string()),
  collapsed: z.array(z.string()),
  sorting: z.nullable(
    z.object({ column: z.enum(['name', 'created', 'own', 'cumulative']), isDescending: z.boolean() }),
  ),
  widths,
});

const remembered = z.object({ vm: z.optional(rememberedVm), view: z.optional(view) });

/** How the person has arranged the page. */
export interface PageView {
  readonly selected: string | null;
  readonly collapsed: ReadonlySet<string>;
  readonly sorting: Sorting | undefined;
  readonly widths: Readonly<Partial<Record<ColumnId, number>>>;
}

const freshView: PageView = { selected: null, collapsed: new Set(), sorting: undefined, widths: {} };

/** What the page has left for itself before it was hidden or the window was reloaded. */
export type Remembered = z.infer<typeof remembered>;

export function readRemembered(state: unknown): Remembered {
  const read = z.safeParse(remembered, state);
  return read.success ? read.data : {};
}

export function viewOf({ view: saved }: Remembered): PageView {
  return saved === undefined
    ? freshView
    : {
        selected: saved.selected,
        collapsed: new Set(saved.collapsed),
        sorting: saved.sorting ?? undefined,
        widths: Object.fromEntries(Object.entries(saved.widths).filter(([, width]) => width !== undefined)),
      };
}

export function toRemember(vm: Remembered['vm'], { selected, collapsed, sorting, widths }: PageView): Remembered {
  return {
    ...(vm !== undefined && { vm }),
    view: { selected, collapsed: [...collapsed], sorting: sorting ?? null, widths },
  };
}
