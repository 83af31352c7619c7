import { isNewer } from './versionCheck';
import type { Field, VimType } from '../../vsphere/vim/schema';
import { VimEncoder } from '../../vsphere/soap/vimEncoder';
import type { ApiVersion } from '../apiVersion';
import { TypedValue } from '../collector/typedValue';

/** Writes a reply for a client of some version: what is newer than that is left out. */
export class VersionedEncoder extends VimEncoder {
  constructor(private readonly version: ApiVersion) {
    super();
  }

  override field(field: Field, value: unknown, ofType: string): void {
    if (!isNewer(field, this.version)) {
      super.field(field, value, ofType);
    }
  }

  override element(name: string, type: VimType, value: unknown): void {
    if (value instanceof TypedValue) {
      this.anyOf(name, value.field, value.value);
    } else {
      super.element(name, type, value);
    }
  }
}
