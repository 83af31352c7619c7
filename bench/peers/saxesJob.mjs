import { SaxesParser } from 'saxes';
import { Checksum, newVm, setProperty } from './facts.mjs';
import { runJob } from './soapJob.mjs';

// fetch, and saxes for the XML.
await runJob((bytes) => {
  const vms = [];
  let vm;
  let property = '';
  let text = '';
  const snapshots = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => {
    text = '';
    if (name === 'objects') {
      vm = newVm();
      vms.push(vm);
    } else if (name === 'rootSnapshotList' || name === 'childSnapshotList') {
      const snapshot = { children: [] };
      (snapshots.at(-1)?.children ?? vm.roots).push(snapshot);
      snapshots.push(snapshot);
    }
  });
  parser.on('text', (piece) => {
    text += piece;
  });
  parser.on('closetag', ({ name }) => {
    const snapshot = snapshots.at(-1);
    if (name === 'rootSnapshotList' || name === 'childSnapshotList') {
      snapshots.pop();
    } else if (snapshot !== undefined) {
      if (name === 'snapshot') snapshot.id = text;
      else if (name === 'id') snapshot.number = text;
      else if (name === 'name') snapshot.name = text;
      else if (name === 'description') snapshot.description = text;
      else if (name === 'createTime') snapshot.createTime = text;
      else if (name === 'state') snapshot.state = text;
      else if (name === 'quiesced') snapshot.quiesced = text === 'true';
    } else if (vm !== undefined) {
      if (name === 'obj') vm.id = text;
      else if (name === 'name') property = text;
      else if (name === 'currentSnapshot') vm.current = text;
      else if (name === 'val' && property !== 'snapshot') setProperty(vm, property, text);
    }
    text = '';
  });
  parser.write(bytes.toString('utf8')).close();
  const checksum = new Checksum();
  vms.forEach((each) => checksum.add(each));
  return checksum.toString();
});
