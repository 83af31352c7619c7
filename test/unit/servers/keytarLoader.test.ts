import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { chooseBinary, currentPlatform, keytarLibrary, type RuntimePlatform } from '../../../src/servers/keytarLoader';
import { repositoryRoot } from '../../support/repositoryRoot';

const prebuilds = path.join(repositoryRoot(), 'node_modules', 'keytar', 'prebuilds');

/** What a binary is made for, as its own header says. */
function madeFor(folder: string): string {
  const bytes = fs.readFileSync(path.join(prebuilds, folder, 'keytar.node'));
  if (bytes.subarray(0, 4).toString('latin1') === '\u007fELF') {
    const machine = { 0x03: 'ia32', 0x28: 'arm', 0x3e: 'x64', 0xb7: 'arm64' }[bytes.readUInt16LE(18)];
    return `${bytes.includes('libc.musl') ? 'musl' : 'linux'} ${machine ?? 'unknown'}`;
  }
  if (bytes.readUInt32LE(0) === 0xfeedfacf) {
    return `darwin ${{ 0x01000007: 'x64', 0x0100000c: 'arm64' }[bytes.readUInt32LE(4)] ?? 'unknown'}`;
  }
  const header = bytes.readUInt32LE(0x3c);
  assert.equal(bytes.subarray(header, header + 2).toString('latin1'), 'PE');
  return `win32 ${{ 0x14c: 'ia32', 0x8664: 'x64', 0xaa64: 'arm64' }[bytes.readUInt16LE(header + 4)] ?? 'unknown'}`;
}

describe('chooseBinary', () => {
  const platforms: readonly (readonly [RuntimePlatform, expected: string | undefined])[] = [
    [{ platform: 'linux', arch: 'x64', isMusl: false }, 'linux x64'],
    [{ platform: 'linux', arch: 'arm64', isMusl: false }, 'linux arm64'],
    [{ platform: 'linux', arch: 'arm', isMusl: false }, 'linux arm'],
    [{ platform: 'linux', arch: 'ia32', isMusl: false }, 'linux ia32'],
    [{ platform: 'linux', arch: 'x64', isMusl: true }, 'musl x64'],
    [{ platform: 'linux', arch: 'arm64', isMusl: true }, undefined],
    [{ platform: 'linux', arch: 'arm', isMusl: true }, undefined],
    [{ platform: 'darwin', arch: 'x64', isMusl: false }, 'darwin x64'],
    [{ platform: 'darwin', arch: 'arm64', isMusl: false }, 'darwin arm64'],
    [{ platform: 'win32', arch: 'x64', isMusl: false }, 'win32 x64'],
    [{ platform: 'win32', arch: 'arm64', isMusl: false }, 'win32 arm64'],
    [{ platform: 'win32', arch: 'ia32', isMusl: false }, 'win32 ia32'],
  ];
  for (const [platform, expected] of platforms) {
    const name = `${platform.platform} ${platform.arch}${platform.isMusl ? ' with musl' : ''}`;
    it(`gives ${name} ${expected === undefined ? 'none' : 'the binary that was made for it'}`, () => {
      const choice = chooseBinary(platform);
      // The package looks into the folder of the platform and processor that it runs on.
      const folder = {
        none: undefined,
        package: `${platform.platform}-${platform.arch}`,
        prebuilt: choice.kind === 'prebuilt' ? choice.folder : undefined,
      }[choice.kind];
      assert.equal(folder === undefined ? undefined : madeFor(folder), expected);
    });
  }
});

describe('keytarLibrary', () => {
  it('loads the library on this machine', () => {
    const keytar = keytarLibrary().load();
    assert.deepEqual(
      [keytar.getPassword, keytar.setPassword, keytar.deletePassword].map((call) => typeof call),
      ['function', 'function', 'function'],
    );
  });

  it('says why there is none', () => {
    assert.throws(
      () => keytarLibrary({ platform: 'linux', arch: 'arm64', isMusl: true }).load(),
      /no keychain library for musl on arm64/,
    );
  });

  it('says what the loader of the system says of a binary that does not fit', function () {
    const { platform, arch } = currentPlatform();
    const other = { platform: 'linux', arch: 'arm', isMusl: false };
    if (platform === 'linux' && arch !== 'arm') {
      assert.throws(
        () => keytarLibrary(other).load(),
        /linux-armv7l.*(cannot open shared object|wrong ELF class|invalid ELF)/,
      );
    } else {
      assert.throws(() => keytarLibrary(other).load(), Error);
    }
  });

  it('leaves the settings of the process report as they were', () => {
    const report = process.report as { excludeNetwork?: boolean };
    const before = report.excludeNetwork;
    currentPlatform();
    assert.equal(report.excludeNetwork, before ?? false);
  });
});
