import assert from 'node:assert/strict';
import { ManualClock } from '../../../../src/common/clock';
import { Emitter } from '../../../../src/common/event';
import type { VirtualMachine } from '../../../../src/hypervisor/model/inventory';
import type { Protection } from '../../../../src/hypervisor/protection/protection';
import type { Operation } from '../../../../src/hypervisor/model/operation';
import { buildPlan } from '../../../../src/hypervisor/plan/buildPlan';
import { OperationHistory } from '../../../../src/operations/operationHistory';
import { InPlaceEdit } from '../../../../src/ui/commands/inPlaceEdit';
import { ManagerModel } from '../../../../src/ui/manager/managerModel';
import { PageChannel } from '../../../../src/ui/manager/pageChannel';
import type { CommandName } from '../../../../src/ui/text/commandIds';
import type { PlacedVm } from '../../../../src/ui/tree/favorites';
import type { ToHost } from '../../../../src/webview/protocol/toHost';
import type { PageParts, ToPage } from '../../../../src/webview/protocol/toPage';
import { RecordingLogger } from '../../../support/clientRig';
import { chain, detail, serverTask, snapshot as snapshotOf, snapshotId, vm } from '../../../support/domainBuilders';
import { tracked } from '../../../support/operationBuilder';
import { connectionWith, paris } from '../../../support/rowFixtures';
import { failure, type ScriptedConnection } from '../../../support/scriptedHypervisor';

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) {
    await Promise.resolve();
  }
};

/** A panel on a scripted server, whose page only remembers. */
class Scene {
  readonly clock = new ManualClock();
  readonly logger = new RecordingLogger();
  readonly history = new OperationHistory();
  readonly posted: ToPage[] = [];
  readonly ran: { readonly name: CommandName; readonly argument: unknown; end(): void }[] = [];
  readonly planned: Operation[] = [];
  parts: Partial<PageParts> = {};
  protection: Protection | undefined;
  readonly protectionChanged = new Emitter<void>();
  isFavorite = false;
  readonly favoritesChanged = new Emitter<readonly PlacedVm[]>();
  readonly connection: ScriptedConnection;
  readonly model: ManagerModel;

  constructor(machine: VirtualMachine = vm('vm-1', { name: 'SQL01', snapshots: chain('a', 'b') })) {
    this.connection = connectionWith(machine);
    this.model = new ManagerModel(
      'panel',
      { serverId: this.connection.id, isDemo: false, vmId: vm('vm-1').id, vmName: 'SQL01' },
      {
        directory: {
          all: () => [this.connection],
          facts: () => undefined,
          onDidChange: () => ({ dispose: () => undefined }),
        },
        history: this.history,
        operations: {
          plan: async (connection, operation) => {
            this.planned.push(operation);
            const now = connection.inventory.vm(operation.vmId) ?? vm('vm-1');
            return await Promise.resolve(
              buildPlan({
                detail: detail({ vm: now }),
                operation,
                missingPrivileges: [],
                isReadOnlyServer: false,
                space: [],
                backupPattern: () => undefined,
                nowMs: this.clock.now(),
              }),
            );
          },
        },
        protection: { of: () => this.protection, onDidChange: this.protectionChanged.event },
        favorites: { has: () => this.isFavorite, onDidChange: this.favoritesChanged.event },
        formats: paris,
        clock: this.clock,
        logger: this.logger,
        settings: () => ({ warnAfterDays: 3, oldAfterDays: 30, backupNamePatterns: [], offerSnapshotFirst: true }),
        onDidChangeSettings: () => ({ dispose: () => undefined }),
        run: (name, _node, argument) =>
          new Promise((end) => {
            this.ran.push({ name, argument, end });
          }),
        showLog: () => undefined,
        compare: () => Promise.resolve(),
      },
    );
    this.model.onDidPost((message) => {
      this.posted.push(message);
      if (message.type === 'update') {
        this.parts = { ...this.parts, ...(message.parts as Partial<PageParts>) };
      }
    });
    this.model.setVisible(true);
    this.say({ type: 'ready' });
  }

