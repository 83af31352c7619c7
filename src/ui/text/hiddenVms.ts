/** Whether the name of a VM or folder is one that the person does not want to see; `*` in patterns is any text. */
export function hiddenVmMatcher(patterns: readonly string[]): (vmName: string) => boolean {
  const expressions = patterns
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '')
    .map((pattern) => new RegExp(`^${pattern.split('*').map(escapeExpression).join('[^]*')}$`, 'i'));
  return (vmName) => expressions.some((expression) => expression.test(vmName));
}

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
