import { requirePart } from '../allowMissing';

const variables = { vcsim: 'PEER_VCSIM', govc: 'PEER_GOVC', python: 'PEER_PYTHON' } as const;

/** A program of VMware's by which we are judged. */
export type Peer = keyof typeof variables;

/**
 * Path of a peer that the runner of these tests has provided.
 * @returns undefined when it is missing and may be: then what needs it is not defined.
 * @throws MissingPartError when it must not be missing.
 */
export function peerProgram(peer: Peer): string | undefined {
  const path = process.env[variables[peer]];
  const part = peer === 'python' ? 'python' : 'go';
  const hint = `\`npm run test:conformance\` provides ${peer} and runs these tests.`;
  return requirePart(part, path !== undefined, hint) ? path : undefined;
}
