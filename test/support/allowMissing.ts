import fs from 'node:fs';

/** Parts of a machine that tests need and that npm does not bring. */
export type MachinePart = 'browser' | 'compiler' | 'go' | 'keyring' | 'office' | 'python' | 'workbench';

/** Names a {@link MachinePart} that a run needs and the machine lacks. */
export class MissingPartError extends Error {
  constructor(part: MachinePart, hint: string) {
    super(`Missing: ${part}. ${hint} (To leave out what needs it: --allow-missing=${part}.)`);
    this.name = 'MissingPartError';
  }
}

/** Parts that the person who started the run can do without: `ALLOW_MISSING=keyring,go`, set by `--allow-missing=NAME`. */
export function allowedMissing(environment: NodeJS.ProcessEnv = process.env): ReadonlySet<string> {
  return new Set((environment['ALLOW_MISSING'] ?? '').split(',').filter((name) => name !== ''));
}

/** Whether this process may install Debian packages: then nothing may be left out. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && fs.existsSync('/usr/bin/apt-get');
}

/**
 * Whether the tests that need `part` run. A skipped test counts as a failed one, so such tests are not defined at all:
 * `if (requirePart('keyring', found, 'Install gnome-keyring.')) { describe(…) }`.
 *
 * @param hint - one sentence that says how to get the part
 * @throws {@link MissingPartError} when the part is not there and nobody said that it may be missing, and on a machine
 * where the part could have been installed.
 */
export function requirePart(part: MachinePart, isPresent: boolean, hint: string): boolean {
  if (isPresent) {
    return true;
  }
  if (allowedMissing().has(part) && !canInstallPackages()) {
    console.warn(`Left out, as asked: everything that needs the ${part}.`);
    return false;
  }
  throw new MissingPartError(part, hint);
}
