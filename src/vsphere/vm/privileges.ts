import type { Clock } from '../../common/clock';
import type { Logger } from '../../common/logger';
import type { ObjectId } from '../../hypervisor/model/ids';
import type { OperationKind } from '../../hypervisor/model/operation';
import { FaultError } from '../faults/faultError';
import { privilegeLabel } from '../faults/privilegeLabels';
import { referenceOf } from '../ids';
import type { PropertyReader } from '../property/propertyReader';
import type { Session } from '../session';
import { AuthorizationManager, HasPrivilegeOnEntities } from '../vim/service';
import { VirtualMachine } from '../vim/virtualMachine';

const privilegeOf: Readonly<Record<OperationKind, string>> = {
  take: 'VirtualMachine.State.CreateSnapshot',
  edit: 'VirtualMachine.State.RenameSnapshot',
  restore: 'VirtualMachine.State.RevertToSnapshot',
  restoreLatest: 'VirtualMachine.State.RevertToSnapshot',
  delete: 'VirtualMachine.State.RemoveSnapshot',
  deleteWithChildren: 'VirtualMachine.State.RemoveSnapshot',
  deleteAll: 'VirtualMachine.State.RemoveSnapshot',
  consolidate: 'VirtualMachine.State.RemoveSnapshot',
  powerOn: 'VirtualMachine.Interact.PowerOn',
};

const allPrivileges: readonly string[] = [...new Set(Object.values(privilegeOf))];

// Long enough for one dialog after another, short enough that a new role is noticed soon.
const rememberedMs = 60_000;

/** What the account may not do, asked for each VM at most once a minute. All of it is advice. */
export class Privileges {
  private readonly known = new Map<
    ObjectId,
    { readonly atMs: number; readonly granted: ReadonlySet<string> | undefined }
  >();

  constructor(
    private readonly session: Session,
    private readonly reader: PropertyReader,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** What an operation on a VM would lack, in the words of the vSphere Client; empty also when the server cannot say. */
  async missing(vmId: ObjectId, operation: OperationKind, signal?: AbortSignal): Promise<string[]> {
    const granted = await this.granted(vmId, signal);
    const needed = privilegeOf[operation];
    return granted === undefined || granted.has(needed) ? [] : [privilegeLabel(needed)];
  }

  /** To be called when the server has refused something: what was known is out of date. */
  forget(vmId: ObjectId): void {
    this.known.delete(vmId);
  }

  private async granted(vmId: ObjectId, signal: AbortSignal | undefined): Promise<ReadonlySet<string> | undefined> {
    const known = this.known.get(vmId);
    if (known !== undefined && this.clock.now() - known.atMs < rememberedMs) {
      return known.granted;
    }
    const granted = await this.ask(vmId, signal);
    this.known.set(vmId, { atMs: this.clock.now(), granted });
    return granted;
  }

  private async ask(vmId: ObjectId, signal: AbortSignal | undefined): Promise<ReadonlySet<string> | undefined> {
    const isVCenter = this.session.content.about.apiType === 'VirtualCenter';
    try {
      return await (isVCenter ? this.askDirectly(vmId, signal) : this.askForRoles(vmId, signal));
    } catch (error) {
      if (!(error instanceof FaultError)) {
        throw error;
      }
      this.logger.debug(`Privileges on ${vmId} cannot be found out: ${error.message}`);
      return undefined;
    }
  }

  private async askDirectly(vmId: ObjectId, signal: AbortSignal | undefined): Promise<ReadonlySet<string> | undefined> {
    const manager = this.session.content.authorizationManager;
    if (manager === undefined) {
      return undefined;
    }
    const vm = referenceOf(vmId);
    const args = { entity: [vm], sessionId: this.session.user.key, privId: allPrivileges };
    const answer = await this.session.call(HasPrivilegeOnEntities, manager, args, { signal });
    const ofVm = answer.find(({ entity }) => entity.key === vm.key);
    return ofVm === undefined
      ? undefined
      : new Set(ofVm.privAvailability.filter(({ isGranted }) => isGranted).map(({ privId }) => privId));
  }

  /** An ESXi only tells which roles one has on the VM, and what each of all roles allows. */
  private async askForRoles(vmId: ObjectId, signal: AbortSignal | undefined): Promise<ReadonlySet<string> | undefined> {
    const manager = this.session.content.authorizationManager;
    const [[vm], [authorization]] = await Promise.all([
      this.reader.read(VirtualMachine, [referenceOf(vmId)], ['effectiveRole'], signal),
      manager === undefined ? [] : this.reader.read(AuthorizationManager, [manager], ['roleList'], signal),
    ]);
    const roles = vm?.get('effectiveRole');
    const definitions = authorization?.get('roleList');
    if (roles === undefined || roles.length === 0 || definitions === undefined) {
      return undefined;
    }
    const own = definitions.filter(({ roleId }) => roles.includes(roleId));
    // A role without a definition may allow anything.
    return own.length < roles.length ? undefined : new Set(own.flatMap(({ privilege }) => privilege));
  }
}
