import { escapeAttribute, escapeText } from '../../vsphere/soap/vimEncoder';
import type { Access } from '../access/accessControl';
import type { ManagedObject, Registry } from '../model/registry';
import type { Kind, StateByKind } from '../model/states';
import { PropertyReader } from '../projection/readProperty';
import type { ServiceView, Viewer } from '../projection/viewer';
import { VersionedEncoder } from '../server/versionedEncoder';
import type { PropertyPath } from './propertyPath';
import { Rendered } from './rendered';

// Longer ones are rare in what is asked of every VM, and would be what fills the memory.
const maxKeptLength = 4_096;

interface Kept {
  state: StateByKind[Kind];
  /** By the slot of the path; empty for a property that is unset. */
  texts: (string | undefined)[];
}

/**
 * Writes the properties of objects, and keeps what it has written for as long as the state that it shows.
 *
 * @remarks Large inventories are read again and again, by every client and after every reconnect, and hardly change. Only
 * for readers who may read everything. A value is kept when nothing but the object's own state went into it, which is
 * found out while it is written.
 */
export class ValueTexts {
  private readonly kept = new WeakMap<ManagedObject, Kept>();

  /** An object with its properties, as a read gives it. */
  content(object: ManagedObject, paths: readonly PropertyPath[], viewer: Viewer): Rendered {
    let xml = reference(object);
    for (const [path, text] of this.texts(object, paths, viewer)) {
      xml += `<propSet><name>${escapeText(path.text)}</name>${text}</propSet>`;
    }
    return new Rendered(xml);
  }

  /** The same as a waiting client is told it when the object enters its view. */
  entered(object: ManagedObject, paths: readonly PropertyPath[], viewer: Viewer): Rendered {
    let xml = `<kind>enter</kind>${reference(object)}`;
    for (const [path, text] of this.texts(object, paths, viewer)) {
      xml += `<changeSet><name>${escapeText(path.text)}</name><op>assign</op>${text}</changeSet>`;
    }
    return new Rendered(xml);
  }

  private *texts(
    object: ManagedObject,
    paths: readonly PropertyPath[],
    viewer: Viewer,
  ): Generator<readonly [PropertyPath, string]> {
    const kept = this.keptOf(object);
    let witness: Witness | undefined;
    let reader: PropertyReader | undefined;
    for (const path of paths) {
      let text = path.slot === undefined ? undefined : kept.texts[path.slot];
      if (text === undefined) {
        witness ??= new Witness(viewer);
        reader ??= new PropertyReader(object, object.state, witness);
        text = render(path, reader);
        if (path.slot !== undefined && !witness.hasLooked && text.length <= maxKeptLength) {
          kept.texts[path.slot] = text;
        }
        if (witness.hasLooked) {
          // A property may have looked on behalf of another one: of what they share nothing is kept, and the rest is read anew.
          witness = undefined;
          reader = undefined;
        }
      }
      if (text !== '') {
        yield [path, text];
      }
    }
  }

  private keptOf(object: ManagedObject): Kept {
    const known = this.kept.get(object);
    if (known === undefined) {
      const fresh: Kept = { state: object.state, texts: [] };
      this.kept.set(object, fresh);
      return fresh;
    }
    if (known.state !== object.state) {
      known.state = object.state;
      known.texts = [];
    }
    return known;
  }
}

function reference({ ref }: ManagedObject): string {
  return `<obj type="${escapeAttribute(ref.type)}">${escapeText(ref.value)}</obj>`;
}

/** A value with its tags; empty for none. */
function render(path: PropertyPath, reader: PropertyReader): string {
  const value = reader.read(path);
  if (value === undefined) {
    return '';
  }
  const encoder = new VersionedEncoder(path.version);
  encoder.anyOf('val', path.field, value);
  return encoder.toString();
}

/** Notes whether a property looked at anything but the state of its own object. */
class Witness implements Viewer {
  hasLooked = false;

  constructor(private readonly viewer: Viewer) {}

  get registry(): Registry {
    this.hasLooked = true;
    return this.viewer.registry;
  }

  get service(): ServiceView {
    this.hasLooked = true;
    return this.viewer.service;
  }

  get nowMs(): number {
    this.hasLooked = true;
    return this.viewer.nowMs;
  }

  get session(): Viewer['session'] {
    this.hasLooked = true;
    return this.viewer.session;
  }

  readonly access: Access = {
    // The same for all readers for whom this is done.
    readsEverything: true,
    rolesOn: (entity) => {
      this.hasLooked = true;
      return this.viewer.access.rolesOn(entity);
    },
    has: (object, privilege) => {
      this.hasLooked = true;
      return this.viewer.access.has(object, privilege);
    },
  };
}
