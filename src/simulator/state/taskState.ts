import type { LocalizableMessage } from '../../vsphere/vim/fault';
import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import type { FaultValue } from './faultValues';

/** What the server knows of one of its tasks. */
export interface TaskState {
  readonly key: string;
  readonly descriptionId: string;
  /** Name of the method that started it. */
  readonly method: string;
  readonly entity: ManagedObjectReference | undefined;
  readonly entityName: string | undefined;
  readonly locked: readonly ManagedObjectReference[];
  /** What it is doing at the moment. */
  readonly phase: LocalizableMessage | undefined;
  readonly state: 'queued' | 'running' | 'success' | 'error';
  readonly cancelled: boolean;
  readonly cancelable: boolean;
  readonly progress: number | undefined;
  readonly error: FaultValue | undefined;
  readonly result: unknown;
  /** Account that started it; unset for the server's own. */
  readonly userName: string | undefined;
  readonly queuedAtMs: number;
  readonly startedAtMs: number | undefined;
  readonly completedAtMs: number | undefined;
  readonly eventChainId: number;
  readonly activationId: string | undefined;
}