  say(message: ToHost): string | undefined {
    return this.model.receive(message);
  }

  async pass(ms = 500): Promise<void> {
    this.clock.advance(ms);
    await settle();
    this.clock.advance(50);
    await settle();
  }

  put(machine: VirtualMachine): void {
    this.connection.inventory.put([machine]);
  }

  get announced(): string[] {
    return this.posted.flatMap((message) => (message.type === 'announce' ? message.text : []));
  }
}

describe('the model of a panel', () => {
  it('tells everything once, and then only what has changed', async () => {
    const scene = new Scene();
    await scene.pass();
    assert.deepEqual(
      scene.parts.tree?.rows.map(({ name }) => name),
      ['a', 'b', 'You are here'],
    );
    scene.posted.length = 0;
    scene.put(vm('vm-1', { name: 'SQL01', powerState: 'off', snapshots: chain('a', 'b') }));
    await scene.pass();
    const told = scene.posted.flatMap((message) => (message.type === 'update' ? Object.keys(message.parts) : []));
    assert.deepEqual([...new Set(told)].sort(), ['header', 'tree']);
    scene.posted.length = 0;
    await scene.pass();
    assert.deepEqual(scene.posted, []);
  });

  it('tells nothing and reads nothing while nobody sees it', async () => {
    const scene = new Scene();
    await scene.pass();
    scene.model.setVisible(false);
    scene.posted.length = 0;
    scene.planned.length = 0;
    scene.put(vm('vm-1', { name: 'SQL01', snapshots: chain('a') }));
    await scene.pass(600_000);
    assert.deepEqual(
      scene.posted.filter(({ type }) => type === 'update'),
      [],
    );
    assert.deepEqual(scene.planned, []);
    scene.model.setVisible(true);
    await scene.pass();
    assert.equal(scene.parts.tree?.rows.length, 2);
  });

  it('says how the server stands, and that the VM is gone', async () => {
    const scene = new Scene();
    await scene.pass();
    scene.connection.setState({
      kind: 'reconnecting',
      sinceMs: scene.clock.now(),
      attempt: 1,
      error: failure('noAnswer'),
    });
    await scene.pass();
    assert.equal(scene.parts.status?.kind, 'stale');
    assert.equal(scene.parts.tree?.rows.length, 3);
    scene.connection.setState({ kind: 'live' });
    await scene.pass();
    assert.equal(scene.parts.status.kind, 'live');
    scene.connection.inventory.remove([vm('vm-1').id]);
    await scene.pass();
    assert.deepEqual([scene.parts.status.kind, scene.parts.tree.rows.length], ['gone', 0]);
  });

  it('says what is protected, for whichever reason, and no longer when it is not', async () => {
    const scene = new Scene();
    scene.protection = { kind: 'setting', pattern: 'Production/**' };
    scene.protectionChanged.fire();
    await scene.pass();
    assert.equal(scene.parts.header?.facts, 'running · 8 GB RAM · protected');
    scene.protection = undefined;
    scene.protectionChanged.fire();
    await scene.pass();
    assert.equal(scene.parts.header.facts, 'running · 8 GB RAM');
  });

  it('knows for its menu whether the VM is a favorite', async () => {
    const scene = new Scene();
    scene.isFavorite = true;
    scene.favoritesChanged.fire([]);
    await scene.pass();
    assert.match(scene.parts.header?.flags ?? '', /;favorite;/);
    scene.isFavorite = false;
    scene.favoritesChanged.fire([]);
    await scene.pass();
    assert.doesNotMatch(scene.parts.header?.flags ?? '', /;favorite;/);
  });

  it('refuses rows that do not exist', () => {
    const scene = new Scene();
    assert.notEqual(scene.say({ type: 'select', id: 'c' }), undefined);
    assert.notEqual(scene.say({ type: 'preview', kind: 'delete', id: 'c' }), undefined);
    assert.notEqual(scene.say({ type: 'preview', kind: 'delete', id: null }), undefined);
    assert.notEqual(scene.say({ type: 'preview', kind: 'deleteAll', id: 'a' }), undefined);
    assert.notEqual(scene.say({ type: 'compare', id: 'a', with: 'c' }), undefined);
    assert.notEqual(scene.say({ type: 'go', preview: 1 }), undefined);
    assert.notEqual(scene.say({ type: 'edit', id: 'a', revision: 0, name: 'x', description: '' }), undefined);
    assert.deepEqual(scene.ran, []);
  });

  it('goes on only with the preview that is shown, and once', async () => {
    const scene = new Scene();
    assert.equal(scene.say({ type: 'preview', kind: 'delete', id: 'a' }), undefined);
    assert.equal(scene.parts.preview?.isLoading, true);
    assert.notEqual(scene.say({ type: 'go', preview: 1 }), undefined, 'before it is planned');
    await scene.pass();
    assert.equal(scene.parts.preview.go, 'Delete 1 Snapshot...');
    assert.notEqual(scene.say({ type: 'go', preview: 2 }), undefined);
    scene.say({ type: 'go', preview: 1 });
    scene.say({ type: 'go', preview: 1 });
    assert.deepEqual(
      scene.ran.map(({ name }) => name),
      ['deleteSnapshot'],
    );
  });

  it('keeps a preview when the confirmation is given up, and ends it when the operation begins', async () => {
    const scene = new Scene();
    scene.say({ type: 'preview', kind: 'delete', id: 'a' });
    await scene.pass();
    scene.say({ type: 'go', preview: 1 });
    scene.ran[0]?.end();
    await scene.pass();
    assert.notEqual(scene.parts.preview, null);
    scene.say({ type: 'go', preview: 1 });
    const operation = { kind: 'delete', vmId: vm('vm-1').id, snapshotId: snapshotId('a') } as const;
    const running = tracked({ connection: scene.connection, operation, state: 'running' });
    const { id } = scene.history.add(running);
    await scene.pass();
    assert.equal(scene.parts.preview, null);
    assert.equal(scene.parts.activity?.row, 'a');
    scene.history.update(id, { state: 'succeeded', endedAtMs: scene.clock.now() });
    await scene.pass();
    assert.equal(scene.parts.activity, null);
    assert.equal(scene.announced.length, 1);
    assert.match(scene.announced[0] ?? '', /^Delete snapshot/);
  });

  it('plans a preview again when the VM changes', async () => {
    const scene = new Scene();
    scene.say({ type: 'preview', kind: 'deleteAll', id: null });
    await scene.pass();
    assert.equal(scene.parts.preview?.go, 'Delete 2 Snapshots...');
    scene.put(vm('vm-1', { name: 'SQL01', snapshots: chain('a', 'b', 'c') }));
    await scene.pass();
    assert.equal(scene.parts.preview.go, 'Delete 3 Snapshots...');
  });

  it('says what others do, on the row and in words', async () => {
    const scene = new Scene();
    scene.connection.runningTasks.update([serverTask('t', { vmId: vm('vm-1').id, progressPercent: 43 })]);
    await scene.pass();
    assert.deepEqual(scene.parts.activity, { row: '*present', text: 'deleting snapshot 43%', percent: 43 });
    scene.put(vm('vm-1', { name: 'SQL01', snapshots: chain('a') }));
    await scene.pass();
    assert.deepEqual(scene.announced, ["Snapshot 'b' was deleted."]);
  });

  it('edits on the basis of what was shown, and tells what somebody else has written', async () => {
    const scene = new Scene();
    scene.say({ type: 'select', id: 'a' });
    const revision = scene.parts.details?.revision ?? -1;
    assert.equal(scene.say({ type: 'edit', id: 'a', revision, name: 'x', description: 'y' }), undefined);
    assert.equal(scene.parts.edit?.state, 'saving');
    const [run] = scene.ran;
    assert.ok(run?.argument instanceof InPlaceEdit);
    assert.deepEqual(
      [run.name, run.argument.base.name, run.argument.texts],
      ['editSnapshot', 'a', { name: 'x', description: 'y' }],
    );
    run.argument.theirs = { name: 'theirs', description: '' };
    run.end();
    await scene.pass();
    assert.deepEqual([scene.parts.edit.state, scene.parts.edit.theirName], ['conflict', 'theirs']);
    assert.notEqual(
      scene.say({ type: 'edit', id: 'a', revision, name: 'x', description: 'y' }),
      undefined,
      'the old basis',
    );
    const now = scene.parts.edit.revision;
    assert.equal(scene.say({ type: 'edit', id: 'a', revision: now, name: 'x', description: 'y' }), undefined);
    const again = scene.ran[1]?.argument as InPlaceEdit;
    assert.equal(again.base.name, 'theirs');
    again.isDone = true;
    scene.ran[1]?.end();
    await scene.pass();
    assert.equal(scene.parts.edit, null);
  });

  it('tells of a change that came while somebody typed, also after a look at another row', async () => {
    const scene = new Scene();
    scene.say({ type: 'select', id: 'a' });
    const revision = scene.parts.details?.revision ?? -1;
    const renamed = { roots: [{ ...snapshotOf('a'), name: 'theirs' }], currentId: snapshotId('a') };
    scene.put(vm('vm-1', { name: 'SQL01', snapshots: renamed }));
    scene.say({ type: 'select', id: '*present' });
    scene.say({ type: 'select', id: 'a' });
    await scene.pass();
    assert.equal(scene.parts.details?.name, 'theirs');
    assert.equal(scene.say({ type: 'edit', id: 'a', revision, name: 'x', description: 'y' }), undefined);
    const edit = scene.ran[0]?.argument as InPlaceEdit;
    assert.equal(edit.base.name, 'a', 'what the person has begun with');
  });

  it('leaves what was typed open when an edit has failed', async () => {
    const scene = new Scene();
    scene.say({ type: 'select', id: 'a' });
    scene.say({ type: 'edit', id: 'a', revision: scene.parts.details?.revision ?? -1, name: 'x', description: 'y' });
    scene.ran[0]?.end();
    await scene.pass();
    assert.equal(scene.parts.edit?.state, 'open');
  });
});

