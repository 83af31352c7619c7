import fs from 'node:fs';
import path from 'node:path';

/** What esbuild tells about a build, as far as it matters here. */
interface BuildMetadata {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
  readonly repository?: string | { readonly url: string };
}

/**
 * Folders of the packages of which code is in a bundle, found in what esbuild wrote about the build.
 * A package whose code was all dropped is not among them.
 */
export function bundledPackages(metadata: unknown): readonly string[] {
  const { outputs } = metadata as BuildMetadata;
  const folders = Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
    .filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort();
}

/**
 * The text that names every package whose code is in the VSIX, with its licence in full.
 * @throws Error for a package whose licence text cannot be told: it must not be shipped.
 */
export function thirdPartyNotices(packageFolders: readonly string[]): string {
  const parts = packageFolders.map((folder) => {
    const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as PackageManifest;
    const repository = typeof manifest.repository === 'string' ? manifest.repository : manifest.repository?.url;
    return [
      `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})`,
      ...(repository === undefined ? [] : [repository.replace(/^git\+/, '').replace(/\.git$/, '')]),
      '',
      licenceText(folder, manifest),
    ].join('\n');
  });
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  return ['This extension contains code of the following packages.', ...parts].join(rule).concat('\n');
}

function licenceText(folder: string, manifest: PackageManifest): string {
  const file = fs.readdirSync(folder).find((name) => /^licen[cs]e(\.md|\.txt)?$/i.test(name));
  if (file !== undefined) {
    return fs.readFileSync(path.join(folder, file), 'utf8').trim();
  }
  const author = typeof manifest.author === 'string' ? manifest.author : manifest.author?.name;
  // Some packages name their licence and leave out its text, which for this one is the same for all.
  if (manifest.license === 'MIT' && author !== undefined) {
    return mitLicence(author);
  }
  throw new Error(`${manifest.name} has no licence text in ${folder}.`);
}

const mitLicence = (author: string): string => `MIT License

Copyright (c) ${author}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
