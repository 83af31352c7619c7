import { Emitter } from '../../common/event';
import type { ObjectId, TaskId } from '../model/ids';
import { isEnded, type ServerTask } from '../model/task';
import type { TaskSink } from '../client';

/** The tasks that the server is carrying out now, by VM, but for mere estimates. Ended ones leave at once. */
export class RunningTasks implements TaskSink {
  private readonly byVm = new Map<ObjectId, Map<TaskId, ServerTask>>();
  private readonly changed = new Emitter<readonly ObjectId[]>();

  /** VMs whose running tasks have changed. */
  readonly onDidChange = this.changed.event;

  update(tasks: readonly ServerTask[]): void {
    const vms = new Set<ObjectId>();
    for (const task of tasks) {
      // Whoever plans anew when something happens to a VM would be told of the estimate for that very plan.
      if (task.vmId === undefined || task.isEstimate === true) {
        continue;
      }
      const ofVm = this.byVm.get(task.vmId) ?? new Map<TaskId, ServerTask>();
      if (!isEnded(task)) {
        this.byVm.set(task.vmId, ofVm.set(task.id, task));
      } else if (!ofVm.delete(task.id)) {
        continue;
      }
      if (ofVm.size === 0) {
        this.byVm.delete(task.vmId);
      }
      vms.add(task.vmId);
    }
    if (vms.size > 0) {
      this.changed.fire([...vms]);
    }
  }

  /** Forgets everything: after a gap nobody knows what is still running. */
  clear(): void {
    const vms = [...this.byVm.keys()];
    this.byVm.clear();
    if (vms.length > 0) {
      this.changed.fire(vms);
    }
  }

  /** The task that holds the VM: the one that runs, else the one that waits longest. */
  ofVm(vmId: ObjectId): ServerTask | undefined {
    let best: ServerTask | undefined;
    for (const task of this.byVm.get(vmId)?.values() ?? []) {
      if (best === undefined || before(task, best)) {
        best = task;
      }
    }
    return best;
  }
}

function before(a: ServerTask, b: ServerTask): boolean {
  if (a.state !== b.state) {
    return a.state === 'running';
  }
  return a.queuedAtMs < b.queuedAtMs;
}
