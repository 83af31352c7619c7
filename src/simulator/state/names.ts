// vSphere writes three characters of a name as escapes, in inventory and snapshots alike; nothing else is escaped, and
// nothing else that starts with "%" is one.

const toEscape: Readonly<Record<string, string>> = { '/': '%2f', '\\': '%5c', '%': '%25' };
const toPlain: Readonly<Record<string, string>> = { '%2f': '/', '%5c': '\\', '%25': '%' };

/** A name as the server writes it. */
export function escapeName(plain: string): string {
  return plain.replace(/[/\\%]/g, (character) => toEscape[character] as string);
}

/** A name as it was meant. What is no escape stays: clients send both forms. */
export function plainName(sent: string): string {
  return sent.replace(/%(?:2f|5c|25)/gi, (escape) => toPlain[escape.toLowerCase()] as string);
}
