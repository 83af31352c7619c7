import assert from 'node:assert/strict';
import { SchemaError } from '../../../../src/vsphere/soap/schemaError';
import { xsdUri, xsiUri } from '../../../../src/vsphere/soap/namespaces';
import {
  RetrievePropertiesEx,
  type RetrieveResult,
  WaitForUpdatesEx,
  type UpdateSet,
} from '../../../../src/vsphere/vim/property';
import { ManagedObjectReference } from '../../../../src/vsphere/vim/schema';
import { CurrentTime, Login, RetrieveServiceContent } from '../../../../src/vsphere/vim/service';
import { CreateSnapshot_Task, CreateSnapshotEx_Task, RemoveSnapshot_Task } from '../../../../src/vsphere/vim/snapshot';
import { requestOf, resultOf } from './codecSupport';

const vm = new ManagedObjectReference('VirtualMachine', 'vm-1');

/** The value of the only property of the only object of a reply. */
function valueOf(val: string): unknown {
  const result = resultOf(
    RetrievePropertiesEx,
    `<returnval><objects><obj type="VirtualMachine">vm-1</obj><propSet><name>p</name>${val}</propSet></objects></returnval>`,
  ) as RetrieveResult;
  assert.equal(result.objects.length, 1);
  assert.deepEqual(result.objects[0]?.obj, vm);
  return result.objects[0].propSet[0]?.val;
}

