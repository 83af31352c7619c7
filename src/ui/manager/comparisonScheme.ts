/** Of addresses of documents that say how a VM is configured in one of its states. */
export const comparisonScheme = 'vsphere-snapshots-configuration';
