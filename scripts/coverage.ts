// Measures how much of the code the unit and integration tests run, and fails where it is too little.
//   node out/js/scripts/coverage.js [--allow-missing=NAME]     The report for people: out/coverage/index.html
import fs from 'node:fs';
import path from 'node:path';

import { exitOnSignals, ProcessGroup } from '../test/support/processes';
import { repositoryRoot } from '../test/support/repositoryRoot';

// The layers in which a line that no test runs is a line that nobody has tried. What lies above them, views and the
// composition, is tried in a real editor.
const layers = ['common', 'hypervisor', 'vsphere', 'operations', 'servers'] as const;
const floorPercent = 90;

/** The part of Istanbul's summary that counts here. */
type Summary = Readonly<Record<string, { readonly lines: { readonly total: number; readonly covered: number } }>>;

function percentOf(summary: Summary, folder: string): number {
  const files = Object.entries(summary).filter(([file]) => file.startsWith(`${folder}${path.sep}`));
  const total = files.reduce((sum, [, { lines }]) => sum + lines.total, 0);
  const covered = files.reduce((sum, [, { lines }]) => sum + lines.covered, 0);
  // A layer without a file in the summary was not measured: no reason to call it covered.
  return total === 0 ? 0 : (100 * covered) / total;
}

/**
 * Compiled files that hold nothing to run: those of interfaces alone. Nobody loads them, and each of their lines would
 * count as one that no test runs.
 */
function emptyFiles(folder: string): readonly string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => path.join(folder, name))
    .filter((file) =>
      /module\.exports = __toCommonJS\(\w+\);\s*(\/\/# sourceMappingURL=\S+\s*)?$/.test(fs.readFileSync(file, 'utf8')),
    )
    .filter((file) => !fs.readFileSync(file, 'utf8').includes('__export('));
}

async function main(): Promise<void> {
  exitOnSignals();
  const root = repositoryRoot();
  const reports = path.join(root, 'out', 'coverage');
  fs.rmSync(reports, { recursive: true, force: true });
  const tests = await ProcessGroup.start(
    process.execPath,
    [
      require.resolve('c8/bin/c8.js'),
      ...['--all', '--src', path.join(root, 'out', 'js', 'src')],
      // Files as they ran: they are filtered before they are traced back to their sources.
      ...layers.flatMap((layer) => ['--include', `out/js/src/${layer}/**`]),
      ...emptyFiles(path.join(root, 'out', 'js', 'src')).flatMap((file) => ['--exclude', path.relative(root, file)]),
      ...['--temp-directory', path.join(reports, 'raw'), '--reports-dir', reports],
      ...['--reporter', 'html', '--reporter', 'json-summary'],
      process.execPath,
      ...[path.join(__dirname, 'test.js'), 'unit', 'integration', ...process.argv.slice(2)],
    ],
    { cwd: root, stdio: 'inherit' },
  );
  const { code } = await tests.ended;
  const summary = JSON.parse(fs.readFileSync(path.join(reports, 'coverage-summary.json'), 'utf8')) as Summary;
  let isEnough = code === 0;
  console.log('\nLines that the tests ran:');
  for (const layer of layers) {
    const percent = percentOf(summary, path.join(root, 'src', layer));
    isEnough &&= percent >= floorPercent;
    console.log(
      `  ${layer.padEnd(12)} ${percent.toFixed(1)} %${percent < floorPercent ? `, less than ${floorPercent} %` : ''}`,
    );
  }
  process.exitCode = isEnough ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
