import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './repositoryRoot';

export interface ManifestCommand {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
  readonly enablement?: string;
}

export interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

export interface ManifestSetting {
  readonly type: string;
  readonly default: unknown;
  readonly scope: string;
  readonly order: number;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly markdownDescription: string;
  readonly markdownEnumDescriptions?: readonly string[];
}

export interface Manifest {
  readonly engines: Readonly<Record<string, string>>;
  readonly icon: string;
  readonly l10n: string;
  readonly extensionKind: readonly string[];
  readonly activationEvents: readonly string[];
  readonly enabledApiProposals?: unknown;
  readonly contributes: {
    readonly viewsContainers: {
      readonly activitybar: readonly { readonly id: string; readonly title: string; readonly icon: string }[];
    };
    readonly views: Readonly<
      Record<
        string,
        readonly {
          readonly id: string;
          readonly name: string;
          readonly icon: string;
          readonly contextualTitle: string;
        }[]
      >
    >;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
    readonly commands: readonly ManifestCommand[];
    readonly submenus: readonly { readonly id: string; readonly label: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly keybindings: readonly {
      readonly command: string;
      readonly key: string;
      readonly mac?: string;
      readonly when: string;
      readonly args?: unknown;
    }[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly title: string;
      readonly description: string;
      readonly icon: string;
      readonly steps: readonly {
        readonly id: string;
        readonly title: string;
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly configuration: readonly {
      readonly title: string;
      readonly properties: Readonly<Record<string, ManifestSetting>>;
    }[];
  };
}

/** The extension's manifest as it is in the checkout. */
export function readManifest(): Manifest {
  return JSON.parse(readRootFile('package.json')) as Manifest;
}

/** The English texts that stand for `%keys%` of the manifest. */
export function readManifestTexts(): Readonly<Record<string, string>> {
  return JSON.parse(readRootFile('package.nls.json')) as Record<string, string>;
}

function readRootFile(name: string): string {
  return fs.readFileSync(path.join(repositoryRoot(), name), 'utf8');
}
