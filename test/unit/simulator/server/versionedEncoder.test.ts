import assert from 'node:assert/strict';
import { lazyList, Rendered } from '../../../../src/simulator/collector/rendered';
import { replyBody, wholeText } from '../../../../src/simulator/server/replyBody';
import { VersionedEncoder } from '../../../../src/simulator/server/versionedEncoder';
import { encodeResponse } from '../../../../src/vsphere/soap/envelope';
import { type ObjectContent, RetrievePropertiesEx } from '../../../../src/vsphere/vim/property';
import { ManagedObjectReference } from '../../../../src/vsphere/vim/schema';

function contents(count: number): ObjectContent[] {
  return Array.from({ length: count }, (_, number) => ({
    obj: new ManagedObjectReference('VirtualMachine', `vm-${number}`),
    propSet: [{ name: 'name', val: `Büro ${number}` }],
    missingSet: [],
  }));
}

describe('simulator: replies in pieces', () => {
  it('say the same as in one, with what was written before among them', () => {
    const objects = contents(2_000);
    const whole = encodeResponse(RetrievePropertiesEx, { objects, token: '7' });
    const encoder = new VersionedEncoder('8.0.3.0');
    const inner = new VersionedEncoder('8.0.3.0');
    inner.element('val', { kind: 'any' }, 'Büro 1');
    const items = objects.map((object, number) =>
      number === 1
        ? new Rendered(`<obj type="VirtualMachine">vm-1</obj><propSet><name>name</name>${inner.toString()}</propSet>`)
        : object,
    );
    encodeResponse(RetrievePropertiesEx, { objects: lazyList(items), token: '7' }, encoder);
    const pieces = [...encoder.chunks()];
    assert.equal(pieces.join(''), whole);
    assert.ok(pieces.length > 2, `${pieces.length} pieces`);
    assert.ok(pieces.every((piece) => piece.length < 70_000));
  });

  it('are made when they are asked for, no sooner', () => {
    const made: ObjectContent[] = [];
    function* counted(): Generator<ObjectContent> {
      for (const object of contents(5_000)) {
        made.push(object);
        yield object;
      }
    }
    const encoder = new VersionedEncoder('8.0.3.0');
    encodeResponse(RetrievePropertiesEx, { objects: lazyList(counted()) }, encoder);
    assert.deepEqual(made, []);
    const body = replyBody(encoder.chunks());
    assert.ok(made.length < 1_500, `${made.length} for the beginning`);
    assert.ok(wholeText(body).endsWith('</soapenv:Envelope>'));
    assert.equal(made.length, 5_000);
  });

  it('are one when they are short', () => {
    const encoder = new VersionedEncoder('8.0.3.0');
    encodeResponse(RetrievePropertiesEx, { objects: lazyList(contents(2)) }, encoder);
    const { first, rest } = replyBody(encoder.chunks());
    assert.equal(first, encodeResponse(RetrievePropertiesEx, { objects: contents(2) }));
    assert.equal(rest, undefined);
  });
});