describe('VimDecoder, reading a reply', () => {
  it('keeps text as it is, whatever it looks like', () => {
    for (const text of ['007', '1e3', 'true', ' x ', '', '\t', 'a\nb', '[object]', '__proto__']) {
      assert.equal(valueOf(`<val xsi:type="xsd:string">${text}</val>`), text);
    }
  });

  it('reads every scalar type', () => {
    const cases: [type: string, text: string, value: unknown][] = [
      ['boolean', 'true', true],
      ['boolean', ' 1 ', true],
      ['boolean', 'false', false],
      ['boolean', '0', false],
      ['int', '-2147483648', -2_147_483_648],
      ['int', ' +7 ', 7],
      ['short', '-32768', -32_768],
      ['byte', '127', 127],
      ['long', '9007199254740991', Number.MAX_SAFE_INTEGER],
      ['long', '9223372036854775807', 2 ** 63],
      ['double', '1.5e3', 1500],
      ['double', '-INF', -Infinity],
      ['double', 'NaN', NaN],
      ['float', '0.5', 0.5],
      ['dateTime', ' 2023-12-12T10:06:39Z ', '2023-12-12T10:06:39Z'],
      ['anyURI', 'https://x', 'https://x'],
      ['base64Binary', 'AAAA', 'AAAA'],
    ];
    for (const [type, text, value] of cases) {
      assert.deepEqual(valueOf(`<val xsi:type="xsd:${type}">${text}</val>`), value, `${type} ${text}`);
    }
  });

  it('refuses a value that is not of its type', () => {
    const cases: [type: string, text: string][] = [
      ['boolean', 'yes'],
      ['boolean', ''],
      ['int', '2147483648'],
      ['int', '1.0'],
      ['int', '0x10'],
      ['int', ''],
      ['long', '9223372036854775809000'],
      ['byte', '128'],
      ['double', ''],
      ['double', 'one'],
      ['double', '0x10'],
      ['double', 'Infinity'],
      ['double', 'constructor'],
    ];
    for (const [type, text] of cases) {
      assert.throws(() => valueOf(`<val xsi:type="xsd:${type}">${text}</val>`), SchemaError, `${type} "${text}"`);
    }
  });

  it('joins text that comments and CDATA cut', () => {
    assert.equal(valueOf('<val xsi:type="xsd:string">a<!-- -->b<![CDATA[<c>]]></val>'), 'ab<c>');
  });

  it('resolves xsi by namespace and not by prefix, as vcsim needs', () => {
    assert.equal(valueOf(`<val xmlns:XMLSchema-instance="${xsiUri}" XMLSchema-instance:type="xsd:int">7</val>`), 7);
    assert.equal(valueOf(`<val xmlns:s="${xsdUri}" xsi:type="s:int">7</val>`), 7);
  });

  it('tells the type of a reference from xsi:type', () => {
    for (const attributes of [
      'xsi:type="ManagedObjectReference" type="VirtualMachine"',
      'type="VirtualMachine" xsi:type="ManagedObjectReference"',
    ]) {
      assert.deepEqual(valueOf(`<val ${attributes}>vm-1</val>`), vm);
    }
  });

  it('reads lists: empty, of one, of several, with and without a type on each item', () => {
    assert.deepEqual(valueOf('<val xsi:type="ArrayOfString"></val>'), []);
    assert.deepEqual(valueOf('<val xsi:type="ArrayOfString"><string>a</string></val>'), ['a']);
    assert.deepEqual(valueOf('<val xsi:type="ArrayOfInt"><int xsi:type="xsd:int">1</int><int>2</int></val>'), [1, 2]);
    assert.deepEqual(
      valueOf(
        '<val xsi:type="ArrayOfManagedObjectReference">' +
          '<ManagedObjectReference type="VirtualMachine" xsi:type="ManagedObjectReference">vm-1</ManagedObjectReference>' +
          '<ManagedObjectReference type="Folder">group-v3</ManagedObjectReference></val>',
      ),
      [vm, new ManagedObjectReference('Folder', 'group-v3')],
    );
  });

  it('reads a nested data object with its lists', () => {
    const tree = (name: string, children: string): string =>
      `<snapshot type="VirtualMachineSnapshot">s-${name}</snapshot><vm type="VirtualMachine">vm-1</vm>` +
      `<name>${name}</name><description/><id>1</id><createTime>2023-12-12T10:06:39Z</createTime>` +
      `<state>poweredOff</state><quiesced>false</quiesced>${children}`;
    const value = valueOf(
      '<val xsi:type="VirtualMachineSnapshotInfo"><currentSnapshot type="VirtualMachineSnapshot">s-b</currentSnapshot>' +
        `<rootSnapshotList>${tree('a', `<childSnapshotList>${tree('b', '')}</childSnapshotList>`)}</rootSnapshotList></val>`,
    ) as { readonly $type: string; readonly rootSnapshotList: readonly { readonly childSnapshotList: object[] }[] };
    assert.equal(value.$type, 'VirtualMachineSnapshotInfo');
    assert.equal(value.rootSnapshotList.length, 1);
    assert.equal(value.rootSnapshotList[0]?.childSnapshotList.length, 1);
  });

  it('takes a property without a value for unset', () => {
    assert.equal(valueOf(''), undefined);
  });

  it('passes over elements, attributes and types that it does not know', () => {
    assert.equal(valueOf('<new xsi:type="Unheard"><x>1</x></new><val xsi:type="xsd:int" z="1">7</val>'), 7);
    assert.deepEqual(valueOf('<val xsi:type="Unheard"><x>1</x><val>2</val></val>'), { $type: 'Unheard' });
    assert.deepEqual(valueOf('<val xsi:type="ArrayOfUnheard"><Unheard/></val>'), { $type: 'ArrayOfUnheard' });
    assert.equal(valueOf('<val>untyped</val>'), undefined);
  });

  it('passes over elements of other namespaces', () => {
    const result = resultOf(CurrentTime, '<x:returnval xmlns:x="urn:other">no</x:returnval><returnval>yes</returnval>');
    assert.equal(result, 'yes');
  });

  it('keeps members of enumerations that came later', () => {
    assert.equal(valueOf('<val xsi:type="VirtualMachinePowerState">hibernated</val>'), 'hibernated');
  });

  it('reads fields in any order but not twice', () => {
    const about = (inner: string): string =>
      `<returnval><about>${inner}</about><propertyCollector type="PropertyCollector">pc</propertyCollector>` +
      '<rootFolder type="Folder">group-d1</rootFolder></returnval>';
    const fields = [
      'name',
      'fullName',
      'vendor',
      'version',
      'build',
      'osType',
      'productLineId',
      'apiType',
      'apiVersion',
    ];
    const inner = fields.map((name) => `<${name}>${name}</${name}>`);
    const content = resultOf(RetrieveServiceContent, about(inner.reverse().join(''))) as { about: { vendor: string } };
    assert.equal(content.about.vendor, 'vendor');
    assert.throws(() => resultOf(RetrieveServiceContent, about(inner.join('') + '<name>x</name>')), /given twice/);
    assert.throws(() => resultOf(RetrieveServiceContent, about(inner.slice(1).join(''))), /is missing/);
  });

  it('gives undefined for a reply without a value', () => {
    assert.equal(resultOf(WaitForUpdatesEx, ''), undefined);
  });

  it('refuses an element where text belongs', () => {
    assert.throws(() => valueOf('<val xsi:type="xsd:string"><b/></val>'), SchemaError);
  });

  it('reads what an update says of an unset property', () => {
    const set = resultOf(
      WaitForUpdatesEx,
      '<returnval><version>2</version><filterSet><filter type="PropertyFilter">f</filter><objectSet><kind>modify</kind>' +
        '<obj type="VirtualMachine">vm-1</obj><changeSet><name>snapshot</name><op>assign</op></changeSet>' +
        '</objectSet></filterSet><truncated>true</truncated></returnval>',
    ) as UpdateSet;
    assert.deepEqual(set.filterSet[0]?.objectSet[0]?.changeSet, [{ name: 'snapshot', op: 'assign' }]);
    assert.equal(set.truncated, true);
  });
});

