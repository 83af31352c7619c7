import fs from 'node:fs';
import path from 'node:path';

/** User settings of a workbench. */
export type WorkbenchSettings = Readonly<Record<string, unknown>>;

/** The settings in a user data folder; none when the folder is new. */
export function readUserSettings(userDataFolder: string): WorkbenchSettings {
  const file = settingsFile(userDataFolder);
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as WorkbenchSettings) : {};
}

/** Replaces the settings in a user data folder. A workbench in a browser takes them up when its window loads. */
export function writeUserSettings(userDataFolder: string, settings: WorkbenchSettings): void {
  const file = settingsFile(userDataFolder);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(settings, undefined, 2)}\n`);
}

function settingsFile(userDataFolder: string): string {
  return path.join(userDataFolder, 'User', 'settings.json');
}
