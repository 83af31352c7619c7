import fs from 'node:fs';

/**
 * Those of the files in which a secret is written, as it is or in a disguise that hides nothing: UTF-16, base64, URL
 * escapes, JSON escapes, XML escapes, hex.
 */
export function filesWithSecret(files: readonly string[], secret: string): readonly string[] {
  const forms = disguises(secret);
  return files.filter((file) => {
    const content = fs.readFileSync(file);
    return forms.some((form) => content.includes(form));
  });
}

/** Whether a text has a secret in it, in any of those forms. */
export function holdsSecret(text: string, secret: string): boolean {
  const content = Buffer.from(text, 'utf8');
  return disguises(secret).some((form) => content.includes(form));
}

function disguises(secret: string): readonly Buffer[] {
  if (secret.length < 8) {
    throw new Error('A secret so short is found by chance. Use a longer one in tests.');
  }
  const bytes = Buffer.from(secret, 'utf8');
  const xml = secret.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return [
    bytes,
    Buffer.from(secret, 'utf16le'),
    ...base64Cores(bytes).map((core) => Buffer.from(core)),
    Buffer.from(encodeURIComponent(secret)),
    Buffer.from(JSON.stringify(secret).slice(1, -1)),
    Buffer.from(xml),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
  ];
}

/** Base64 depends on what stands before: three ways, of each the characters that the neighbours do not touch. */
function base64Cores(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const touchedAtStart = before === 0 ? 0 : before + 1;
    const touchedAtEnd = (before + bytes.length) % 3 === 0 ? 0 : 1;
    return text.slice(touchedAtStart, text.length - touchedAtEnd);
  });
}
