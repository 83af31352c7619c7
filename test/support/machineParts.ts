import fs from 'node:fs';

import { canInstallPackages, requirePart } from './allowMissing';
import { runProgram } from './processes';
import { findProgram } from './programs';

/** Says what is going on, one line at a time. */
export type Report = (line: string) => void;

/** What a Debian package can provide. */
export type PackagedPart = 'browser' | 'compiler' | 'keyring' | 'office' | 'python';

interface PartRecipe {
  readonly isPresent: () => boolean;
  readonly debianPackages: readonly string[];
  readonly hint: string;
}

const emojiFont = '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf';

const recipes: Readonly<Record<PackagedPart, PartRecipe>> = {
  browser: {
    // Names with emoji are part of the tests and of the pictures in the documentation.
    isPresent: () => findChromium() !== undefined && (!canInstallPackages() || fs.existsSync(emojiFont)),
    debianPackages: ['chromium', 'fonts-dejavu-core', 'fonts-noto-color-emoji'],
    hint: 'Install Chromium or Chrome, or set CHROMIUM_EXECUTABLE to the path of one.',
  },
  compiler: {
    isPresent: () => ['g++', 'make', 'python3'].every((name) => findProgram(name) !== undefined),
    debianPackages: ['g++', 'make', 'python3'],
    hint: 'Install g++, make and python3.',
  },
  keyring: {
    isPresent: () =>
      ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon', 'secret-tool'].every(
        (name) => findProgram(name) !== undefined,
      ),
    debianPackages: ['dbus', 'gnome-keyring', 'libsecret-1-0', 'libsecret-tools'],
    hint: 'Install dbus, gnome-keyring, libsecret-1-0 and libsecret-tools.',
  },
  office: {
    isPresent: () => findOffice() !== undefined,
    debianPackages: ['libreoffice-calc-nogui'],
    hint: 'Install LibreOffice Calc.',
  },
  python: {
    // Debian takes the module that makes virtual environments out of python3.
    isPresent: () => findProgram('python3') !== undefined && (!canInstallPackages() || hasPackage('python3-venv')),
    debianPackages: ['python3', 'python3-venv'],
    hint: 'Install Python 3.10 or later with its venv module.',
  },
};

/** Path of a Chromium that Playwright can drive; undefined when there is none. */
export function findChromium(): string | undefined {
  const chosen = process.env['CHROMIUM_EXECUTABLE'];
  return findProgram(
    ...(chosen === undefined ? [] : [chosen]),
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  );
}

/** Path of LibreOffice; undefined when there is none. */
export function findOffice(): string | undefined {
  return findProgram('soffice', 'libreoffice', '/Applications/LibreOffice.app/Contents/MacOS/soffice');
}

/**
 * Makes sure of a part of the machine. On Debian, as root, what is missing is installed.
 *
 * @returns false when it is missing and may be.
 * @throws {@link MissingPartError} when it is missing and must not be; Error when apt-get fails.
 */
export async function providePart(part: PackagedPart, report: Report): Promise<boolean> {
  const recipe = recipes[part];
  if (!recipe.isPresent() && canInstallPackages()) {
    report(`Installing Debian packages: ${recipe.debianPackages.join(' ')}`);
    await installDebianPackages(recipe.debianPackages);
  }
  return requirePart(part, recipe.isPresent(), recipe.hint);
}

/** Whether the machine has a part now. Installs nothing. */
export function hasPart(part: PackagedPart): boolean {
  return recipes[part].isPresent();
}

async function installDebianPackages(packages: readonly string[]): Promise<void> {
  // Another apt-get, such as the nightly one, is waited for rather than stumbled over.
  const patience = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runProgram('apt-get', [...patience, 'update', '-q'], { env });
  await runProgram('apt-get', [...patience, 'install', '-q', '-y', '--no-install-recommends', ...packages], { env });
}

function hasPackage(name: string): boolean {
  return fs.existsSync(`/var/lib/dpkg/info/${name}.list`);
}
