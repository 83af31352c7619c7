import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Keytar from 'keytar';

/** The calls of the OS keychain library that this product makes. */
export type KeychainApi = Pick<typeof Keytar, 'getPassword' | 'setPassword' | 'deletePassword' | 'findCredentials'>;

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
 * Loads the OS keychain library. Call it when a password is needed, not at start-up: it loads native code.
 *
 * @throws Error that says why there is none: no binary for this platform, or a shared library that it needs is missing.
 */
export function loadKeytar(platform: RuntimePlatform = currentPlatform()): KeychainApi {
  const require = createRequire(__filename);
  const choice = chooseBinary(platform);
  switch (choice.kind) {
    case 'none':
      throw new Error(choice.reason);
    case 'prebuilt':
      return loadPrebuilt(require, choice.folder);
    case 'package':
      try {
        return require('keytar') as KeychainApi;
      } catch (error) {
        // The package hides why each binary failed. Loading the likeliest one again tells: usually libsecret is missing.
        const reason = reasonOfPrebuilt(require, `${platform.platform}-${platform.arch}`);
        throw reason === undefined ? error : new Error(reason, { cause: error });
      }
  }
}

function loadPrebuilt(require: NodeJS.Require, folder: string): KeychainApi {
  const root = path.dirname(require.resolve('keytar/package.json'));
  return require(path.join(root, 'prebuilds', folder, 'keytar.node')) as KeychainApi;
}

function reasonOfPrebuilt(require: NodeJS.Require, folder: string): string | undefined {
  try {
    loadPrebuilt(require, folder);
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
