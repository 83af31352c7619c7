import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import type * as Keytar from 'keytar';
import { once } from '../common/once';

/** The calls of the OS keychain library that may be made in this process. */
export type KeychainApi = Pick<typeof Keytar, 'getPassword' | 'setPassword' | 'deletePassword'>;

/** The OS keychain library, as the product uses it. */
export interface KeychainLibrary {
  /** Loads it. @throws Error that says why there is none. */
  load(): KeychainApi;
  /** Accounts of everything that is kept under a service. */
  listAccounts(service: string): Promise<readonly string[]>;
}

/** What decides which binary fits. */
export interface RuntimePlatform {
  /** As `process.platform`. */
  readonly platform: string;
  /** As `process.arch`. */
  readonly arch: string;
  /** Whether the C library is musl (Alpine) instead of glibc. Meant for Linux only. */
  readonly isMusl: boolean;
}

/** Which of the package's binaries to load: its own choice, a certain folder, or none because none fits. */
export type BinaryChoice =
  | { readonly kind: 'package' }
  | { readonly kind: 'prebuilt'; readonly folder: string }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * Chooses the binary of the keychain library.
 *
 * @remarks The package (7.10.6) finds its binaries by platform and processor alone. Read from their ELF headers:
 * `linux-arm`, which it would take on 32-bit ARM, holds an AArch64 binary, the right one lies in `linux-armv7l`; on musl
 * it would take the one for glibc; `linuxmusl-arm` and `linuxmusl-arm64` hold x86-64 binaries.
 */
export function chooseBinary({ platform, arch, isMusl }: RuntimePlatform): BinaryChoice {
  if (platform !== 'linux') {
    return { kind: 'package' };
  }
  if (isMusl) {
    return arch === 'x64'
      ? { kind: 'prebuilt', folder: 'linuxmusl-x64' }
      : { kind: 'none', reason: `there is no keychain library for musl on ${arch}` };
  }
  return arch === 'arm' ? { kind: 'prebuilt', folder: 'linux-armv7l' } : { kind: 'package' };
}

/** The platform that this process runs on. */
export function currentPlatform(): RuntimePlatform {
  const { platform, arch } = process;
  return { platform, arch, isMusl: platform === 'linux' && !runsOnGlibc() };
}

/**
 * The OS keychain library for this platform. Nothing is loaded before it is used: it is native code.
 *
 * @remarks `load` throws when there is no binary for the platform or a shared library that it needs is missing.
 */
export function keytarLibrary(platform?: RuntimePlatform): KeychainLibrary {
  const require = createRequire(__filename);
  // Asking for the C library takes 10 ms, and nobody may ever need a password.
  const chosen = once(() => platform ?? currentPlatform());
  return {
    load: () => loadKeytar(require, chosen()),
    listAccounts: async (service) => await listApart(modulePath(require, chosen()), service),
  };
}

function loadKeytar(require: NodeJS.Require, platform: RuntimePlatform): KeychainApi {
  const path = modulePath(require, platform);
  try {
    return require(path) as KeychainApi;
  } catch (error) {
    // The package hides why each binary failed. Loading the likeliest one again tells: usually libsecret is missing.
    const reason = reasonOfPrebuilt(require, `${platform.platform}-${platform.arch}`);
    throw chooseBinary(platform).kind !== 'package' || reason === undefined
      ? error
      : new Error(reason, { cause: error });
  }
}

function modulePath(require: NodeJS.Require, platform: RuntimePlatform): string {
  const choice = chooseBinary(platform);
  switch (choice.kind) {
    case 'none':
      throw new Error(choice.reason);
    case 'prebuilt':
      return prebuiltPath(require, choice.folder);
    case 'package':
      return require.resolve('keytar');
  }
}

function prebuiltPath(require: NodeJS.Require, folder: string): string {
  return path.join(path.dirname(require.resolve('keytar/package.json')), 'prebuilds', folder, 'keytar.node');
}

// Prints the accounts alone: the passwords that come with them end with that process.
const listScript = `
const [, module, service] = process.argv;
require(module).findCredentials(service).then(
  (found) => process.stdout.write(JSON.stringify(found.map(({ account }) => account))),
  (error) => { process.stderr.write(String(error)); process.exitCode = 1; },
);`;

/** A keychain that asks the person to unlock it may take a while; a process that hangs must not stay. */
const listLimitMs = 30_000;

/**
 * Lists in a process of its own, because the library's call can end the process that makes it.
 *
 * @remarks Measured with 7.10.6 on Linux: SIGSEGV for an entry in a keyring that is locked, and for one without an
 * account; its code copies what libsecret answers without looking whether there is anything.
 */
async function listApart(module: string, service: string): Promise<readonly string[]> {
  // The editor's executable is Node.js only if it is told to be.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', listScript, module, service], {
      env,
      timeout: listLimitMs,
    });
    return JSON.parse(stdout) as string[];
  } catch (error) {
    const { signal, stderr } = error as { signal?: string | null; stderr?: string };
    const reason = typeof signal === 'string' ? `ended with ${signal}` : `failed: ${stderr ?? ''}`;
    throw new Error(`Listing the entries of the OS keychain ${reason}`, { cause: error });
  }
}

function reasonOfPrebuilt(require: NodeJS.Require, folder: string): string | undefined {
  try {
    require(prebuiltPath(require, folder));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What the typings of Node 20 leave out: the option is there since 20.13, and some builds have no report at all. */
type Report = NodeJS.ProcessReport & { excludeNetwork?: boolean };

function runsOnGlibc(): boolean {
  const report = process.report as Report | undefined;
  if (report === undefined) {
    // A build without reports is Electron's, which is made for glibc only.
    return true;
  }
  const before = report.excludeNetwork;
  // The report would look up the name of every open connection, and wait for it.
  report.excludeNetwork = true;
  try {
    const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
    return header?.glibcVersionRuntime !== undefined;
  } finally {
    report.excludeNetwork = before ?? false;
  }
}