describe('VimDecoder, reading a request as a real server does', () => {
  const call = (method: string, inner: string): string => `<${method} xmlns="urn:vim25">${inner}</${method}>`;
  const self = '<_this type="VirtualMachine">vm-1</_this>';
  const methods = [CreateSnapshot_Task, CreateSnapshotEx_Task, RemoveSnapshot_Task, Login];

  it('reads a call', () => {
    const request = requestOf(
      methods,
      call('CreateSnapshot_Task', `${self}<name>a</name><memory>true</memory><quiesce>false</quiesce>`),
    );
    assert.equal(request.method.name, 'CreateSnapshot_Task');
    assert.deepEqual(request.target, vm);
    assert.deepEqual(request.args, { name: 'a', memory: true, quiesce: false });
  });

  it('wants every element known, in order, and none missing', () => {
    const cases: [inner: string, message: RegExp][] = [
      [`${self}<memory>true</memory><name>a</name><quiesce>false</quiesce>`, /Got "memory" tag when expecting "name"/],
      [
        `${self}<name>a</name><quiesce>false</quiesce><memory>true</memory>`,
        /Got "quiesce" tag when expecting "memory"/,
      ],
      [`${self}<name>a</name><memory>true</memory>`, /Required property quiesce is missing/],
      [`<name>a</name>${self}<memory>true</memory><quiesce>false</quiesce>`, /expecting "_this"/],
      [
        `${self}<name>a</name><name>b</name><memory>true</memory><quiesce>false</quiesce>`,
        /Unexpected element tag "name"/,
      ],
      [`${self}<name>a</name><tags/><memory>true</memory><quiesce>false</quiesce>`, /Unexpected element tag "tags"/],
      ['<_this>vm-1</_this><name>a</name><memory>true</memory><quiesce>false</quiesce>', /without a type/],
    ];
    for (const [inner, message] of cases) {
      assert.throws(() => requestOf(methods, call('CreateSnapshot_Task', inner)), message);
    }
  });

  it('wants the dynamic type where it differs, and a fitting one', () => {
    const quiesce = (type: string, inner: string): string =>
      call(
        'CreateSnapshotEx_Task',
        `${self}<name>a</name><memory>false</memory><quiesceSpec xsi:type="${type}">${inner}</quiesceSpec>`,
      );
    const request = requestOf(methods, quiesce('VirtualMachineWindowsQuiesceSpec', '<timeout>15</timeout>'));
    assert.deepEqual(request.args['quiesceSpec'], { $type: 'VirtualMachineWindowsQuiesceSpec', timeout: 15 });
    assert.throws(() => requestOf(methods, quiesce('AboutInfo', '')), /is not a VirtualMachineGuestQuiesceSpec/);
    assert.throws(() => requestOf(methods, quiesce('Unheard', '')), SchemaError);
  });

  it('refuses methods that it does not know, two calls and none', () => {
    assert.throws(() => requestOf(methods, call('Destroy_Task', self)), /Unable to resolve WSDL method name/);
    const two = call(
      'RemoveSnapshot_Task',
      '<_this type="VirtualMachineSnapshot">s</_this><removeChildren>0</removeChildren>',
    );
    assert.throws(() => requestOf(methods, two + two), /more than one call/);
    assert.throws(() => requestOf(methods, ''), /nothing in it/);
  });
});
