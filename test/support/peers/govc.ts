import { runProgram } from '../processes';

/** Where a server is, and who signs in there. */
export interface ServerAccount {
  /** Ends in `/sdk`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** A snapshot as `govc snapshot.tree -json` prints it. */
interface Tree {
  readonly name: string;
  readonly current: boolean;
  readonly childSnapshotList: readonly Tree[] | null;
}

/** A snapshot as the API has it in the tree of a VM. */
export interface ApiSnapshot {
  readonly name: string;
  readonly description: string;
  /** Of the VM when it was taken with memory, else `poweredOff`. */
  readonly state: string;
  readonly quiesced: boolean;
  readonly childSnapshotList?: readonly ApiSnapshot[];
}

/** VMware's command line, signed in to one server. */
export class Govc {
  constructor(
    private readonly program: string,
    private readonly server: ServerAccount,
  ) {}

  /** What a command prints. @throws Error with govc's own words when it fails. */
  async run(...args: readonly string[]): Promise<string> {
    const { stdout } = await runProgram(this.program, args, {
      env: {
        ...process.env,
        GOVC_URL: this.server.url,
        GOVC_USERNAME: this.server.user,
        GOVC_PASSWORD: this.server.password,
        GOVC_PERSIST_SESSION: 'false',
        // A server of a test has a certificate that nobody knows.
        GOVC_INSECURE: 'true',
      },
    });
    return stdout.trim();
  }

  /** The snapshots of a VM, each with its children in brackets and the current one with a star: `base (patch*, test)`. */
  async snapshotTree(vm: string): Promise<string> {
    const text = await this.run('snapshot.tree', '-vm', vm, '-json');
    return text === '' ? '' : draw(JSON.parse(text) as readonly Tree[]);
  }

  /** All snapshots of a VM, parents before their children. */
  async snapshots(vm: string): Promise<readonly ApiSnapshot[]> {
    const [property] = JSON.parse(await this.run('object.collect', '-json', `vm/${vm}`, 'snapshot')) as readonly {
      readonly val: { readonly rootSnapshotList: readonly ApiSnapshot[] } | null;
    }[];
    return (property?.val?.rootSnapshotList ?? []).flatMap(withDescendants);
  }

  /** `poweredOn`, `poweredOff` or `suspended`. */
  async powerState(vm: string): Promise<string> {
    return await this.run('object.collect', '-s', `vm/${vm}`, 'runtime.powerState');
  }

  /** Names of the tasks that have ended well on a VM lately: `CreateSnapshotEx`. */
  async doneTasks(vm: string): Promise<readonly string[]> {
    const { tasks } = JSON.parse(await this.run('tasks', '-json', `vm/${vm}`)) as {
      readonly tasks: readonly { readonly name: string; readonly state: string }[];
    };
    return tasks.filter(({ state }) => state === 'success').map(({ name }) => name);
  }
}

function withDescendants(snapshot: ApiSnapshot): readonly ApiSnapshot[] {
  return [snapshot, ...(snapshot.childSnapshotList ?? []).flatMap(withDescendants)];
}

function draw(trees: readonly Tree[] | null): string {
  return (trees ?? [])
    .map(({ name, current, childSnapshotList }) => {
      const children = draw(childSnapshotList);
      return `${name}${current ? '*' : ''}${children === '' ? '' : ` (${children})`}`;
    })
    .join(', ');
}