describe('the channel to a page', () => {
  it('logs what it refuses without repeating it, and not without end', () => {
    const logger = new RecordingLogger();
    const clock = new ManualClock();
    const acted: string[] = [];
    const channel = new PageChannel(
      { post: () => undefined },
      ({ type }) => {
        acted.push(type);
        return undefined;
      },
      clock,
      logger,
    );
    for (let number = 0; number < 100; number++) {
      channel.receive({ type: 'select', id: { secret: 'secret' } });
    }
    assert.equal(logger.lines.length, 20);
    assert.ok(logger.lines.every((line) => !line.includes('secret')));
    clock.advance(120_000);
    channel.receive(undefined);
    assert.equal(logger.lines.length, 21);
    channel.receive({ type: 'ready' });
    channel.close();
    channel.receive({ type: 'ready' });
    assert.deepEqual(acted, ['ready']);
    assert.match(logger.lines.at(-1) ?? '', /after the panel was closed/);
  });

  it('does not let out a message that does not fit, nor an error', () => {
    const logger = new RecordingLogger();
    const posted: unknown[] = [];
    const channel = new PageChannel(
      { post: (message) => posted.push(message) },
      () => {
        throw new Error('broken');
      },
      new ManualClock(),
      logger,
    );
    channel.send({ type: 'announce', text: 'x'.repeat(5_000), isUrgent: false });
    assert.deepEqual(posted, []);
    channel.receive({ type: 'ready' });
    assert.equal(logger.lines.filter((line) => line.startsWith('error')).length, 2);
  });
});
