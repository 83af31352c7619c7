import zlib from 'node:zlib';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const bytesPerPixel = 3;

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/**
 * The same picture in fewer bytes. A browser filters every line as if it were a photograph; large areas of one colour,
 * such as windows are made of, pack better as they are.
 *
 * @param png - without transparency, as a browser makes it of a window
 * @throws Error when it is another kind of PNG.
 */
export function compactPng(png: Buffer): Buffer {
  const chunks = readChunks(png);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  // Eight bits of red, green and blue each, not interlaced.
  if (header?.subarray(8).equals(Buffer.from([8, 2, 0, 0, 0])) !== true) {
    throw new Error('This is no opaque PNG of 24 bits.');
  }
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const lines = unfilter(zlib.inflateSync(packed), header.readUInt32BE(0) * bytesPerPixel);
  return Buffer.concat([
    signature,
    writeChunk({ type: 'IHDR', data: header }),
    writeChunk({ type: 'IDAT', data: zlib.deflateSync(lines, { level: 9, memLevel: 9 }) }),
    writeChunk({ type: 'IEND', data: Buffer.alloc(0) }),
  ]);
}

function readChunks(png: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = signature.length; at < png.length;) {
    const end = at + 8 + png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, end) });
    at = end + 4;
  }
  return chunks;
}

function writeChunk({ type, data }: Chunk): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** Lines without filters, each with the byte in front that says so. */
function unfilter(filtered: Buffer, width: number): Buffer {
  const lines = Buffer.from(filtered);
  for (let start = 0; start < lines.length; start += width + 1) {
    const filter = lines[start];
    lines[start] = 0;
    for (let x = 0; x < width; x++) {
      const at = start + 1 + x;
      const left = x < bytesPerPixel ? 0 : (lines[at - bytesPerPixel] ?? 0);
      const above = start === 0 ? 0 : (lines[at - width - 1] ?? 0);
      const corner = start === 0 || x < bytesPerPixel ? 0 : (lines[at - width - 1 - bytesPerPixel] ?? 0);
      lines[at] = ((lines[at] ?? 0) + predicted(filter, left, above, corner)) & 0xff;
    }
  }
  return lines;
}

/** What a filter of the PNG specification expects at a place. */
function predicted(filter: number | undefined, left: number, above: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4: {
      const estimate = left + above - corner;
      const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(estimate - value)) as [
        number,
        number,
        number,
      ];
      return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
    default:
      return 0;
  }
}

// Node.js has it from 22.2 on.
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
