import assert from 'node:assert/strict';
import { servedMethods } from '../../src/simulator/methods/methodTable';
import { VimEncoder } from '../../src/vsphere/soap/vimEncoder';
import { allMethods } from '../../src/vsphere/vim/registry';
import { type Field, ManagedObjectReference, type MethodType, type VimType } from '../../src/vsphere/vim/schema';
import { SimulatorFixture } from '../support/simulatorFixture';

// Made from the schema: for each method, requests that a real server refuses.

const envelope = (body: string): string =>
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
  `<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

/** Any value of a type, with everything in it that is required. */
function sample(type: VimType): unknown {
  switch (type.kind) {
    case 'scalar':
      return type.name === 'boolean'
        ? false
        : type.name === 'dateTime'
          ? '2026-11-22T14:05:00Z'
          : type.name === 'string'
            ? 'x'
            : 1;
    case 'enum':
      return type.values[0];
    case 'reference':
      return new ManagedObjectReference('VirtualMachine', 'vm-none');
    case 'any':
      return 'x';
    case 'object':
      return Object.fromEntries(type.fields().map((field) => [field.name, sampleOf(field)]));
  }
}

function sampleOf(field: Field): unknown {
  if (field.optional) {
    return field.array ? [] : undefined;
  }
  return field.array ? [sample(field.type)] : sample(field.type);
}

/** Every argument of a call, optional ones too, as one element each. */
function elements(method: MethodType, required: boolean): { readonly field: Field; readonly xml: string }[] {
  return method.parameters
    .fields()
    .filter((field) => !required || !field.optional)
    .map((field) => {
      const encoder = new VimEncoder();
      encoder.element(field.name, field.type, sample(field.type));
      return { field, xml: encoder.toString() };
    });
}

function call(method: MethodType, xml: readonly string[]): string {
  const target = '<_this type="X">none</_this>';
  return envelope(`<${method.name} xmlns="urn:vim25">${target}${xml.join('')}</${method.name}>`);
}

describe('simulator: every method of the schema', () => {
  let fixture: SimulatorFixture;
  before(async () => {
    fixture = await SimulatorFixture.start();
  });
  after(async () => {
    await fixture.stop();
  });

  async function faultType(body: string): Promise<string> {
    const reply = await fixture.session.post(body);
    assert.equal(reply.status, 500, body);
    return /xsi:type="(\w+)"/.exec(reply.body.toString())?.[1] ?? '';
  }

  for (const method of allMethods()) {
    it(`${method.name} is read in its exact form`, async () => {
      const all = elements(method, false);
      const whole = await faultType(
        call(
          method,
          all.map(({ xml }) => xml),
        ),
      );
      // Understood, and only then found to be for an object that is not there.
      assert.equal(whole, 'ManagedObjectNotFound');
      for (const [index, { field }] of all.entries()) {
        const others = all.filter((_, at) => at !== index).map(({ xml }) => xml);
        if (!field.optional) {
          assert.equal(await faultType(call(method, others)), 'InvalidRequest', `without ${field.name}`);
        }
        if (!field.array) {
          const twice = all.map(({ xml }, at) => (at === index ? xml + xml : xml));
          assert.equal(await faultType(call(method, twice)), 'InvalidRequest', `${field.name} twice`);
        }
      }
      for (let index = 0; index + 1 < all.length; index++) {
        const swapped = all.map(({ xml }) => xml);
        [swapped[index], swapped[index + 1]] = [swapped[index + 1] ?? '', swapped[index] ?? ''];
        assert.equal(await faultType(call(method, swapped)), 'InvalidRequest', `${all[index]?.field.name} too late`);
      }
      const extra = [...all.map(({ xml }) => xml), '<extra>x</extra>'];
      assert.equal(await faultType(call(method, extra)), 'InvalidRequest');
    });
  }

  it('is served', () => {
    assert.deepEqual(
      allMethods()
        .filter(({ name }) => !servedMethods.has(name))
        .map(({ name }) => name),
      [],
    );
  });

  it('is refused without a session, unless it is open to everybody', async () => {
    const open = new Set(['Login', 'RetrieveServiceContent', 'RetrieveProperties', 'RetrievePropertiesEx', 'Fetch']);
    fixture.session.dropCookie();
    for (const method of allMethods()) {
      const type = await faultType(
        call(
          method,
          elements(method, true).map(({ xml }) => xml),
        ),
      );
      assert.equal(type, open.has(method.name) ? 'ManagedObjectNotFound' : 'NotAuthenticated', method.name);
    }
    await fixture.login(fixture.session);
  });
});
