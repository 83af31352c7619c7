// Builds CommonJS files of which the first holds what is needed at once, and each other one what is imported later on.
// esbuild splits only ES modules, and into many small ones; here they become few, because each file costs time to load.
'use strict';

const esbuild = require('esbuild');
const path = require('node:path');

/**
 * One of the ES modules into which esbuild has split a build.
 * @typedef {object} Part
 * @property {string} name of its file
 * @property {string} text
 * @property {boolean} isEntry whether it is an entry point
 * @property {readonly string[]} imports names of the parts that are loaded with it
 */

/**
 * Puts what esbuild has split into as few CommonJS files as there can be: one for the main entry point with all that it
 * shares with others, one for each other entry point, and one for what only some of those share.
 *
 * @param {string} main name of the entry point that is loaded first; the others are loaded by import() alone
 * @returns {esbuild.Plugin} for a build with `splitting`, `format: 'esm'`, `metafile` and `write: false`
 */
function splitBundle(main) {
  return {
    name: 'split-bundle',
    setup(build) {
      const { absWorkingDir = process.cwd(), outdir, minify, sourcemap, external } = build.initialOptions;
      const { platform, target, legalComments, logLevel } = build.initialOptions;
      // Shortened once, in the end; and the maps of the parts have to travel with them.
      Object.assign(build.initialOptions, { minify: false, sourcemap: sourcemap ? 'inline' : false });

      build.onEnd(async ({ errors, metafile, outputFiles }) => {
        if (errors.length > 0) {
          return;
        }
        const folder = path.resolve(absWorkingDir, outdir);
        const parts = readParts(metafile, outputFiles, external);
        const fileOf = assignFiles(parts, main);
        for (const file of new Set(fileOf.values())) {
          await esbuild.build({
            ...{ external, minify, sourcemap, platform, target, legalComments, logLevel },
            stdin: { contents: exportsOf(file, parts, fileOf), resolveDir: folder, sourcefile: `${file}.parts` },
            plugins: [linkParts(file, parts, fileOf, folder)],
            outfile: path.join(folder, `${file}.js`),
            bundle: true,
            format: 'cjs',
            // The editor has a loader of its own for import(), which is slower than require().
            supported: { 'dynamic-import': false },
          });
        }
      });
    },
  };
}

/** @returns {ReadonlyMap<string, Part>} by the names of their files */
function readParts({ outputs }, outputFiles, external) {
  const texts = new Map(outputFiles.map((file) => [path.basename(file.path), requireOnce(file.text, external)]));
  const found = Object.entries(outputs).map(([file, { entryPoint, imports }]) => {
    const name = path.basename(file);
    const needed = imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
    const part = {
      ...{ name, text: texts.get(name), isEntry: entryPoint !== undefined },
      imports: needed.map((each) => path.basename(each.path)),
    };
    return [name, part];
  });
  return new Map(found);
}

/** Takes modules from outside as they are: esbuild copies them, property by property, for each source that imports one. */
function requireOnce(text, modules) {
  const imports = new RegExp(`^import \\* as (\\w+) from "(${modules.join('|')})";$`, 'gm');
  return text.replaceAll(imports, 'const $1 = require("$2");');
}

/**
 * Says which file each part goes into: `main`, that of its entry point, or one named after all that need it.
 * @returns {ReadonlyMap<string, string>} names of files without their ending, by names of parts
 */
function assignFiles(parts, main) {
  const users = new Map([...parts.keys()].map((name) => [name, new Set()]));
  const visit = (name, entry) => {
    if (!users.get(name).has(entry)) {
      users.get(name).add(entry);
      parts.get(name).imports.forEach((each) => visit(each, entry));
    }
  };
  for (const { name, isEntry } of parts.values()) {
    if (isEntry) {
      visit(name, path.basename(name, '.js'));
    }
  }
  return new Map([...users].map(([name, all]) => [name, all.has(main) ? main : [...all].sort().join('-')]));
}

/** The module that a file is made of: what its entry point exports, and its other parts for the files that need them. */
function exportsOf(file, parts, fileOf) {
  const own = [...parts.values()].filter(({ name }) => fileOf.get(name) === file);
  return own
    .map(
      ({ name, isEntry }) => `export *${isEntry ? '' : ` as ${exportName(name)}`} from ${JSON.stringify(`./${name}`)};`,
    )
    .join('\n');
}

/** Under which name a part is exported from its file. */
function exportName(part) {
  return part.replaceAll(/\W/g, '_');
}

/** @returns {esbuild.Plugin} that finds the parts of a file, and leads to other files for the rest */
function linkParts(file, parts, fileOf, folder) {
  return {
    name: 'link-parts',
    setup(build) {
      build.onResolve({ filter: /^\.\// }, ({ path: wanted, kind, namespace }) => {
        const name = path.basename(wanted);
        if (namespace === 'other-file' || kind === 'dynamic-import') {
          return { path: `./${fileOf.get(name) ?? path.basename(name, '.js')}.js`, external: true };
        }
        return { path: name, namespace: fileOf.get(name) === file ? 'part' : 'other-file' };
      });
      build.onLoad({ filter: /.*/, namespace: 'part' }, ({ path: name }) => ({
        contents: parts.get(name).text,
        resolveDir: folder,
      }));
      build.onLoad({ filter: /.*/, namespace: 'other-file' }, ({ path: name }) => {
        const { isEntry } = parts.get(name);
        const exported = isEntry ? '' : `.${exportName(name)}`;
        return { contents: `module.exports = require('./${fileOf.get(name)}.js')${exported};` };
      });
    },
  };
}

module.exports = { splitBundle };
