import assert from 'node:assert/strict';
import { encodeFault, encodeRequest, encodeResponse } from '../../../../src/vsphere/soap/envelope';
import { SchemaError } from '../../../../src/vsphere/soap/schemaError';
import {
  EncodeError,
  escapeAttribute,
  escapeText,
  isWritable,
  VimEncoder,
} from '../../../../src/vsphere/soap/vimEncoder';
import { InvalidPowerState, TaskInProgress } from '../../../../src/vsphere/vim/fault';
import { RetrievePropertiesEx, TraversalSpec } from '../../../../src/vsphere/vim/property';
import { ManagedObjectReference, typed } from '../../../../src/vsphere/vim/schema';
import { CurrentTime, Login, Logout } from '../../../../src/vsphere/vim/service';
import { CreateSnapshot_Task, RenameSnapshot } from '../../../../src/vsphere/vim/snapshot';
import { envelope, faultOf, outcomeOf, requestOf } from './codecSupport';

const vm = new ManagedObjectReference('VirtualMachine', 'vm-1');
const snapshot = new ManagedObjectReference('VirtualMachineSnapshot', 'snapshot-7');

describe('encodeRequest', () => {
  it('writes the arguments in the order of the schema, whatever their order in the program', () => {
    const xml = encodeRequest(CreateSnapshot_Task, vm, { quiesce: false, memory: true, name: 'a' });
    assert.equal(
      xml,
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
        '<soapenv:Body><CreateSnapshot_Task xmlns="urn:vim25"><_this type="VirtualMachine">vm-1</_this>' +
        '<name>a</name><memory>true</memory><quiesce>false</quiesce></CreateSnapshot_Task>' +
        '</soapenv:Body></soapenv:Envelope>',
    );
  });

  it('puts the operation id into the header', () => {
    const xml = encodeRequest(
      CurrentTime,
      new ManagedObjectReference('ServiceInstance', 'ServiceInstance'),
      {},
      'ext-1<',
    );
    assert.ok(xml.includes('<soapenv:Header><operationID>ext-1&lt;</operationID></soapenv:Header><soapenv:Body>'));
  });

  it('leaves out what is unset and writes what is empty', () => {
    assert.ok(
      encodeRequest(RenameSnapshot, snapshot, { description: '' }).includes('</_this><description></description></'),
    );
    assert.ok(encodeRequest(RenameSnapshot, snapshot, {}).includes('</_this></RenameSnapshot>'));
  });

  it('gives a subtype its xsi:type and inherited fields first', () => {
    const xml = encodeRequest(RetrievePropertiesEx, new ManagedObjectReference('PropertyCollector', 'pc'), {
      specSet: [
        {
          propSet: [{ type: 'VirtualMachine', pathSet: ['name'] }],
          objectSet: [
            {
              obj: new ManagedObjectReference('ContainerView', 'v'),
              skip: true,
              selectSet: [
                typed(TraversalSpec, { name: 'view', type: 'ContainerView', path: 'view', skip: false, selectSet: [] }),
              ],
            },
          ],
        },
      ],
      options: { maxObjects: 1000 },
    });
    assert.ok(
      xml.includes(
        '<specSet><propSet><type>VirtualMachine</type><pathSet>name</pathSet></propSet>' +
          '<objectSet><obj type="ContainerView">v</obj><skip>true</skip><selectSet xsi:type="TraversalSpec">' +
          '<name>view</name><type>ContainerView</type><path>view</path><skip>false</skip></selectSet></objectSet></specSet>' +
          '<options><maxObjects>1000</maxObjects></options>',
      ),
      xml,
    );
  });

  it('refuses an argument that is missing', () => {
    assert.throws(() => encodeRequest(CreateSnapshot_Task, vm, { name: 'a' } as never), EncodeError);
    assert.throws(
      () => encodeRequest(RetrievePropertiesEx, vm, { specSet: [], options: {} }),
      /needs at least one item/,
    );
  });

  it('can be read back, also with hostile text', () => {
    const name = ` <&>"'\r\n\t]]> %2f 007 \u{1f600} é\u0085\u2028 `;
    const xml = encodeRequest(CreateSnapshot_Task, vm, { name, description: '', memory: false, quiesce: false }, 'op');
    const body = /<soapenv:Body>(.*)<\/soapenv:Body>/s.exec(xml)?.[1] ?? '';
    assert.deepEqual(requestOf([CreateSnapshot_Task], body).args, {
      name,
      description: '',
      memory: false,
      quiesce: false,
    });
  });

  it('refuses text that XML cannot carry before anything is sent', () => {
    for (const text of ['\u0000', '\u0008', '\u001f', '\ufffe', '\uffff', '\ud800', '\udc00x']) {
      assert.equal(isWritable(text), false);
      assert.throws(() => encodeRequest(RenameSnapshot, snapshot, { name: `a${text}` }), EncodeError);
    }
    assert.equal(isWritable('\t\n\r \ud7ff\ue000\ufffd\u{10ffff}'), true);
  });
});

