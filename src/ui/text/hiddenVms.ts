import { globMatcher } from '../../common/glob';

/** Whether the name of a VM or folder is one that the person does not want to see; `*` in patterns is any text. */
export function hiddenVmMatcher(patterns: readonly string[]): (vmName: string) => boolean {
  const matchers = patterns
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '')
    .map(globMatcher);
  return (vmName) => matchers.some((matches) => matches(vmName));
}
