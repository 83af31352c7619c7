import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import {
  CreateContainerView,
  CreateListView,
  DestroyView,
  ModifyListView,
  ResetListView,
} from '../../vsphere/vim/service';
import { view } from '../access/privileges';
import { invalidArgument } from '../faultError';
import { contentsOf } from '../model/containerViews';
import { isManagedTypeName } from '../model/managedTypes';
import { type Call, serve, type ServedMethod, sessionOf } from '../server/call';

type Ref = ManagedObjectReference;

const containers = new Set([
  'Folder',
  'Datacenter',
  'ComputeResource',
  'ClusterComputeResource',
  'ResourcePool',
  'VirtualApp',
  'HostSystem',
]);

function createContainerView(
  call: Call<'ViewManager'>,
  args: { readonly container: Ref; readonly type: readonly string[]; readonly recursive: boolean },
): Ref {
  const { server } = call;
  const session = sessionOf(call);
  const container = server.registry.resolveEntity(args.container);
  if (container === undefined || !containers.has(container.kind)) {
    throw invalidArgument('container');
  }
  const unknown = args.type.find((type) => !isManagedTypeName(type));
  if (unknown !== undefined) {
    throw invalidArgument('type');
  }
  const spec = { container: container.ref, types: args.type, recursive: args.recursive };
  const refs = contentsOf(server.registry, spec, session.access);
  return server.registry.update(
    (change) => change.add('ContainerView', server.scopedId(session), { ...spec, view: refs }, session.key).ref,
  );
}

/** The objects of a list that exist, and those that do not. */
function sorted(call: Call, refs: readonly Ref[]): { readonly known: Ref[]; readonly unknown: Ref[] } {
  const known = new Set<Ref>();
  const unknown: Ref[] = [];
  for (const ref of refs) {
    const object = call.server.registry.resolve(ref);
    if (object === undefined) {
      unknown.push(ref);
    } else {
      known.add(object.ref);
    }
  }
  return { known: [...known], unknown };
}

export const viewMethods: readonly ServedMethod[] = [
  serve(CreateContainerView, ['ViewManager'], view, createContainerView),
  serve(CreateListView, ['ViewManager'], view, (call, { obj }) => {
    const { server } = call;
    const session = sessionOf(call);
    const { known } = sorted(call, obj);
    return server.registry.update(
      (change) => change.add('ListView', server.scopedId(session), { view: known }, session.key).ref,
    );
  }),
  serve(ModifyListView, ['ListView'], view, (call, { add, remove }) => {
    const { server, target } = call;
    const { known, unknown } = sorted(call, add);
    const gone = new Set(remove.map((ref) => ref.key));
    const stays = target.state.view.filter((ref) => !gone.has(ref.key));
    const fresh = known.filter((ref) => !stays.includes(ref));
    server.registry.update((change) => {
      change.set(target, { view: [...stays, ...fresh] });
    });
    return unknown;
  }),
  serve(ResetListView, ['ListView'], view, (call, { obj }) => {
    const { known, unknown } = sorted(call, obj);
    call.server.registry.update((change) => {
      change.set(call.target, { view: known });
    });
    return unknown;
  }),
  serve(DestroyView, ['ContainerView', 'ListView'], view, ({ server, target }) => {
    server.registry.update((change) => {
      change.remove(target);
    });
    return undefined;
  }),
];
