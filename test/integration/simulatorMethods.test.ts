import assert from 'node:assert/strict';
import { servedMethods } from '../../src/simulator/methods/methodTable';
import { seededRandom } from '../../src/simulator/random/random';
import { VimEncoder } from '../../src/vsphere/soap/vimEncoder';
import { allMethods } from '../../src/vsphere/vim/registry';
import {
  type Field,
  ManagedObjectReference,
  type MethodType,
  type ObjectType,
  type VimType,
} from '../../src/vsphere/vim/schema';
import { SimulatorFixture } from '../support/simulatorFixture';

// Made from the schema: for each method, requests that a real server refuses.

const envelope = (body: string): string =>
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
  `<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

/** One element of a request: a leaf as it is written, or a data object with its own elements. */
interface Element {
  readonly field: Field;
  readonly leaf: string;
  readonly children: readonly Element[];
}

/** What a leaf may hold. */
function sample(type: Exclude<VimType, ObjectType>): unknown {
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
  }
}

// A selection of objects may select with selections, and so on for ever.
const maxDepth = 5;

/** An element with everything in it: also what is optional, down to some depth, below which only what is required. */
function elementOf(field: Field, depth = 0): Element {
  const { type } = field;
  if (type.kind !== 'object') {
    const encoder = new VimEncoder();
    encoder.element(field.name, type, sample(type));
    return { field, leaf: encoder.toString(), children: [] };
  }
  const children = type.fields().filter(({ optional }) => !optional || depth < maxDepth);
  return { field, leaf: '', children: children.map((each) => elementOf(each, depth + 1)) };
}

function write({ field: { name }, leaf, children }: Element): string {
  return leaf === '' ? `<${name}>${children.map(write).join('')}</${name}>` : leaf;
}

/** Every argument of a call, optional ones too. */
function elements(method: MethodType): Element[] {
  return method.parameters.fields().map((field) => elementOf(field));
}

/** Only what has to be there. */
function requiredElements(method: MethodType): string[] {
  return method.parameters
    .fields()
    .filter(({ optional }) => !optional)
    .map((field) => write(elementOf(field, maxDepth)));
}

interface Damage {
  readonly what: string;
  readonly xml: readonly string[];
}

// Of more elements than that the orders are drawn by chance.
const maxPermuted = 4;
const drawnOrders = 20;

/** Every order of so many elements but the right one; of many elements, some of them. */
function wrongOrders(count: number): number[][] {
  const right = Array.from({ length: count }, (_, index) => index);
  const isWrong = (order: readonly number[]): boolean => order.some((at, index) => at !== index);
  if (count > maxPermuted) {
    const random = seededRandom(count);
    const drawn = Array.from({ length: drawnOrders }, () =>
      right.map((at) => ({ at, key: random() })).sort((a, b) => a.key - b.key),
    );
    return drawn.map((order) => order.map(({ at }) => at)).filter(isWrong);
  }
  const orders = (left: readonly number[]): number[][] =>
    left.length === 0
      ? [[]]
      : left.flatMap((first) => orders(left.filter((each) => each !== first)).map((rest) => [first, ...rest]));
  return orders(right).filter(isWrong);
}

/** All that can be wrong with elements beside each other, at every depth. */
function* damages(all: readonly Element[], path = ''): Generator<Damage> {
  const whole = all.map(write);
  for (const order of wrongOrders(all.length)) {
    yield { what: `${path} in the order ${order.join(', ')}`, xml: order.map((at) => whole[at] ?? '') };
  }
  for (const [index, { field, children }] of all.entries()) {
    const place = `${path}/${field.name}`;
    const others = (replaced: string): string[] => whole.map((xml, at) => (at === index ? replaced : xml));
    if (!field.optional) {
      yield { what: `without ${place}`, xml: others('') };
    }
    if (!field.array) {
      yield { what: `${place} twice`, xml: others((whole[index] ?? '').repeat(2)) };
    }
    for (const { what, xml } of damages(children, place)) {
      yield { what, xml: others(`<${field.name}>${xml.join('')}</${field.name}>`) };
    }
  }
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
      const all = elements(method);
      // Understood, and only then found to be for an object that is not there.
      assert.equal(await faultType(call(method, all.map(write))), 'ManagedObjectNotFound');
      for (const { what, xml } of damages(all)) {
        assert.equal(await faultType(call(method, xml)), 'InvalidRequest', what);
      }
      const extra = [...all.map(write), '<extra>x</extra>'];
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
      const type = await faultType(call(method, requiredElements(method)));
      assert.equal(type, open.has(method.name) ? 'ManagedObjectNotFound' : 'NotAuthenticated', method.name);
    }
    await fixture.login(fixture.session);
  });
});
