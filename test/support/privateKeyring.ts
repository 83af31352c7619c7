import { randomBytes } from 'node:crypto';
import fs from 'node:fs';

import { eventually } from './eventually';
import { ProcessGroup, runProgram } from './processes';
import { TemporaryFolder } from './temporaryFolder';

/**
 * How a desktop session can be off for a program that wants to keep a secret: `unlocked` works; `neverOpened` has a
 * keyring service in which nobody has made a keyring yet; `absent` has a message bus and no keyring service at all.
 * {@link PrivateKeyring.lock} makes a fourth.
 */
export type KeyringState = 'unlocked' | 'neverOpened' | 'absent';

const secretsService = 'org.freedesktop.secrets';

/** A real Secret Service on a message bus of its own: what a program stores there is gone with {@link stop}. */
export class PrivateKeyring {
  private constructor(
    /** What the environment of a program must have in it to find this keyring and no other. */
    readonly env: NodeJS.ProcessEnv,
    private readonly processes: readonly ProcessGroup[],
    private readonly service: ProcessGroup | undefined,
    private readonly folder: TemporaryFolder,
  ) {}

  /** Starts it. @throws Error when the machine lacks the programs or they do not come up. */
  static async start(state: KeyringState = 'unlocked'): Promise<PrivateKeyring> {
    const folder = new TemporaryFolder('keyring');
    const processes: ProcessGroup[] = [];
    try {
      const folders = {
        XDG_DATA_HOME: folder.resolve('data'),
        XDG_CONFIG_HOME: folder.resolve('config'),
        XDG_RUNTIME_DIR: folder.resolve('runtime'),
      };
      for (const path of Object.values(folders)) {
        fs.mkdirSync(path, { mode: 0o700 });
      }
      const bus = await startBus(folder, folders);
      processes.push(bus.process);
      const env = { ...folders, DBUS_SESSION_BUS_ADDRESS: bus.address };
      let service: ProcessGroup | undefined;
      if (state !== 'absent') {
        service = await startKeyring(state, env);
        processes.push(service);
        await eventually(`${secretsService} on the bus`, async () => await hasOwner(secretsService, env));
      }
      return new PrivateKeyring(env, processes, service, folder);
    } catch (error) {
      await stopAll(processes);
      folder.remove();
      throw error;
    }
  }

  /** Locks it, as a desktop does when its person leaves: secrets stay, and cannot be read. */
  async lock(): Promise<void> {
    await send(this.env, secretsService, '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock', [
      'array:objpath:/org/freedesktop/secrets/collection/login',
    ]);
  }

  /** Makes the service hang, as one does that waits for the person to answer its prompt, until {@link thaw}. */
  freeze(): void {
    this.service?.suspend();
  }

  thaw(): void {
    this.service?.resume();
  }

  /** Ends it and forgets everything. */
  async stop(): Promise<void> {
    await stopAll(this.processes);
    this.folder.remove();
  }
}

async function stopAll(processes: readonly ProcessGroup[]): Promise<void> {
  for (const member of [...processes].reverse()) {
    await member.stop();
  }
}

// No <servicedir>: nothing may be started on demand. A keyring that the bus starts by itself is a locked one.
const busConfiguration = (folder: string): string => `<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=${folder}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

async function startBus(
  folder: TemporaryFolder,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly process: ProcessGroup; readonly address: string }> {
  const configuration = folder.resolve('bus.conf');
  fs.writeFileSync(configuration, busConfiguration(folder.path));
  const addressFile = folder.resolve('bus.address');
  const output = fs.openSync(addressFile, 'w');
  const bus = await ProcessGroup.start(
    'dbus-daemon',
    [`--config-file=${configuration}`, '--nofork', '--nopidfile', '--print-address=1'],
    { env: { ...process.env, ...env }, stdio: ['ignore', output, 'ignore'] },
  );
  fs.closeSync(output);
  try {
    const address = await eventually(
      'the address of the message bus',
      () => /^(unix:.+)\n/.exec(fs.readFileSync(addressFile, 'utf8'))?.[1],
    );
    return { process: bus, address };
  } catch (error) {
    await bus.stop();
    throw error;
  }
}

async function startKeyring(state: 'unlocked' | 'neverOpened', env: NodeJS.ProcessEnv): Promise<ProcessGroup> {
  const keyring = await ProcessGroup.start(
    'gnome-keyring-daemon',
    ['--foreground', '--components=secrets', ...(state === 'unlocked' ? ['--unlock'] : [])],
    { env: { ...process.env, ...env }, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  // Its first unlocking makes the keyring, with whatever password it is given; the end of the input is the end of that.
  keyring.child.stdin?.end(state === 'unlocked' ? randomBytes(16).toString('hex') : undefined);
  return keyring;
}

async function hasOwner(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const bus = 'org.freedesktop.DBus';
  return (await send(env, bus, '/org/freedesktop/DBus', `${bus}.NameHasOwner`, [`string:${name}`])).includes('true');
}

async function send(
  env: NodeJS.ProcessEnv,
  service: string,
  path: string,
  method: string,
  args: readonly string[],
): Promise<string> {
  const call = ['--session', '--print-reply', `--dest=${service}`, path, method, ...args];
  return (await runProgram('dbus-send', call, { env: { ...process.env, ...env } })).stdout;
}
