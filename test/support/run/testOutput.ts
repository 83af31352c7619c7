/**
 * Starts each line that a test reporter prints inside an extension host. The console there is shared with the whole
 * workbench, which has much to say; this tells the two apart and is invisible where nobody looks for it.
 */
export const testOutputMark = '\u200b';
