import { type Disposable, DisposableStore } from '../../common/disposable';
import { Emitter } from '../../common/event';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ObjectId } from '../../hypervisor/model/ids';
import { type Protection, protectionOf } from '../../hypervisor/protection/protection';
import { type ProtectedPaths, protectedPaths } from '../../hypervisor/protection/protectedPaths';
import type { ProtectionMarks } from '../../servers/protectionMarks';
import type { Settings } from './settings';

/** Says what is protected, by what the person has marked and set. Operations and views ask the same one. */
export class ProtectionResolver implements Disposable {
  private readonly changed = new Emitter<void>();
  private readonly resources = new DisposableStore();
  private paths: ProtectedPaths;
  private hasPaths: boolean;

  /** Other objects are protected than before, or for another reason. Servers tell their own mark themselves. */
  readonly onDidChange = this.changed.event;

  constructor(
    settings: Pick<Settings, 'get' | 'onDidChange'>,
    private readonly marks: Pick<ProtectionMarks, 'isMarked' | 'hasAny' | 'onDidChange'>,
  ) {
    [this.paths, this.hasPaths] = readPaths(settings);
    this.resources.add(this.changed);
    this.resources.add(
      settings.onDidChange((affects) => {
        if (affects('safety.protectedPaths')) {
          [this.paths, this.hasPaths] = readPaths(settings);
          this.changed.fire();
        }
      }),
    );
    this.resources.add(
      marks.onDidChange(() => {
        this.changed.fire();
      }),
    );
  }

  /** Why an object is protected; undefined when it is not. @param objectId - undefined for the server itself */
  of(connection: HypervisorConnection, objectId: ObjectId | undefined): Protection | undefined {
    // Asked for every row: with nothing protected nobody has to know what a VM lies in.
    if (!connection.isProtected && !this.marks.hasAny && !this.hasPaths) {
      return undefined;
    }
    return protectionOf(connection, objectId, {
      isMarked: (serverId, id) => this.marks.isMarked(serverId, id),
      paths: this.paths,
    });
  }

  dispose(): void {
    this.resources.dispose();
  }
}

function readPaths(settings: Pick<Settings, 'get'>): [paths: ProtectedPaths, hasPaths: boolean] {
  const patterns = settings.get('safety.protectedPaths');
  return [protectedPaths(patterns), patterns.length > 0];
}
