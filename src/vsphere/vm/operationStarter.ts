import { throwIfCancelled } from '../../common/cancellation';
import type { Logger } from '../../common/logger';
import { isCancelled } from '../../common/cancellation';
import type { Started } from '../../hypervisor/client';
import { HypervisorError } from '../../hypervisor/errors';
import type { Operation } from '../../hypervisor/model/operation';
import { outcomeUnknown } from '../connectionErrors';
import { FaultError } from '../faults/faultError';
import { translateError } from '../faults/translateFault';
import { taskIdOf } from '../ids';
import type { Session } from '../session';
import { UncertainReplyError } from '../soapClient';
import type { Endpoint } from '../soap/transport';
import type { ManagedObjectReference } from '../vim/schema';
import { requestFor, takePlain, type OperationRequest } from './operationRequest';

// A rename is done when it is answered, and a busy vCenter takes its time before it hands out a task.
const writeSilenceLimitMs = 180_000;

/** Sends operations, each once. */
export class OperationStarter {
  private lacksCreateSnapshotEx = false;

  constructor(
    private readonly session: Session,
    private readonly endpoint: Endpoint,
    private readonly logger: Logger,
  ) {}

  /**
   * @throws HypervisorError of kind `outcomeUnknown` when the request may have arrived and no answer came; any other
   * error means that nothing was started.
   */
  async start(operation: Operation, signal?: AbortSignal): Promise<Started> {
    throwIfCancelled(signal);
    try {
      const task = await this.send(operation, signal);
      return { taskId: task === undefined ? undefined : taskIdOf(task) };
    } catch (error) {
      throw this.meaningOf(error, operation);
    }
  }

  private async send(
    operation: Operation,
    signal: AbortSignal | undefined,
  ): Promise<ManagedObjectReference | undefined> {
    if (operation.kind === 'take' && this.lacksCreateSnapshotEx) {
      return await this.sendOnce(takePlain(operation), signal);
    }
    const request = requestFor(operation, this.session.apiVersion);
    try {
      return await this.sendOnce(request, signal);
    } catch (error) {
      // A method that a server does not have has done nothing.
      if (operation.kind !== 'take' || request.method.name !== 'CreateSnapshotEx_Task' || !isUnknownMethod(error)) {
        throw error;
      }
    }
    this.logger.info('The server does not have CreateSnapshotEx_Task; using CreateSnapshot_Task.');
    this.lacksCreateSnapshotEx = true;
    return await this.sendOnce(takePlain(operation), signal);
  }

  private async sendOnce(
    request: OperationRequest,
    signal: AbortSignal | undefined,
  ): Promise<ManagedObjectReference | undefined> {
    return await request.send(this.session, { lane: 'write', silenceLimitMs: writeSilenceLimitMs, signal });
  }

  private meaningOf(error: unknown, operation: Operation): unknown {
    if (error instanceof UncertainReplyError) {
      return outcomeUnknown(
        operation.kind,
        `no answer to ${operation.kind}: ${error.message}`,
        this.endpoint,
        error.cause,
      );
    }
    if (error instanceof FaultError && error.report.fault === undefined) {
      // vSphere says which fault it is. Something between has spoken, and may have let the request through.
      return outcomeUnknown(operation.kind, error.message, this.endpoint, translateError(error));
    }
    const translated = translateError(error);
    if (!(translated instanceof HypervisorError) && !isCancelled(translated)) {
      this.logger.error(`The operation ${operation.kind} failed in an unexpected way`, translated);
    }
    return translated;
  }
}

const unknownMethodFaults: ReadonlySet<string> = new Set(['MethodNotFound', 'NotImplemented']);

/** Whether a server says that it has no such method, in one of the ways in which servers do. */
function isUnknownMethod(error: unknown): boolean {
  return (
    error instanceof FaultError &&
    (unknownMethodFaults.has(error.report.type) ||
      error.report.message.startsWith('Unable to resolve WSDL method name'))
  );
}
