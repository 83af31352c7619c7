import type { Field } from '../../vsphere/vim/schema';
import type { ApiVersion } from '../apiVersion';
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

// Several clients at a time ask for different things.
const maxContents = 3;

interface Kept {
  state: StateByKind[Kind];
  /** By the slot of the path; empty for a property that is unset. */
  texts: (string | undefined)[];
  /** Of the lists of paths that were asked for last. */
  contents: { readonly paths: readonly PropertyPath[]; readonly content: Rendered }[];
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
  private readonly encoders = new Map<ApiVersion, ValueEncoder>();

  /** An object with its properties, as a read gives it. */
  content(object: ManagedObject, paths: readonly PropertyPath[], viewer: Viewer): Rendered {
    const { contents } = this.keptOf(object);
    const known = contents.find((each) => each.paths === paths);
    if (known !== undefined) {
      return known.content;
    }
    const texts = this.texts(object, paths, viewer);
    const pieces = [reference(object)];
    for (const [index, text] of texts.entries()) {
      if (text !== '') {
        pieces.push('<propSet>', nameOf(paths[index]), text, '</propSet>');
      }
    }
    const content = new Rendered(pieces.join(''));
    if (this.keepsAll(object, paths)) {
      contents.push({ paths, content });
      if (contents.length > maxContents) {
        contents.shift();
      }
    }
    return content;
  }

  /** The same as a waiting client is told it when the object enters its view. */
  entered(object: ManagedObject, paths: readonly PropertyPath[], viewer: Viewer): Rendered {
    const pieces = ['<kind>enter</kind>', reference(object)];
    for (const [index, text] of this.texts(object, paths, viewer).entries()) {
      if (text !== '') {
        pieces.push('<changeSet>', nameOf(paths[index]), '<op>assign</op>', text, '</changeSet>');
      }
    }
    return new Rendered(pieces.join(''));
  }

  private keepsAll(object: ManagedObject, paths: readonly PropertyPath[]): boolean {
    const { texts } = this.keptOf(object);
    return paths.every(({ slot }) => slot !== undefined && texts[slot] !== undefined);
  }

  /** The values of some paths with their tags; empty for those that are unset. */
  private texts(object: ManagedObject, paths: readonly PropertyPath[], viewer: Viewer): string[] {
    const kept = this.keptOf(object);
    let witness: Witness | undefined;
    let reader: PropertyReader | undefined;
    return paths.map((path) => {
      const known = path.slot === undefined ? undefined : kept.texts[path.slot];
      if (known !== undefined) {
        return known;
      }
      witness ??= new Witness(viewer);
      reader ??= new PropertyReader(object, object.state, witness);
      const text = this.written(path, reader.read(path));
      if (witness.hasLooked) {
        // Of what several paths share, one may have looked on behalf of another: the next one reads anew.
        witness = undefined;
        reader = undefined;
      } else if (path.slot !== undefined && text.length <= maxKeptLength) {
        kept.texts[path.slot] = text;
      }
      return text;
    });
  }

  private written({ field, version }: PropertyPath, value: unknown): string {
    if (value === undefined) {
      return '';
    }
    let encoder = this.encoders.get(version);
    if (encoder === undefined) {
      encoder = new ValueEncoder(version);
      this.encoders.set(version, encoder);
    }
    return encoder.write(field, value);
  }

  private keptOf(object: ManagedObject): Kept {
    const known = this.kept.get(object);
    if (known === undefined) {
      const fresh: Kept = { state: object.state, texts: [], contents: [] };
      this.kept.set(object, fresh);
      return fresh;
    }
    if (known.state !== object.state) {
      known.state = object.state;
      known.texts = [];
      known.contents = [];
    }
    return known;
  }
}

function reference({ ref }: ManagedObject): string {
  return `<obj type="${escapeAttribute(ref.type)}">${escapeText(ref.value)}</obj>`;
}

function nameOf(path: PropertyPath | undefined): string {
  return `<name>${escapeText(path?.text ?? '')}</name>`;
}

/** Writes one value after the other. */
class ValueEncoder extends VersionedEncoder {
  write(field: Field, value: unknown): string {
    try {
      this.anyOf('val', field, value);
    } catch (error) {
      // What was written of it must not come before the next one.
      this.take();
      throw error;
    }
    return this.take();
  }
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
