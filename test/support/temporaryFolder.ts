import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder of its own outside of the checkout. It goes with {@link remove}, at the latest when this process ends. */
export class TemporaryFolder {
  readonly path: string;
  private readonly removeAtExit = (): void => {
    this.remove();
  };

  constructor(purpose: string) {
    this.path = fs.mkdtempSync(path.join(os.tmpdir(), `vsphere-snapshots-${purpose}-`));
    process.once('exit', this.removeAtExit);
  }

  /** Path of a file or folder inside; the folders above it exist. */
  resolve(...names: string[]): string {
    const file = path.join(this.path, ...names);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    return file;
  }

  /** Removes it with its content. May be called again. */
  remove(): void {
    process.off('exit', this.removeAtExit);
    // A process that is just ending may still write its last log line while the folder is emptied.
    fs.rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}
