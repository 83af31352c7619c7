import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import type { Kind, StateByKind } from '../model/states';
import type { Viewer } from './viewer';

/** An object with one of its states: the present one, or one that it had. */
export interface Snapshotted<K extends Kind> {
  readonly kind: K;
  readonly ref: ManagedObjectReference;
  readonly state: StateByKind[K];
}

/** The properties of a type that have a value here; all others of the schema are unset. */
export type PropertyTable<K extends Kind> = Readonly<
  Record<string, ((object: Snapshotted<K>, viewer: Viewer) => unknown) | undefined>
>;