describe('escaping', () => {
  it('writes a carriage return so that it survives, and markup as entities', () => {
    assert.equal(escapeText('a\r\n<&>"'), 'a&#13;\n&lt;&amp;&gt;"');
    assert.equal(escapeAttribute('"\t\n<'), '&quot;&#9;&#10;&lt;');
  });
});

describe('ResponseReader', () => {
  it('passes over a header', () => {
    const xml = envelope(
      '<CurrentTimeResponse xmlns="urn:vim25"><returnval>t</returnval></CurrentTimeResponse>',
    ).replace(
      '<soapenv:Body>',
      '<soapenv:Header><x><CurrentTimeResponse>no</CurrentTimeResponse></x></soapenv:Header><soapenv:Body>',
    );
    assert.deepEqual(outcomeOf(CurrentTime, xml), { result: 't' });
  });

  it('refuses what is not the answer to the call', () => {
    const cases: [xml: string, message: RegExp][] = [
      ['<html/>', /not a SOAP envelope/],
      ['<Envelope><Body/></Envelope>', /not a SOAP envelope/],
      [envelope(''), /nothing in it/],
      [envelope('<LoginResponse xmlns="urn:vim25"/>'), /in place of the response/],
      [envelope('<CurrentTimeResponse/>'), /in place of the response/],
      [envelope('<CurrentTimeResponse xmlns="urn:vim25"/>'), /returnval is missing/],
      [envelope('<LogoutResponse xmlns="urn:vim25"/>'.repeat(2)), /in place of/],
    ];
    for (const [xml, message] of cases) {
      assert.throws(
        () => outcomeOf(CurrentTime, xml),
        (error: Error) => {
          assert.ok(error instanceof SchemaError);
          assert.match(error.message, message);
          return true;
        },
      );
    }
  });

  it('refuses a second response', () => {
    const one = '<LogoutResponse xmlns="urn:vim25"/>';
    assert.deepEqual(outcomeOf(Logout, envelope(one)), { result: undefined });
    assert.throws(() => outcomeOf(Logout, envelope(one + one)), /more than one response/);
  });

  it('reads what encodeResponse and encodeFault write', () => {
    assert.deepEqual(outcomeOf(CurrentTime, encodeResponse(CurrentTime, '2026-01-01T00:00:00Z')), {
      result: '2026-01-01T00:00:00Z',
    });
    const task = new ManagedObjectReference('Task', 'task-1');
    const outcome = outcomeOf(Login, encodeFault(typed(TaskInProgress, { faultMessage: [], task }), 'busy <'));
    assert.deepEqual(outcome, {
      fault: {
        code: 'ServerFaultCode',
        message: 'busy <',
        detail: { $type: 'TaskInProgress', faultMessage: [], task },
        declaredType: 'TaskInProgress',
      },
    });
  });
});

