import type { Logger } from '../../common/logger';
import { FaultError } from '../faults/faultError';
import type { PropertyFilterSpec } from '../vim/property';
import { withoutPath } from './propertySpecs';

// Each repetition leaves out one path.
const maxUnknownPaths = 8;

/**
 * Does something with a specification, leaving out paths that the server does not know. A single one of them would fail
 * the whole.
 */
export async function leavingOutUnknownPaths<T>(
  spec: PropertyFilterSpec,
  logger: Logger,
  act: (spec: PropertyFilterSpec) => Promise<T>,
): Promise<T> {
  let asked = spec;
  for (let left = maxUnknownPaths; ; left--) {
    try {
      return await act(asked);
    } catch (error) {
      const path = left > 0 ? unknownPath(error, asked) : undefined;
      if (path === undefined) {
        throw error;
      }
      logger.warn(`The server does not know the property ${path}; going on without it.`);
      asked = withoutPath(asked, path);
    }
  }
}

/** The path that the server has complained about, if it is one that was asked for. */
function unknownPath(error: unknown, spec: PropertyFilterSpec): string | undefined {
  if (!FaultError.is(error, 'InvalidProperty')) {
    return undefined;
  }
  const name = (error.report.fault as { readonly name?: unknown } | undefined)?.name;
  return spec.propSet.flatMap((each) => each.pathSet).find((path) => path === name);
}
