import { XMLParser } from 'fast-xml-parser';
import { Checksum, newVm, setProperty } from './facts.mjs';
import { runJob } from './soapJob.mjs';

// fetch, and fast-xml-parser for the XML, with the options without which names are changed.
await runJob((bytes) => {
  const parser = new XMLParser({
    ignoreAttributes: true,
    parseTagValue: false,
    trimValues: false,
    removeNSPrefix: true,
    htmlEntities: true,
    isArray: (name) => ['objects', 'propSet', 'rootSnapshotList', 'childSnapshotList'].includes(name),
  });
  const { objects = [] } = parser.parse(bytes.toString('utf8')).Envelope.Body.RetrievePropertiesExResponse.returnval;
  const toSnapshot = (node) => ({
    id: node.snapshot,
    number: node.id,
    name: node.name,
    description: node.description,
    createTime: node.createTime,
    state: node.state,
    quiesced: node.quiesced === 'true',
    children: (node.childSnapshotList ?? []).map(toSnapshot),
  });
  const checksum = new Checksum();
  for (const { obj, propSet = [] } of objects) {
    const vm = newVm();
    vm.id = obj;
    for (const { name, val } of propSet) {
      if (name === 'snapshot') {
        vm.current = val.currentSnapshot ?? '';
        vm.roots = (val.rootSnapshotList ?? []).map(toSnapshot);
      } else {
        setProperty(vm, name, val);
      }
    }
    checksum.add(vm);
  }
  return checksum.toString();
});
