/** A file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly sizeBytes: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endLength = 22;
const entryLength = 46;

/**
 * The files of a zip archive, as its own directory lists them.
 * @throws Error when the bytes are no zip archive, or one in the format for more than 65,534 files.
 * @see PKWARE's APPNOTE.TXT, 4.3.12 and 4.3.16
 */
export function zipEntries(archive: Buffer): readonly ZipEntry[] {
  let end = archive.length - endLength;
  // A comment may follow the last record.
  while (end >= 0 && archive.readUInt32LE(end) !== endSignature) {
    end--;
  }
  if (end < 0) {
    throw new Error('This is no zip archive.');
  }
  const count = archive.readUInt16LE(end + 10);
  if (count === 0xffff) {
    throw new Error('This zip archive has a directory in the 64-bit format.');
  }
  const entries: ZipEntry[] = [];
  let offset = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (archive.readUInt32LE(offset) !== entrySignature) {
      throw new Error('The directory of this zip archive is broken.');
    }
    const nameLength = archive.readUInt16LE(offset + 28);
    const nameStart = offset + entryLength;
    entries.push({
      name: archive.toString('utf8', nameStart, nameStart + nameLength),
      sizeBytes: archive.readUInt32LE(offset + 24),
    });
    offset = nameStart + nameLength + archive.readUInt16LE(offset + 30) + archive.readUInt16LE(offset + 32);
  }
  return entries;
}
