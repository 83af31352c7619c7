import type { ManagedObjectReference, ObjectType } from '../vim/schema';

/**
 * A content of a reply as it is told while the rest still comes in. The same one is used for every object of a
 * reply, because there are tens of thousands: whoever is told takes over what is to be kept.
 */
export class ReadContent {
  obj: ManagedObjectReference | undefined;
  /** How many properties there are. */
  count = 0;
  /** Whatever else stands in the content. */
  readonly missing: unknown[] = [];
  // What lies above `count` is left over.
  private readonly names: string[] = [];
  private readonly values: unknown[] = [];

  name(index: number): string {
    return this.names[index] as string;
  }

  /** Undefined for a value of a type that is not known here. */
  value(index: number): unknown {
    return this.values[index];
  }

  clear(): void {
    this.obj = undefined;
    this.count = 0;
    if (this.missing.length > 0) {
      this.missing.length = 0;
    }
  }

  add(name: string, value: unknown): void {
    const { count } = this;
    this.names[count] = name;
    this.values[count] = value;
    this.count = count + 1;
  }
}

/** Which objects of a result are contents: an `obj` with a list of properties, each with `name` and `val`. */
export interface ContentTypes {
  readonly content: ObjectType;
  readonly property: ObjectType;
}

/** Told of a result while it comes in. */
export interface ResultListener {
  /** A field of the result, or one item where that is a list. It is in the result all the same. */
  field?(name: string, value: unknown): void;
  readonly contentTypes?: ContentTypes;
  /** A content of the result, which then is not in the result. */
  content?(content: ReadContent): void;
}
