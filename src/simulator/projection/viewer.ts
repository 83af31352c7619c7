import type { Event as VimEvent } from '../../vsphere/vim/history';
import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import type { ServiceContent, UserSession } from '../../vsphere/vim/service';
import type { TaskInfo } from '../../vsphere/vim/task';
import type { Access, AccessControl } from '../access/accessControl';
import type { ManagedObject, Registry } from '../model/registry';

/** What the properties of services show, beside the objects of the registry. */
export interface ServiceView {
  readonly content: ServiceContent;
  readonly accessControl: AccessControl;
  /** Whether a standalone host answers. */
  readonly isEsx: boolean;
  sessions(): readonly UserSession[];
  recentTasks(entity: ManagedObjectReference | undefined): readonly ManagedObjectReference[];
  taskPage(collector: ManagedObject<'TaskHistoryCollector'>): readonly TaskInfo[];
  eventPage(collector: ManagedObject<'EventHistoryCollector'>): readonly VimEvent[];
  latestEvent(): VimEvent | undefined;
  sessionTimeoutSeconds(): number;
}

/** Who reads a property, and when. */
export interface Viewer {
  readonly registry: Registry;
  readonly service: ServiceView;
  readonly nowMs: number;
  readonly access: Access;
  readonly session: UserSession | undefined;
}

/** A moment as servers write it. */
export function dateTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** A moment as servers write it; unset stays unset. */
export function optionalDateTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : dateTime(ms);
}
