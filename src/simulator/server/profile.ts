import { ManagedObjectReference } from '../../vsphere/vim/schema';
import type { AboutInfo, ServiceContent } from '../../vsphere/vim/service';
import type { ApiVersion } from '../apiVersion';
import { EsxIds, type ObjectIds, VcenterIds } from '../model/objectIds';
import type { Kind } from '../model/states';

/** Which product answers. */
export interface Profile {
  readonly isEsx: boolean;
  readonly content: ServiceContent;
  readonly apiVersion: ApiVersion;
  /** The services that have a managed object here. */
  readonly services: readonly (readonly [Kind, string])[];
  newIds(): ObjectIds;
}

function ref(type: string, value: string): ManagedObjectReference {
  return new ManagedObjectReference(type, value);
}

const builds: Readonly<Partial<Record<ApiVersion, readonly [version: string, vcenter: string, esx: string]>>> = {
  '8.0.3.0': ['8.0.3', '24022515', '24022510'],
  '8.0.2.0': ['8.0.2', '22617221', '22380479'],
  '7.0.3.0': ['7.0.3', '18700403', '18644231'],
  '6.7.3': ['6.7.0', '14367737', '14320388'],
  '6.5': ['6.5.0', '4602587', '4564106'],
};

function about(apiVersion: ApiVersion, isEsx: boolean, instanceUuid: string): AboutInfo {
  const [version, vcenterBuild, esxBuild] = builds[apiVersion] ?? [apiVersion, '20000000', '20000001'];
  const build = isEsx ? esxBuild : vcenterBuild;
  const name = isEsx ? 'VMware ESXi' : 'VMware vCenter Server';
  return {
    name,
    fullName: `${name} ${version} build-${build}`,
    vendor: 'VMware, Inc.',
    version,
    patchLevel: '00000',
    build,
    localeVersion: 'INTL',
    localeBuild: '000',
    osType: isEsx ? 'vmnix-x86' : 'linux-x64',
    productLineId: isEsx ? 'embeddedEsx' : 'vpx',
    apiType: isEsx ? 'HostAgent' : 'VirtualCenter',
    apiVersion,
    ...(!isEsx && { instanceUuid }),
    licenseProductName: isEsx ? 'VMware ESX Server' : 'VMware VirtualCenter Server',
    licenseProductVersion: '8.0',
  };
}

/** A vCenter Server. Objects have the ids that a real one gives them. */
export function vcenterProfile(apiVersion: ApiVersion, instanceUuid: string): Profile {
  return {
    isEsx: false,
    apiVersion,
    content: {
      rootFolder: ref('Folder', 'group-d1'),
      propertyCollector: ref('PropertyCollector', 'propertyCollector'),
      viewManager: ref('ViewManager', 'ViewManager'),
      about: about(apiVersion, false, instanceUuid),
      setting: ref('OptionManager', 'VpxSettings'),
      sessionManager: ref('SessionManager', 'SessionManager'),
      authorizationManager: ref('AuthorizationManager', 'AuthorizationManager'),
      eventManager: ref('EventManager', 'EventManager'),
      taskManager: ref('TaskManager', 'TaskManager'),
      searchIndex: ref('SearchIndex', 'SearchIndex'),
    },
    services: [
      ['ServiceInstance', 'ServiceInstance'],
      ['PropertyCollector', 'propertyCollector'],
      ['ViewManager', 'ViewManager'],
      ['OptionManager', 'VpxSettings'],
      ['SessionManager', 'SessionManager'],
      ['AuthorizationManager', 'AuthorizationManager'],
      ['EventManager', 'EventManager'],
      ['TaskManager', 'TaskManager'],
      ['SearchIndex', 'SearchIndex'],
    ],
    newIds: () => new VcenterIds(),
  };
}

/** A standalone ESXi. */
export function esxProfile(apiVersion: ApiVersion): Profile {
  return {
    isEsx: true,
    apiVersion,
    content: {
      rootFolder: ref('Folder', 'ha-folder-root'),
      propertyCollector: ref('PropertyCollector', 'ha-property-collector'),
      viewManager: ref('ViewManager', 'ViewManager'),
      about: about(apiVersion, true, ''),
      setting: ref('OptionManager', 'HostAgentSettings'),
      sessionManager: ref('SessionManager', 'ha-sessionmgr'),
      authorizationManager: ref('AuthorizationManager', 'ha-authmgr'),
      eventManager: ref('EventManager', 'ha-eventmgr'),
      taskManager: ref('TaskManager', 'ha-taskmgr'),
      searchIndex: ref('SearchIndex', 'ha-searchindex'),
    },
    services: [
      ['ServiceInstance', 'ServiceInstance'],
      ['PropertyCollector', 'ha-property-collector'],
      ['ViewManager', 'ViewManager'],
      ['OptionManager', 'HostAgentSettings'],
      ['SessionManager', 'ha-sessionmgr'],
      ['AuthorizationManager', 'ha-authmgr'],
      ['EventManager', 'ha-eventmgr'],
      ['TaskManager', 'ha-taskmgr'],
      ['SearchIndex', 'ha-searchindex'],
    ],
    newIds: () => new EsxIds(),
  };
}
