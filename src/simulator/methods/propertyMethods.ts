import {
  CancelRetrievePropertiesEx,
  CancelWaitForUpdates,
  CheckForUpdates,
  ContinueRetrievePropertiesEx,
  CreateFilter,
  CreatePropertyCollector,
  DestroyPropertyCollector,
  DestroyPropertyFilter,
  Fetch,
  type ObjectContent,
  type PropertyFilterSpec,
  RetrieveProperties,
  RetrievePropertiesEx,
  type RetrieveResult,
  type UpdateSet,
  WaitForUpdates,
  WaitForUpdatesEx,
} from '../../vsphere/vim/property';
import { anonymous, view } from '../access/privileges';
import { Collector, waitRequest } from '../collector/collector';
import { missing } from '../collector/objectContent';
import { PropertyFilter } from '../collector/propertyFilter';
import { Retrieval } from '../collector/retrieval';
import { compileSpec } from '../collector/selectionSpec';
import { TypedValue } from '../collector/typedValue';
import { FaultError, faultError, invalidArgument } from '../faultError';
import { isKind, type ManagedObject } from '../model/registry';
import { allKinds } from '../model/states';
import { readPath } from '../projection/readProperty';
import { type Call, serve, type ServedMethod, sessionOf } from '../server/call';
import type { Page } from '../session/session';
import type { FaultValue } from '../state/faultValues';

type CollectorCall = Call<'PropertyCollector'>;

/** The session's own side of a collector, made at its first use. */
function collectorOf(call: CollectorCall): Collector {
  const session = sessionOf(call);
  const id = call.target.ref.value;
  let collector = session.collectors.get(id);
  if (collector === undefined) {
    collector = new Collector(call.server.clock);
    session.collectors.set(id, collector);
  }
  return collector;
}

function retrieve(
  call: CollectorCall,
  specSet: readonly PropertyFilterSpec[],
  maxObjects: number | undefined,
): RetrieveResult | undefined {
  const { server } = call;
  // Without a session there is nobody to keep a rest for, and hardly anything to read.
  const isPaged = call.session !== undefined;
  const limit = isPaged ? Math.min(maxObjects ?? Infinity, server.options.maxObjectsPerPage ?? Infinity) : Infinity;
  const retrieval = retrievalOf(call, specSet);
  const { objects, isEmpty, isLast } = retrieval.next(limit);
  if (isEmpty) {
    return undefined;
  }
  if (isLast) {
    return { objects };
  }
  return { token: keepPage(call, retrieval, limit), objects };
}

function retrievalOf(call: CollectorCall, specSet: readonly PropertyFilterSpec[]): Retrieval {
  const { paths, texts } = call.server;
  const specs = specSet.map((spec) => compileSpec(spec, call.version, paths));
  return new Retrieval(specs, () => call.viewer(), texts);
}

function keepPage(call: CollectorCall, retrieval: Retrieval, limit: number): string {
  const session = sessionOf(call);
  const token = call.server.scopedId(session).slice(-8);
  session.pages.set(token, {
    collectorId: call.target.ref.value,
    limit,
    next: (count) => retrieval.next(count),
  });
  return token;
}

function takePage(call: CollectorCall, token: string): Page {
  const { pages } = sessionOf(call);
  const page = pages.get(token);
  if (page?.collectorId !== call.target.ref.value) {
    throw invalidArgument('token');
  }
  pages.delete(token);
  return page;
}

function continueRetrieve(call: CollectorCall, token: string): RetrieveResult {
  const page = takePage(call, token);
  const { objects, isLast } = page.next(page.limit);
  if (isLast) {
    return { objects };
  }
  const next = call.server.scopedId(sessionOf(call)).slice(-8);
  sessionOf(call).pages.set(next, page);
  return { token: next, objects };
}

function createFilter(
  call: CollectorCall,
  { spec, partialUpdates }: { readonly spec: PropertyFilterSpec; readonly partialUpdates: boolean },
): ManagedObject['ref'] {
  const { server, version, target } = call;
  const session = sessionOf(call);
  const compiled = compileSpec(spec, version, server.paths);
  for (const { ref } of compiled.roots) {
    if (!compiled.reportMissing && server.registry.resolve(ref) === undefined) {
      throw faultError('ManagedObjectNotFound', { obj: ref });
    }
  }
  const collector = collectorOf(call);
  const object = server.registry.update((change) => {
    const filter = change.add('PropertyFilter', server.scopedId(session), { spec, partialUpdates }, session.key);
    change.set(target, { filters: [...target.state.filters, filter.ref] });
    return filter;
  });
  collector.add(new PropertyFilter(object, compiled, partialUpdates, () => server.viewerFor(session), server.texts));
  return object.ref;
}

