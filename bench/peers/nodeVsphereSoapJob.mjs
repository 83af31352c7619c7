/* global URL */
// node-vsphere-soap, which is made of soap and request. Three things are done for it that its users do by hand:
// - It reads the server's WSDL from a fixed path. Here it gets the five calls of the job from a file: vCenter's own is of
//   several megabytes, so its start is flattered.
// - Its first call names the service without a type.
// - What is empty, and what has attributes, comes as an object.
//   WSDL=FILE node nodeVsphereSoapJob.cjs URL USER PASSWORD
import soap from 'soap';
import nodeVsphereSoap from 'node-vsphere-soap';
import { Checksum, newVm, paths, setProperty } from './facts.mjs';

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');
process.on('warning', () => undefined);

const { Client } = nodeVsphereSoap;
const [url, user, password] = process.argv.slice(2);

const { createClient } = soap;
soap.createClient = (_, options, done) => createClient.call(soap, process.env.WSDL, options, done, url);

const { runCommand } = Client.prototype;
Client.prototype.runCommand = function (name, args) {
  const isBare = typeof args._this === 'string';
  return runCommand.call(
    this,
    name,
    isBare ? { ...args, _this: { attributes: { type: args._this }, $value: args._this } } : args,
  );
};

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const text = (value) => (typeof value === 'string' ? value : (value?.$value ?? ''));

const snapshot = (tree) => ({
  id: text(tree.snapshot),
  number: text(tree.id),
  name: text(tree.name),
  description: text(tree.description),
  createTime: text(tree.createTime),
  state: text(tree.state),
  quiesced: text(tree.quiesced) === 'true',
  children: list(tree.childSnapshotList).map(snapshot),
});

async function main() {
  const client = new Client(new URL(url).host, user, password, false);
  const call = (name, args) =>
    new Promise((resolve, reject) => {
      client.runCommand(name, args).once('result', resolve).once('error', reject);
    });
  await new Promise((resolve, reject) => {
    client.once('ready', resolve);
    client.once('error', reject);
  });
  const { serviceContent } = client;
  const { returnval: view } = await call('CreateContainerView', {
    _this: serviceContent.viewManager,
    container: serviceContent.rootFolder,
    type: ['VirtualMachine'],
    recursive: true,
  });
  const selectSet = [
    { attributes: { 'xsi:type': 'TraversalSpec' }, name: 'v', type: 'ContainerView', path: 'view', skip: false },
  ];
  const { returnval: reply } = await call('RetrievePropertiesEx', {
    _this: serviceContent.propertyCollector,
    specSet: [
      { propSet: [{ type: 'VirtualMachine', pathSet: paths }], objectSet: [{ obj: view, skip: true, selectSet }] },
    ],
    options: {},
  });
  const checksum = new Checksum();
  for (const { obj, propSet } of list(reply.objects)) {
    const vm = newVm();
    vm.id = text(obj);
    for (const { name, val } of list(propSet)) {
      if (text(name) === 'snapshot') {
        vm.current = text(val.currentSnapshot);
        vm.roots = list(val.rootSnapshotList).map(snapshot);
      } else {
        setProperty(vm, text(name), text(val));
      }
    }
    checksum.add(vm);
  }
  await call('Logout', { _this: serviceContent.sessionManager });
  console.log(checksum.toString());
  process.exit();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
