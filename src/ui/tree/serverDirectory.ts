import type { Event } from '../../common/event';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ServerId } from '../../hypervisor/model/ids';
import type { ServerFacts } from '../text/serverFacts';

/** The servers that the person added, as the inventory shows them. */
export interface ServerDirectory {
  /** In the order in which they are shown. */
  all(): readonly HypervisorConnection[];
  /** Undefined for a server that is no longer in the list. */
  facts(id: ServerId): ServerFacts | undefined;
  /** Servers came, went, or bear other facts. How a connection stands is told by the connection itself. */
  readonly onDidChange: Event<void>;
}
