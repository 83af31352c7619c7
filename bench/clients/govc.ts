import { Checksum, type SnapshotFacts, type VmFacts } from '../checksum';
import type { BenchServer } from '../servers/start';

interface Reference {
  readonly value: string;
}

interface Tree {
  readonly snapshot: Reference;
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly createTime: string;
  readonly state: string;
  readonly quiesced: boolean;
  readonly childSnapshotList?: readonly Tree[] | null;
}

/** The properties of the job, as govc prints them. */
interface Values {
  readonly name?: string;
  readonly parent?: Reference;
  readonly 'runtime.powerState'?: string;
  readonly 'runtime.host'?: Reference;
  readonly 'runtime.consolidationNeeded'?: boolean;
  readonly 'config.template'?: boolean;
  readonly snapshot?: {
    readonly currentSnapshot?: Reference | null;
    readonly rootSnapshotList?: readonly Tree[] | null;
  };
}

interface Update {
  readonly obj: Reference;
  readonly changeSet: readonly { readonly name: string; readonly val: unknown }[];
}

/** The job by govc's one command for properties of many objects. */
export const govcArguments: readonly string[] = [
  ...['object.collect', '-json', '-type', 'm', '/'],
  ...['name', 'parent', 'runtime.powerState', 'runtime.host', 'runtime.consolidationNeeded', 'config.template'],
  'snapshot',
];

export function govcEnvironment({ url, user, password }: BenchServer): NodeJS.ProcessEnv {
  return {
    GOVC_URL: url,
    GOVC_USERNAME: user,
    GOVC_PASSWORD: password,
    // Otherwise the second run would find the session of the first.
    GOVC_PERSIST_SESSION: 'false',
    GOVC_INSECURE: 'true',
  };
}

/** The checksum of what govc has printed: one indented JSON object after the other. */
export function govcFacts(output: string): string {
  const checksum = new Checksum();
  for (const text of output.split(/^(?=\{)/m).filter((each) => each.trim() !== '')) {
    const { obj, changeSet } = JSON.parse(text) as Update;
    const values = Object.fromEntries(changeSet.map(({ name, val }) => [name, val])) as Values;
    checksum.add(vmFacts(obj.value, values));
  }
  return checksum.toString();
}

function vmFacts(id: string, values: Values): VmFacts {
  return {
    id,
    name: values.name ?? '',
    parent: values.parent?.value ?? '',
    powerState: values['runtime.powerState'] ?? '',
    host: values['runtime.host']?.value ?? '',
    needsConsolidation: values['runtime.consolidationNeeded'] ?? false,
    isTemplate: values['config.template'] ?? false,
    current: values.snapshot?.currentSnapshot?.value ?? '',
    roots: (values.snapshot?.rootSnapshotList ?? []).map(snapshotFacts),
  };
}

function snapshotFacts(tree: Tree): SnapshotFacts {
  return {
    id: tree.snapshot.value,
    number: tree.id,
    name: tree.name,
    description: tree.description,
    createdAtMs: Date.parse(tree.createTime),
    state: tree.state,
    quiesced: tree.quiesced,
    children: (tree.childSnapshotList ?? []).map(snapshotFacts),
  };
}
