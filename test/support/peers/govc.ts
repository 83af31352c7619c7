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
}

function draw(trees: readonly Tree[] | null): string {
  return (trees ?? [])
    .map(({ name, current, childSnapshotList }) => {
      const children = draw(childSnapshotList);
      return `${name}${current ? '*' : ''}${children === '' ? '' : ` (${children})`}`;
    })
    .join(', ');
}
