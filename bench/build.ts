import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { build as bundle } from 'esbuild';
import { provideGoPeers } from '../test/support/peers/goPeers';
import { findProgram } from '../test/support/programs';

/** Programs that the bench starts. What is undefined could not be had. */
export interface Programs {
  readonly ours: string;
  readonly nullClient: string;
  readonly inside: string;
  readonly simulator: string;
  readonly replay: string;
  readonly saxes: string;
  readonly fastXmlParser: string;
  readonly nodeVsphereSoap: string;
  /** What node-vsphere-soap is told of the service. */
  readonly wsdl: string;
  readonly curl: string | undefined;
  readonly govmomi: string | undefined;
  readonly govc: string | undefined;
  readonly vcsim: string | undefined;
}

/** Names of programs that not every machine has, and what is needed to have them. */
export const optionalPrograms: Readonly<Partial<Record<keyof Programs, string>>> = {
  curl: 'there is no curl',
  govmomi: 'there is no Go to build it',
  govc: 'it is not on the PATH, and there is no Go to build it',
  vcsim: 'there is no Go to build it',
};

/** Builds everything that is measured, as one file each: a cold start must not pay for the reading of many. */
export async function buildPrograms(root: string, target: string): Promise<Programs> {
  const bench = path.join(root, 'bench');
  const script = (name: string): string => path.join(target, `${name}.js`);
  const common = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning', outdir: target } as const;
  const sources = [
    'clients/ours',
    'clients/nullClient',
    'inside/inside',
    'servers/simulatorProcess',
    'servers/replayProcess',
  ];
  await bundle({
    ...common,
    format: 'cjs',
    entryPoints: sources.map((each) => ({ in: path.join(bench, `${each}.ts`), out: path.basename(each) })),
    // As what is shipped: without names.
    minify: true,
  });
  installPeers(path.join(bench, 'peers'));
  await bundle({
    ...common,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    entryPoints: ['saxesJob', 'fastXmlParserJob'].map((name) => path.join(bench, 'peers', `${name}.mjs`)),
    minify: true,
  });
  await bundle({
    ...common,
    format: 'cjs',
    entryPoints: [path.join(bench, 'peers', 'nodeVsphereSoapJob.mjs')],
    minify: true,
  });
  return {
    ours: script('ours'),
    nullClient: script('nullClient'),
    inside: script('inside'),
    simulator: script('simulatorProcess'),
    replay: script('replayProcess'),
    saxes: path.join(target, 'saxesJob.mjs'),
    fastXmlParser: path.join(target, 'fastXmlParserJob.mjs'),
    nodeVsphereSoap: script('nodeVsphereSoapJob'),
    wsdl: path.join(bench, 'peers', 'vim.wsdl'),
    curl: findProgram('curl'),
    ...(await goPrograms(path.join(bench, 'peers', 'go'), target)),
  };
}

/** What the peers need is no part of the project's own installation. */
function installPeers(folder: string): void {
  const stamp = path.join(folder, 'node_modules', '.package-lock.json');
  const lock = path.join(folder, 'package-lock.json');
  if (!fs.existsSync(stamp) || fs.statSync(stamp).mtimeMs < fs.statSync(lock).mtimeMs) {
    execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' });
  }
}

/** VMware's programs, and those that are made of VMware's library. All need Go, but govc may be there without it. */
async function goPrograms(source: string, target: string): Promise<Pick<Programs, 'govmomi' | 'govc' | 'vcsim'>> {
  const go = findProgram('go', '/usr/local/go/bin/go');
  if (go === undefined) {
    return { govmomi: undefined, govc: findProgram('govc'), vcsim: undefined };
  }
  const build = (name: string, folder: string): string => {
    const file = path.join(target, name);
    const env = { ...process.env, GOWORK: 'off', GOFLAGS: '' };
    execFileSync(go, ['build', '-trimpath', '-o', file, folder], { cwd: source, stdio: 'inherit', env });
    return file;
  };
  const peers = await provideGoPeers(false, console.log);
  return { govmomi: build('gojob', '.'), govc: peers?.govc, vcsim: build('vcsim', './vcsim') };
}
