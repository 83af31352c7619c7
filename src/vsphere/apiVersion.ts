import type { StartTag } from './soap/xmlScope';
import { XmlInterest, type XmlSink } from './soap/xmlSink';

// Which release of the vSphere API to speak. What is announced filters replies and decides which elements a request may
// have, so it must be one that the server knows.

/**
 * Releases that this client speaks, the best first. Nothing here needs more than 6.5 but the list of all missing
 * privileges (7.0.3.2).
 */
const preferred: readonly string[] = [
  '8.0.3.0',
  '8.0.2.0',
  '8.0.1.0',
  '8.0.0.2',
  '8.0.0.1',
  '7.0.3.2',
  '7.0.3.0',
  '7.0.2.0',
  '7.0.1.0',
  '7.0.0.0',
  '6.7.3',
  '6.7',
  '6.5',
  '6.0',
  '5.5',
];

/** What every server that this client can use understands, for the first question to one of which nothing is known. */
export const oldestVersion = '5.5';

/** The best of the releases that a server lists; undefined when it knows none that this client speaks. */
export function chooseVersion(offered: ReadonlySet<string>): string | undefined {
  return preferred.find((version) => offered.has(version));
}

/** The best release up to `newest`, for a server that lists none. */
export function chooseVersionUpTo(newest: string): string | undefined {
  return preferred.find((version) => isAtLeast(newest, version));
}

/**
 * Whether `version` is `floor` or later. Only for versions from {@link preferred} and from `about.apiVersion`: servers
 * before their release also list internal ones that are not numbers.
 */
export function isAtLeast(version: string, floor: string): boolean {
  const [a, b] = [parts(version), parts(floor)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) {
      return difference > 0;
    }
  }
  return true;
}

function parts(version: string): number[] {
  return version.split('.').map((part) => (/^\d{1,9}$/.test(part) ? Number(part) : 0));
}

// A real list has some thirty.
const maxVersions = 1_000;

/**
 * Reads `vimServiceVersions.xml`: of the namespace `urn:vim25`, its version and those before it.
 */
export class VersionListReader implements XmlSink {
  /** What was offered; empty when the document was something else. */
  readonly versions = new Set<string>();
  private readonly path: string[] = [];
  private content = '';
  private namespaceName = '';
  private found: string[] = [];

  open({ local }: StartTag): XmlInterest {
    this.path.push(local);
    this.content = '';
    return XmlInterest.text;
  }

  text(text: string): void {
    this.content += text;
  }

  close(): void {
    switch (this.path.join('/')) {
      case 'namespaces/namespace/name':
        this.namespaceName = this.content.trim();
        break;
      case 'namespaces/namespace/version':
      case 'namespaces/namespace/priorVersions/version':
        this.found.push(this.content.trim());
        break;
      case 'namespaces/namespace':
        this.endNamespace();
        break;
    }
    this.path.pop();
    this.content = '';
  }

  private endNamespace(): void {
    if (this.namespaceName === 'urn:vim25') {
      for (const version of this.found.slice(0, maxVersions)) {
        this.versions.add(version);
      }
    }
    this.namespaceName = '';
    this.found = [];
  }
}
