import { findManagedType } from '../../vsphere/vim/registry';
import type { ManagedType } from '../../vsphere/vim/schema';

// Names of managed object types that exist in vim25 but of which this server has no objects. Clients name them in their
// requests all the same, as they would at any server, and must not be told that there is no such type.
const others: ReadonlySet<string> = new Set(
  `Alarm AlarmManager CertificateManager ClusterEVCManager ClusterProfile ClusterProfileManager CryptoManager
  CryptoManagerHost CryptoManagerHostKMS CryptoManagerKmip CustomFieldsManager CustomizationSpecManager
  DatastoreNamespaceManager DiagnosticManager DistributedVirtualSwitch DistributedVirtualSwitchManager
  EnvironmentBrowser ExtensibleManagedObject ExtensionManager FailoverClusterConfigurator FailoverClusterManager
  FileManager GuestOperationsManager HealthUpdateManager HostDatastoreBrowser HostLocalAccountManager HostProfile
  HostProfileManager HostSnmpSystem HostSpecificationManager HttpNfcLease InventoryView IoFilterManager IpPoolManager
  LicenseAssignmentManager LicenseManager LocalizationManager OpaqueNetwork OverheadMemoryManager OvfManager
  PerformanceManager Profile ProfileComplianceManager ProfileManager ResourcePlanningManager ScheduledTask
  ScheduledTaskManager ServiceManager SiteInfoManager StoragePod StorageQueryManager StorageResourceManager
  TenantTenantManager UserDirectory VcenterVStorageObjectManager VirtualDiskManager
  VirtualMachineCompatibilityChecker VirtualMachineGuestCustomizationManager VirtualMachineProvisioningChecker
  VirtualizationManager VmwareDistributedVirtualSwitch`.split(/\s+/),
);

export function isManagedTypeName(name: string): boolean {
  return name === 'ManagedObject' || others.has(name) || findManagedType(name) !== undefined;
}

/** Whether objects of `type` are of the type called `ancestor`. */
export function isManagedA(type: ManagedType, ancestor: string): boolean {
  if (ancestor === 'ManagedObject') {
    return true;
  }
  for (let at: ManagedType | undefined = type; at !== undefined; at = at.base) {
    if (at.name === ancestor) {
      return true;
    }
  }
  return false;
}
