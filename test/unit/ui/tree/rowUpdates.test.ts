import assert from 'node:assert/strict';
import { ManualClock } from '../../../../src/common/clock';
import { OperationHistory } from '../../../../src/operations/operationHistory';
import { activityOf } from '../../../../src/ui/text/vmActivity';
import { describeNode } from '../../../../src/ui/text/rows';
import { RefreshScheduler } from '../../../../src/ui/tree/refreshScheduler';
import { RowUpdates } from '../../../../src/ui/tree/rowUpdates';
import { ShownRows } from '../../../../src/ui/tree/shownRows';
import type { TreeElement } from '../../../../src/ui/tree/treeElement';
import type { KnownSizes, RowContext } from '../../../../src/ui/text/rowContext';
import { chain, container, objectId, serverTask, snapshotId, vm } from '../../../support/domainBuilders';
import { tracked } from '../../../support/operationBuilder';
import { connectionWith, rowContext } from '../../../support/rowFixtures';
import { viewModelOf } from './viewFixtures';
import type { ScriptedConnection } from '../../../support/scriptedHypervisor';

describe('row updates', () => {
  let clock: ManualClock;
  let connection: ScriptedConnection;
  let history: OperationHistory;
  let updates: RowUpdates;
  let drawn: (readonly string[])[];
  let sizes: KnownSizes | undefined;

  beforeEach(() => {
    clock = new ManualClock();
    connection = connectionWith(vm('vm-1', { snapshots: chain('a') }), vm('vm-2'));
    history = new OperationHistory();
    drawn = [];
    const shown = new ShownRows();
    const model = viewModelOf(clock, () => [connection]);
    const { rows, view } = model;
    const context: RowContext = {
      ...rowContext({ rows, activity: (server, vmId) => activityOf(server, vmId, history), sizes: () => sizes }),
      get nowMs() {
        return clock.now();
      },
    };
    sizes = undefined;
    const draw = (element: TreeElement): void => {
      shown.setNode(element, view.current(element.node) ?? element.node);
      element.drawn = describeNode(element.node, context);
      for (const child of shown.setChildren(element, view.childrenOf(element.node))) {
        draw(child);
      }
    };
    const scheduler = new RefreshScheduler(clock, (ids) => {
      drawn.push([...(ids ?? ['everything'])].sort());
      for (const id of ids ?? []) {
        const element = shown.get(id);
        assert.ok(element);
        draw(element);
      }
    });
    for (const element of shown.setChildren(undefined, [{ kind: 'server', connection }])) {
      draw(element);
    }
    updates = new RowUpdates({ clock, history, model, shown, scheduler, rowContext: context });
    updates.follow([connection]);
  });

  afterEach(() => {
    updates.dispose();
  });

  /** What is drawn within `ms`. */
  function within(ms: number): (readonly string[])[] {
    drawn = [];
    clock.advance(ms);
    return drawn;
  }

  it('draws a VM when its facts change', () => {
    connection.inventory.put([vm('vm-1', { powerState: 'off', snapshots: chain('a') })]);
    assert.deepEqual(within(1_000), [['server-1/vm-1']]);
  });

  it('draws a VM when a task begins, moves on at most every two seconds, and ends at once', () => {
    const task = (progressPercent: number) => serverTask('t', { vmId: objectId('vm-1'), progressPercent });
    connection.runningTasks.update([task(0)]);
    assert.deepEqual(within(0), [['server-1/vm-1']]);
    for (let percent = 1; percent <= 19; percent++) {
      connection.runningTasks.update([task(percent)]);
      clock.advance(100);
    }
    assert.deepEqual(drawn.length, 1);
    assert.deepEqual(within(200), [['server-1/vm-1']]);
    connection.runningTasks.update([{ ...task(100), state: 'succeeded' }]);
    assert.deepEqual(within(200), [['server-1/vm-1']]);
  });

  it('draws a VM when an operation of this window is announced', () => {
    const { id } = history.add(tracked({ connection, state: 'waiting' }));
    assert.deepEqual(within(200), [['server-1/vm-1']]);
    history.update(id, { state: 'cancelled' });
    assert.deepEqual(within(200), [['server-1/vm-1']]);
    history.clearEnded();
    assert.deepEqual(within(200), []);
  });

  it('draws at once that an operation has gone from waiting to running', () => {
    const { id } = history.add(tracked({ connection, state: 'waiting' }));
    assert.deepEqual(within(200), [['server-1/vm-1']]);
    history.update(id, { state: 'running' });
    assert.deepEqual(within(200), [['server-1/vm-1']]);
    history.update(id, { progressPercent: 10 });
    assert.deepEqual(within(200), [['server-1/vm-1']]);
    history.update(id, { progressPercent: 11 });
    assert.deepEqual(within(1_000), []);
    assert.deepEqual(within(1_000), [['server-1/vm-1']]);
  });

  it('leaves VMs alone that are not shown', () => {
    connection.runningTasks.update([serverTask('t', { vmId: objectId('elsewhere') })]);
    assert.deepEqual(within(10_000), []);
  });

  it('draws a server when its state changes', () => {
    connection.setState({ kind: 'connecting' });
    assert.deepEqual(within(200), [['server-1']]);
  });

  it('draws the number of VMs rarely, but while they come in as it moves', () => {
    const folder = container('f', 'folder', { folders: null });
    connection.inventory.put([folder]);
    within(60_000);
    const arrive = (from: number, seconds: number): number => {
      drawn = [];
      for (let i = 0; i < seconds; i++) {
        connection.inventory.put([vm(`late-${from + i}`, { placement: { folders: folder.id } })]);
        clock.advance(1_000);
      }
      return drawn.filter((ids) => ids.includes('server-1')).length;
    };
    assert.equal(arrive(0, 60), 3);
    connection.setState({ kind: 'loading' });
    within(60_000);
    assert.equal(arrive(100, 60), 31);
  });

  it('forgets a server that is removed while its VMs are looked at for their age', () => {
    // Each look at it takes a millisecond, so that not all VMs fit into one turn.
    class PassingClock extends ManualClock {
      private passedMs = 0;

      override now(): number {
        return super.now() + this.passedMs++;
      }
    }
    const passing = new PassingClock();
    const large = connectionWith(...Array.from({ length: 1_000 }, (_, i) => vm(`vm-${i}`, { snapshots: chain('a') })));
    let servers = [large];
    const model = viewModelOf(passing, () => servers, { layout: 'snapshots' });
    const late = new RowUpdates({
      clock: passing,
      history,
      model,
      shown: new ShownRows(),
      scheduler: new RefreshScheduler(passing, () => undefined),
      rowContext: rowContext({ rows: model.rows }),
    });
    late.follow(servers);
    passing.schedule(3_600_000, () => {
      servers = [];
      model.reset();
      late.follow(servers);
    });
    passing.advance(3_600_000);
    assert.equal(model.overview.isEmpty, true);
    late.dispose();
  });

  it('draws once an hour what has aged, and nothing else', () => {
    assert.deepEqual(within(3_599_000), []);
    // `a` was an hour old and is two hours old now; vm-2 has nothing that ages.
    const ids = within(1_000).flat();
    assert.deepEqual(ids, ['server-1/vm-1', 'server-1/vm-1/a']);
    assert.deepEqual(within(3_600_000).flat(), ['server-1/vm-1', 'server-1/vm-1/a']);
  });

  it('draws snapshots whose sizes have become known, unless they say so already when they have been opened', () => {
    const [first] = connection.inventory.allVms();
    assert.ok(first);
    const tellSize = (bytes: number): void => {
      const size = { diskBytes: bytes, memoryBytes: 0, liveBytes: 0 };
      sizes = {
        sizes: {
          bySnapshot: new Map([[snapshotId('a'), size]]),
          totalBytes: bytes,
          leftoverBytes: 0,
          measuredAtMs: clock.now(),
        },
        readAtMs: clock.now(),
      };
      updates.sizesRead(connection, first);
    };
    tellSize(2 ** 20);
    assert.deepEqual(within(249), []);
    assert.deepEqual(within(1_000), [['server-1/vm-1/a']]);
    tellSize(2 ** 20);
    assert.deepEqual(within(1_000), []);
    tellSize(2 ** 21);
    tellSize(2 ** 22);
    assert.deepEqual(within(1_000), [['server-1/vm-1/a']]);
  });

  it('tells that an inventory has changed', () => {
    let told = 0;
    updates.onDidChangeInventory(() => told++);
    connection.inventory.put([vm('vm-9')]);
    assert.equal(told, 1);
  });

  it('hears nothing more of a server that has left, nor after its end', () => {
    updates.follow([]);
    connection.setState({ kind: 'connecting' });
    connection.inventory.put([vm('vm-1')]);
    assert.deepEqual(within(5_000), []);
    updates.follow([connection]);
    updates.dispose();
    connection.setState({ kind: 'live' });
    history.add(tracked({ connection }));
    assert.deepEqual(within(4_000_000), []);
  });
});
