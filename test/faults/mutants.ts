import fs from 'node:fs';
import path from 'node:path';

/** A mistake that a laboratory worth its name must find. */
export interface Mutant {
  readonly name: string;
  /** In the compiled sources, from `src`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Cells of which at least one has to go wrong. */
  readonly only: string;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'sends a write again when its reply is lost',
    file: 'vsphere/soap/nodeTransport.js',
    find: 'isBroken(error) && exchange.diedOnKeptConnection && request.lane === "call"',
    replace: 'isBroken(error)',
    only: '^take: (reply cut off at byte 7$|connection reset)',
  },
  {
    name: 'says that all is well when a reply is lost',
    file: 'operations/operationRunner.js',
    find: 'this.ledger.unknown(id, lost);',
    replace: 'this.ledger.succeed(id, void 0); return;',
    only: '^delete: (request cut off|connection refused)',
  },
  {
    name: 'gives up when it has been out of touch for a while',
    file: 'operations/operationRunner.js',
    find: 'this.ledger.outOfTouch(id, true);',
    replace: 'this.ledger.fail(id, new Error("time-out")); return;',
    only: '^deleteAll: (connections dropped|server away)',
  },
];

/**
 * A copy of the compiled project with the mistake in it.
 *
 * @param compiled - folder of the compiled project
 * @param into - where the copy goes; modules have to be found from there
 * @throws Error when the place of the mistake is not there exactly once
 */
export function makeMutant(mutant: Mutant, compiled: string, into: string): void {
  fs.rmSync(into, { recursive: true, force: true });
  fs.cpSync(compiled, into, { recursive: true });
  const file = path.join(into, 'src', mutant.file);
  const text = fs.readFileSync(file, 'utf8');
  const parts = text.split(mutant.find);
  if (parts.length !== 2) {
    throw new Error(`"${mutant.find}" is ${parts.length - 1} times in ${mutant.file}, not once.`);
  }
  fs.writeFileSync(file, parts.join(mutant.replace));
}