function destroyFilter(call: Call<'PropertyFilter'>): undefined {
  const { server, target } = call;
  const session = sessionOf(call);
  for (const collector of session.collectors.values()) {
    collector.remove(target.ref.value);
  }
  server.registry.update((change) => {
    for (const owner of server.registry.all('PropertyCollector')) {
      if (owner.state.filters.includes(target.ref)) {
        change.set(owner, { filters: owner.state.filters.filter((ref) => ref !== target.ref) });
      }
    }
    change.remove(target);
  });
  return undefined;
}

function createCollector(call: CollectorCall): ManagedObject['ref'] {
  const { server } = call;
  const session = sessionOf(call);
  return server.registry.update(
    (change) => change.add('PropertyCollector', server.scopedId(session), { filters: [] }, session.key).ref,
  );
}

function destroyCollector(call: CollectorCall): undefined {
  const { server, target } = call;
  const session = sessionOf(call);
  if (target.session === undefined) {
    // The one that everybody has cannot be destroyed.
    throw faultError('NotSupported');
  }
  session.collectors.get(target.ref.value)?.dispose();
  session.collectors.delete(target.ref.value);
  for (const [token, page] of session.pages) {
    if (page.collectorId === target.ref.value) {
      session.pages.delete(token);
    }
  }
  server.registry.update((change) => {
    for (const ref of target.state.filters) {
      const filter = server.registry.resolve(ref);
      if (filter !== undefined && isKind(filter, 'PropertyFilter')) {
        change.remove(filter);
      }
    }
    change.remove(target);
  });
  return undefined;
}

/** One property, the way pyVmomi reads. What cannot be read is a fault here, for want of a place to say it. */
function fetch(call: Call, prop: string): TypedValue | undefined {
  const { target, version, server } = call;
  const path = server.paths.resolve(target.type, prop, version);
  if (path === undefined) {
    throw faultError('InvalidProperty', { name: prop });
  }
  const viewer = call.viewer();
  const lacking = missing(target, path, viewer);
  if (lacking !== undefined) {
    throw new FaultError(lacking.fault.fault as FaultValue);
  }
  const value = readPath(target, path, viewer);
  return value === undefined ? undefined : new TypedValue(path.field, value);
}

function everything(
  call: CollectorCall,
  version: string | undefined,
  maxWaitSeconds?: number,
): Promise<UpdateSet | undefined> {
  const request = { version: version ?? '', maxWaitSeconds, limit: Number.POSITIVE_INFINITY };
  return collectorOf(call).wait(request, call.caller.signal);
}

export const propertyMethods: readonly ServedMethod[] = [
  serve(CreatePropertyCollector, ['PropertyCollector'], view, createCollector),
  serve(DestroyPropertyCollector, ['PropertyCollector'], view, destroyCollector),
  serve(CreateFilter, ['PropertyCollector'], view, createFilter),
  serve(DestroyPropertyFilter, ['PropertyFilter'], view, destroyFilter),
  serve(
    RetrieveProperties,
    ['PropertyCollector'],
    anonymous,
    (call, { specSet }): readonly ObjectContent[] =>
      // The old form knows no pages.
      retrievalOf(call, specSet).next(Infinity).objects,
  ),
  serve(RetrievePropertiesEx, ['PropertyCollector'], anonymous, (call, { specSet, options }) => {
    if (options.maxObjects !== undefined && options.maxObjects <= 0) {
      throw invalidArgument('maxObjects');
    }
    return retrieve(call, specSet, options.maxObjects);
  }),
  serve(Fetch, allKinds, anonymous, (call, { prop }) => fetch(call, prop)),
  serve(ContinueRetrievePropertiesEx, ['PropertyCollector'], view, (call, { token }) => continueRetrieve(call, token)),
  serve(CancelRetrievePropertiesEx, ['PropertyCollector'], view, (call, { token }) => {
    takePage(call, token);
    return undefined;
  }),
  serve(WaitForUpdatesEx, ['PropertyCollector'], view, (call, { version, options }) =>
    collectorOf(call).wait(waitRequest(version, options), call.caller.signal),
  ),
  serve(WaitForUpdates, ['PropertyCollector'], view, async (call, { version }) => {
    const set = await everything(call, version);
    if (set === undefined) {
      throw faultError('RequestCanceled');
    }
    return set;
  }),
  serve(CheckForUpdates, ['PropertyCollector'], view, (call, { version }) => everything(call, version, 0)),
  serve(CancelWaitForUpdates, ['PropertyCollector'], view, (call) => {
    collectorOf(call).cancelWait();
    return undefined;
  }),
];
