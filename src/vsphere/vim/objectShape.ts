import type { Field, ObjectType } from './schema';

// So many flags fit into a small integer of the engine.
const flagsPerWord = 30;

/** Where a field stands in its type. */
export interface FieldSlot {
  readonly field: Field;
  /** In wire order. */
  readonly index: number;
  /** Which of the words of flags is its. */
  readonly word: number;
  readonly flag: number;
}

/** What has to be known of a data object type to read values of it: worked out once. */
export class ObjectShape {
  readonly slots: readonly FieldSlot[];
  /** Fields that hold lists. */
  readonly lists: readonly FieldSlot[];
  /** Words of flags, one flag for each field that must be there. */
  readonly required: readonly number[];
  private readonly byName: ReadonlyMap<string, FieldSlot>;

  constructor(readonly type: ObjectType) {
    this.slots = type.fields().map((field, index) => ({
      field,
      index,
      word: Math.floor(index / flagsPerWord),
      flag: 1 << (index % flagsPerWord),
    }));
    this.lists = this.slots.filter(({ field }) => field.array);
    this.byName = new Map(this.slots.map((slot) => [slot.field.name, slot]));
    const required = new Array<number>(Math.ceil(this.slots.length / flagsPerWord)).fill(0);
    for (const { field, word, flag } of this.slots) {
      if (!field.optional) {
        required[word] = (required[word] ?? 0) | flag;
      }
    }
    this.required = required;
  }

  slot(name: string): FieldSlot | undefined {
    return this.byName.get(name);
  }
}
