import {
  CreateCollectorForEvents,
  CreateCollectorForTasks,
  DestroyCollector,
  QueryEvents,
  ReadNextEvents,
  ReadNextTasks,
  ReadPreviousEvents,
  ReadPreviousTasks,
  ResetCollector,
  RewindCollector,
  SetCollectorPageSize,
} from '../../vsphere/vim/history';
import { CancelTask } from '../../vsphere/vim/task';
import { view } from '../access/privileges';
import { faultError, invalidArgument } from '../faultError';
import { type Call, serve, type ServedMethod, sessionOf } from '../server/call';

const defaultPageSize = 10;
const maxPageSize = 1_000;
/** Collectors that one session may have: TaskManager.maxCollector. */
const maxTaskCollectors = 32;

type AnyHistory = 'TaskHistoryCollector' | 'EventHistoryCollector';

function cancel(call: Call<'Task'>): undefined {
  const { server, target } = call;
  const session = sessionOf(call);
  if (target.state.userName !== session.userName && !session.access.has(target, 'Global.CancelTask')) {
    throw faultError('NoPermission', {
      object: target.ref,
      privilegeId: 'Global.CancelTask',
      missingPrivileges: [{ entity: server.content.rootFolder, privilegeIds: ['Global.CancelTask'] }],
    });
  }
  server.tasks.cancel(target);
  return undefined;
}

function count(maxCount: number): number {
  if (maxCount <= 0) {
    throw invalidArgument('maxCount');
  }
  return Math.min(maxCount, maxPageSize);
}

/** Moves a collector's place in its list and gives what lies between. */
function readAt<T>(call: Call<AnyHistory>, items: readonly T[], step: number): T[] {
  const session = sessionOf(call);
  const key = call.target.ref.value;
  const at = Math.min(session.historyPositions.get(key) ?? 0, items.length);
  const to = Math.min(items.length, Math.max(0, at + step));
  session.historyPositions.set(key, to);
  return step > 0 ? items.slice(at, to) : items.slice(to, at).reverse();
}

export const taskMethods: readonly ServedMethod[] = [
  serve(CancelTask, ['Task'], view, cancel),
  serve(
    CreateCollectorForTasks,
    ['TaskManager'],
    view,
    (call, { filter }) => {
      const { server } = call;
      const session = sessionOf(call);
      const own = [...server.registry.all('TaskHistoryCollector')].filter(({ session: key }) => key === session.key);
      if (own.length >= maxTaskCollectors) {
        throw faultError('InvalidState');
      }
      const state = { filter, pageSize: defaultPageSize };
      return server.registry.update(
        (change) => change.add('TaskHistoryCollector', server.scopedId(session), state, session.key).ref,
      );
    },
    { vcenterOnly: true },
  ),
  serve(ReadNextTasks, ['TaskHistoryCollector'], view, (call, { maxCount }) =>
    readAt(call, call.server.history.findTasks(call.target.state.filter), count(maxCount)),
  ),
  serve(ReadPreviousTasks, ['TaskHistoryCollector'], view, (call, { maxCount }) =>
    readAt(call, call.server.history.findTasks(call.target.state.filter), -count(maxCount)),
  ),
  serve(QueryEvents, ['EventManager'], view, ({ server }, { filter }) => server.history.findEvents(filter)),
  serve(CreateCollectorForEvents, ['EventManager'], view, (call, { filter }) => {
    const { server } = call;
    const session = sessionOf(call);
    const state = { filter, pageSize: defaultPageSize };
    return server.registry.update(
      (change) => change.add('EventHistoryCollector', server.scopedId(session), state, session.key).ref,
    );
  }),
  serve(ReadNextEvents, ['EventHistoryCollector'], view, (call, { maxCount }) =>
    readAt(call, call.server.history.findEvents(call.target.state.filter), count(maxCount)),
  ),
  serve(ReadPreviousEvents, ['EventHistoryCollector'], view, (call, { maxCount }) =>
    readAt(call, call.server.history.findEvents(call.target.state.filter), -count(maxCount)),
  ),
  serve(RewindCollector, ['TaskHistoryCollector', 'EventHistoryCollector'], view, (call) => {
    sessionOf(call).historyPositions.set(call.target.ref.value, 0);
    return undefined;
  }),
  serve(ResetCollector, ['TaskHistoryCollector', 'EventHistoryCollector'], view, (call) => {
    // Behind everything there is: reading backwards starts with the newest.
    sessionOf(call).historyPositions.set(call.target.ref.value, Number.MAX_SAFE_INTEGER);
    return undefined;
  }),
  serve(SetCollectorPageSize, ['TaskHistoryCollector', 'EventHistoryCollector'], view, (call, { maxCount }) => {
    const { server, target } = call;
    server.registry.update((change) => {
      change.set(target, { ...target.state, pageSize: count(maxCount) });
    });
    return undefined;
  }),
  serve(DestroyCollector, ['TaskHistoryCollector', 'EventHistoryCollector'], view, (call) => {
    sessionOf(call).historyPositions.delete(call.target.ref.value);
    call.server.registry.update((change) => {
      change.remove(call.target);
    });
    return undefined;
  }),
];
