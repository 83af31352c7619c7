import { findManagedType } from '../../vsphere/vim/registry';
import type { ManagedType } from '../../vsphere/vim/schema';

// Names of managed object types that exist in vim25 but of which this server has no objects. Clients name them in their
// requests all the same, as they would at any server, and must not be told that there is no such type.
const others: ReadonlySet<string> = new Set(
  `Alarm AlarmManager CertificateManager ClusterEVCManager ClusterProfile ClusterProfileManager CryptoManager
  CryptoManagerHost CryptoManagerHostKMS CryptoManagerKmip CustomFieldsManager CustomizationSpecManager
  DatastoreNamespaceManager DiagnosticManager DistributedVirtualSwitch DistributedVirtualSwitchManager
  EnvironmentBrowser ExtensibleManagedObject ExtensionManager FailoverClusterConfigurator FailoverClusterManager
  FileManager GuestAliasManager GuestAuthManager GuestFileManager GuestOperationsManager GuestProcessManager
  GuestWindowsRegistryManager HealthUpdateManager HostAccessManager HostActiveDirectoryAuthentication
  HostAssignableHardwareManager HostAuthenticationManager HostAuthenticationStore HostAutoStartManager
  HostBootDeviceSystem HostCacheConfigurationManager HostCertificateManager HostCpuSchedulerSystem
  HostDatastoreBrowser HostDatastoreSystem HostDateTimeSystem HostDiagnosticSystem HostDirectoryStore
  HostEsxAgentHostManager HostFirewallSystem HostFirmwareSystem HostGraphicsManager HostHealthStatusSystem
  HostImageConfigManager HostKernelModuleSystem HostLocalAccountManager HostLocalAuthentication HostMemorySystem
  HostNetworkSystem HostNvdimmSystem HostPatchManager HostPciPassthruSystem HostPowerSystem HostProfile
  HostProfileManager HostServiceSystem HostSnmpSystem HostSpecificationManager HostStorageSystem
  HostVFlashManager HostVMotionSystem HostVStorageObjectManager HostVirtualNicManager HostVsanInternalSystem
  HostVsanSystem HttpNfcLease InventoryView IoFilterManager IpPoolManager IscsiManager LicenseAssignmentManager
  LicenseManager LocalizationManager MessageBusProxy OpaqueNetwork OverheadMemoryManager OvfManager
  PerformanceManager Profile ProfileComplianceManager ProfileManager ResourcePlanningManager ScheduledTask
  ScheduledTaskManager ServiceManager SimpleCommand SiteInfoManager StoragePod StorageQueryManager
  StorageResourceManager TenantTenantManager UserDirectory VStorageObjectManagerBase
  VcenterVStorageObjectManager VirtualDiskManager VirtualMachineCompatibilityChecker
  VirtualMachineGuestCustomizationManager VirtualMachineProvisioningChecker VirtualizationManager
  VmwareDistributedVirtualSwitch VsanUpgradeSystem`.split(/\s+/),
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
