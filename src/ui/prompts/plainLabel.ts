/**
 * Foreign text for a place where the editor draws `$(name)` as an icon. A character without width keeps it from being
 * read as one; everything else stays.
 */
export function plainLabel(text: string): string {
  return text.replaceAll('$(', '$\u200b(');
}
