/** A pattern that matches this text and nothing else, blanks around it aside. */
export function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${escaped(text)}\\s*$`);
}

/** A pattern that matches this text with nothing before it, and as a whole word. */
export function startingWith(text: string): RegExp {
  return new RegExp(`^\\s*${escaped(text)}(?!\\w)`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
