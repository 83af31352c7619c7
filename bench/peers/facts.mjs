/* global Buffer */
// What every job on XML libraries reads, and the sum that it makes of it.
export const paths = [
  'name',
  'parent',
  'runtime.powerState',
  'runtime.host',
  'runtime.consolidationNeeded',
  'config.template',
  'snapshot',
];

/** The same sum as every client of the bench prints. */
export class Checksum {
  sum = 0;
  vms = 0;
  buffer = Buffer.allocUnsafe(262_144);

  add(vm) {
    const snapshots = [];
    const visit = (list, depth) => {
      for (const s of list) {
        snapshots.push(
          `|${depth},${s.id},${s.number},${s.name},${s.description},${Date.parse(s.createTime)},${s.state},${s.quiesced ? 1 : 0}`,
        );
        visit(s.children, depth + 1);
      }
    };
    visit(vm.roots, 1);
    const length = this.buffer.write(
      `${vm.id}|${vm.name}|${vm.parent}|${vm.powerState}|${vm.host}|${vm.consolidation ? 1 : 0}|${vm.template ? 1 : 0}|${vm.current}${snapshots.join('')}`,
    );
    let hash = 0x811c9dc5;
    for (let i = 0; i < length; i++) {
      hash = Math.imul(hash ^ this.buffer[i], 0x01000193);
    }
    this.sum = (this.sum + (hash >>> 0)) >>> 0;
    this.vms++;
  }

  toString() {
    return `${this.vms} ${this.sum.toString(16).padStart(8, '0')}`;
  }
}

export const newVm = () => ({
  id: '',
  name: '',
  parent: '',
  powerState: '',
  host: '',
  consolidation: false,
  template: false,
  current: '',
  roots: [],
});

export function setProperty(vm, name, text) {
  switch (name) {
    case 'name':
      vm.name = text;
      break;
    case 'parent':
      vm.parent = text;
      break;
    case 'runtime.powerState':
      vm.powerState = text;
      break;
    case 'runtime.host':
      vm.host = text;
      break;
    case 'runtime.consolidationNeeded':
      vm.consolidation = text === 'true';
      break;
    case 'config.template':
      vm.template = text === 'true';
      break;
  }
}
