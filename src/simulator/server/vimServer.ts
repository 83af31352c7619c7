import type { Clock } from '../../common/clock';
import { DisposableStore, type Disposable } from '../../common/disposable';
import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import type { UserSession } from '../../vsphere/vim/service';
import { AccessControl, nobody } from '../access/accessControl';
import { type RoleSpec, rolesWith } from '../access/roles';
import { PropertyPaths } from '../collector/propertyPath';
import { ValueTexts } from '../collector/valueTexts';
import { History } from '../history/history';
import { ContainerViews } from '../model/containerViews';
import { type ManagedObject, Registry } from '../model/registry';
import type { ObjectIds } from '../model/objectIds';
import type { ServiceView, Viewer } from '../projection/viewer';
import type { Random } from '../random/random';
import type { Session } from '../session/session';
import { Sessions } from '../session/sessions';
import { Users, type UserSpec } from '../session/users';
import type { FaultValue } from '../state/faultValues';
import { type TaskRequest, TaskRunner } from '../tasks/taskRunner';
import type { Profile } from './profile';

export interface VimServerOptions {
  readonly profile: Profile;
  readonly clock: Clock;
  readonly random: Random;
  readonly users: readonly UserSpec[];
  readonly roles: readonly RoleSpec[];
  readonly speed: number;
  readonly sessionTimeoutSeconds: number;
  readonly maxSessions: number;
  /** A licence that forbids changes through the API. */
  readonly isRestricted: boolean;
  /** Tasks, and events, that it remembers. */
  readonly historyLength: number;
  /** Objects in one reply to a read, whatever the client asks; unset: no limit of the server's own. */
  readonly maxObjectsPerPage: number | undefined;
  injectedTaskFault(request: TaskRequest, task: ManagedObjectReference): FaultValue | undefined;
  /** How long work takes that is said to take so long; unset: just that. */
  readonly pace?: ((nominalMs: number) => number) | undefined;
}

/** A simulated server without its network: objects, accounts, sessions, tasks. What methods do is in methods/. */
export class VimServer implements Disposable, ServiceView {
  readonly registry = new Registry();
  readonly ids: ObjectIds;
  readonly clock: Clock;
  readonly random: Random;
  readonly accessControl: AccessControl;
  readonly users: Users;
  readonly sessionStore: Sessions;
  readonly tasks: TaskRunner;
  readonly history: History;
  readonly paths = new PropertyPaths();
  readonly texts = new ValueTexts();
  private readonly views: ContainerViews;
  private readonly disposables = new DisposableStore();
  private readonly timers = new Set<Disposable>();
  private scopedIds = 0;
  private currentProfile: Profile;

  constructor(readonly options: VimServerOptions) {
    const { profile, clock, random } = options;
    this.currentProfile = profile;
    this.clock = clock;
    this.random = random;
    this.ids = profile.newIds();
    this.users = new Users(options.users, clock);
    this.accessControl = new AccessControl(this.registry, rolesWith(options.roles), profile.content.rootFolder.value);
    this.sessionStore = this.disposables.add(
      new Sessions(clock, random, options.sessionTimeoutSeconds, (session) => {
        this.removeScoped(session);
      }),
    );
    this.tasks = this.disposables.add(
      new TaskRunner(
        this.registry,
        clock,
        this.ids,
        options.speed,
        (request, task) => options.injectedTaskFault(request, task),
        options.pace,
      ),
    );
    this.history = this.disposables.add(new History(this.registry, this.tasks, options.historyLength));
    this.registry.update((change) => {
      for (const [kind, id] of profile.services) {
        change.add(kind, id, kind === 'PropertyCollector' ? { filters: [] } : {});
      }
    });
    this.views = this.disposables.add(new ContainerViews(this.registry, (key) => this.accessOf(key)));
    this.disposables.add(
      this.registry.onDidChange((changes) => {
        for (const session of this.sessionStore.all) {
          for (const collector of session.collectors.values()) {
            collector.apply(changes);
          }
        }
      }),
    );
  }

  /** Which product answers, as which installation. */
  get profile(): Profile {
    return this.currentProfile;
  }

  /**
   * What a restart of the service does: sessions end and tasks that have ended are forgotten, but for the history. What is
   * running goes on: hosts carry it out.
   *
   * @param instanceUuid - of another installation at the same address; unset: it is the same as before
   */
  restart(instanceUuid?: string): void {
    this.sessionStore.closeAll();
    this.tasks.forgetEnded();
    if (instanceUuid !== undefined) {
      const { content } = this.currentProfile;
      const about = { ...content.about, instanceUuid };
      this.currentProfile = { ...this.currentProfile, content: { ...content, about } };
    }
  }

  get isEsx(): boolean {
    return this.profile.isEsx;
  }

  get content(): Profile['content'] {
    return this.profile.content;
  }

  /** How a session sees the inventory at this moment. */
  viewerFor(session: Session | undefined): Viewer {
    return {
      registry: this.registry,
      service: this,
      nowMs: this.clock.now(),
      access: session?.access ?? nobody,
      session: session?.info,
    };
  }

  sessions(): readonly UserSession[] {
    return this.sessionStore.all.map((session) => session.info);
  }

  sessionTimeoutSeconds(): number {
    return this.sessionStore.idleTimeoutSeconds;
  }

  recentTasks(entity: ManagedObjectReference | undefined): readonly ManagedObjectReference[] {
    return this.tasks.recentTasks(entity);
  }

  taskPage(collector: ManagedObject<'TaskHistoryCollector'>): ReturnType<ServiceView['taskPage']> {
    return this.history.latestTasks(collector.state.filter, collector.state.pageSize);
  }

  eventPage(collector: ManagedObject<'EventHistoryCollector'>): ReturnType<ServiceView['eventPage']> {
    return this.history.latestEvents(collector.state.filter, collector.state.pageSize);
  }

  latestEvent(): ReturnType<ServiceView['latestEvent']> {
    return this.history.latestEvent();
  }

  /** An id for an object that lives as long as a session, as vCenter writes them. */
  scopedId(session: Session): string {
    return `session[${session.key}]${(++this.scopedIds).toString(16).padStart(8, '0')}`;
  }

  /** Does something later, by the server's own clock, unless the server has gone by then. */
  later(delayMs: number, action: () => void): void {
    const timer = this.clock.schedule(delayMs, () => {
      this.timers.delete(timer);
      action();
    });
    this.timers.add(timer);
  }

  /** What sessions may see has changed: permissions, not objects. */
  refreshAccess(): void {
    this.views.refresh();
    for (const session of this.sessionStore.all) {
      for (const collector of session.collectors.values()) {
        collector.refresh();
      }
    }
  }

  dispose(): void {
    for (const timer of this.timers) {
      timer.dispose();
    }
    this.disposables.dispose();
  }

  private accessOf(sessionKey: string): Viewer['access'] {
    return this.sessionStore.byKey(sessionKey)?.access ?? nobody;
  }

  private removeScoped(session: Session): void {
    const kinds = ['ContainerView', 'ListView', 'PropertyFilter', 'PropertyCollector'] as const;
    const histories = ['TaskHistoryCollector', 'EventHistoryCollector'] as const;
    const scoped = [...kinds, ...histories].flatMap((kind) =>
      [...this.registry.all(kind)].filter((object) => object.session === session.key),
    );
    this.registry.update((change) => {
      for (const object of scoped) {
        change.remove(object);
      }
    });
  }
}