describe('a fault', () => {
  const text = '<faultcode>ServerFaultCode</faultcode><faultstring>Why.</faultstring>';

  it('has its type from xsi:type', () => {
    const fault = faultOf(
      Login,
      `${text}<detail><RuntimeFaultFault xmlns="urn:vim25" xsi:type="InvalidPowerState">` +
        '<requestedState>poweredOn</requestedState><existingState>poweredOff</existingState></RuntimeFaultFault></detail>',
    );
    assert.equal(fault.message, 'Why.');
    assert.deepEqual(fault.detail, {
      $type: InvalidPowerState.name,
      faultMessage: [],
      requestedState: 'poweredOn',
      existingState: 'poweredOff',
    });
  });

  it('has its type from the element where xsi:type is left out, with the suffix once or twice', () => {
    for (const element of ['InvalidLoginFault', 'InvalidLoginFaultFault', 'InvalidLogin']) {
      assert.equal(
        faultOf(Login, `${text}<detail><${element} xmlns="urn:vim25"/></detail>`).detail?.$type,
        'InvalidLogin',
      );
    }
  });

  it('keeps the name of a type that is not known, and what it was declared as', () => {
    const fault = faultOf(
      Login,
      `${text}<detail><NoDiskSpaceFault xmlns="urn:vim25" xsi:type="NoMoreDiskSpaceAtAll"><file>f</file>` +
        '<datastore>DS</datastore><percent>100</percent></NoDiskSpaceFault></detail>',
    );
    assert.equal(fault.declaredType, 'NoDiskSpace');
    assert.deepEqual(fault.detail, { $type: 'NoMoreDiskSpaceAtAll', faultMessage: [], file: 'f', datastore: 'DS' });
    const unknown = faultOf(
      Login,
      `${text}<detail><NewFault xmlns="urn:vim25" xsi:type="New"><a/></NewFault></detail>`,
    );
    assert.deepEqual([unknown.detail?.$type, unknown.declaredType], ['New', undefined]);
  });

  it('is read even when it lacks a field, an xsi:type, text or the whole detail', () => {
    assert.deepEqual(
      faultOf(Login, `${text}<detail><TaskInProgressFault xmlns="urn:vim25" xsi:type="TaskInProgress"/></detail>`)
        .detail,
      { $type: 'TaskInProgress', faultMessage: [] },
    );
    assert.deepEqual(faultOf(Login, '<faultcode>Client</faultcode><faultstring/>'), {
      code: 'Client',
      message: '',
      detail: undefined,
      declaredType: undefined,
    });
    assert.equal(faultOf(Login, `${text}<detail/>`).detail, undefined);
    assert.equal(faultOf(Login, `${text}<detail>plain</detail>`).detail, undefined);
  });

  it('carries its cause and messages', () => {
    const fault = faultOf(
      Login,
      `${text}<detail><SystemErrorFault xmlns="urn:vim25" xsi:type="SystemError"><faultCause>` +
        '<fault xsi:type="NoDiskSpace"><file>f</file><datastore>DS</datastore></fault><localizedMessage>full</localizedMessage>' +
        '</faultCause><faultMessage><key>k</key><message>first</message></faultMessage><reason>r</reason>' +
        '</SystemErrorFault></detail>',
    );
    assert.equal(fault.detail?.faultCause?.fault.$type, 'NoDiskSpace');
    assert.equal(fault.detail.faultMessage[0]?.message, 'first');
  });
});

describe('VimEncoder', () => {
  it('writes values of type anyType with their type', () => {
    const encoder = new VimEncoder();
    for (const value of [
      'a',
      true,
      7,
      2 ** 40,
      1.5,
      vm,
      ['x'],
      [7],
      [],
      { $type: 'TraversalSpec', type: 'T', path: 'p', selectSet: [] },
    ]) {
      encoder.element('v', { kind: 'any' }, value);
    }
    assert.equal(
      encoder.toString(),
      '<v xsi:type="xsd:string">a</v><v xsi:type="xsd:boolean">true</v><v xsi:type="xsd:int">7</v>' +
        '<v xsi:type="xsd:long">1099511627776</v><v xsi:type="xsd:double">1.5</v>' +
        '<v type="VirtualMachine" xsi:type="ManagedObjectReference">vm-1</v>' +
        '<v xsi:type="ArrayOfString"><string xsi:type="xsd:string">x</string></v>' +
        '<v xsi:type="ArrayOfInt"><int xsi:type="xsd:int">7</int></v><v xsi:type="ArrayOfAnyType"></v>' +
        '<v xsi:type="TraversalSpec"><type>T</type><path>p</path></v>',
    );
    assert.throws(() => {
      new VimEncoder().element('v', { kind: 'any' }, { $type: 'Unheard' });
    }, EncodeError);
  });
});
