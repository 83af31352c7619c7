/**
 * Foreign text for a place where the editor draws `$(name)` as an icon or `[text](command:...)` as a link: labels of
 * quick picks, prompts, validation messages, notifications, the status bar. A character without width keeps either from
 * being read as one; everything else stays as it is.
 */
export function plain(text: string): string {
  return text.replaceAll('$(', '$\u200b(').replaceAll('](', ']\u200b(');
}
