import assert from 'node:assert/strict';

import { zipEntries } from '../../support/zipEntries';

// Written by Python's zipfile.
const archive = Buffer.from(
  'UEsDBBQAAAAAAAAAIVyGphA2BQAAAAUAAAAFAAAAYS50eHRoZWxsb1BLAwQUAAAIAAAAACFcgxbcjAEAAAABAAAACAAAAGIvw7wudHh0eFBLAQIUAxQAAAAAAAAAIVyGphA2BQAAAAUAAAAFAAAAAAAAAAAAAACAAQAAAABhLnR4dFBLAQIUAxQAAAgAAAAAIVyDFtyMAQAAAAEAAAAIAAAAAAAAAAAAAACAASgAAABiL8O8LnR4dFBLBQYAAAAAAgACAGkAAABPAAAAAAA=',
  'base64',
);

describe('the files of a zip archive', () => {
  it('are named with their sizes', () => {
    assert.deepEqual(zipEntries(archive), [
      { name: 'a.txt', sizeBytes: 5 },
      { name: 'b/ü.txt', sizeBytes: 1 },
    ]);
  });

  it('are found when a comment follows', () => {
    const commented = Buffer.concat([archive, Buffer.from('by hand')]);
    assert.equal(zipEntries(commented).length, 2);
  });

  it('are refused for something else', () => {
    assert.throws(() => zipEntries(Buffer.alloc(100)), /no zip archive/);
    assert.throws(() => zipEntries(Buffer.alloc(0)), /no zip archive/);
    const broken = Buffer.from(archive);
    broken.writeUInt32LE(0, broken.readUInt32LE(broken.length - 6));
    assert.throws(() => zipEntries(broken), /broken/);
  });
});
