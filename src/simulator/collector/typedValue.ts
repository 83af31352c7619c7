import type { Field } from '../../vsphere/vim/schema';

/** A value for a place that declares no type of its own, with the field that tells how to write it. */
export class TypedValue {
  constructor(
    readonly field: Field,
    readonly value: unknown,
  ) {}
}
