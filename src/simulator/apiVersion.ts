// Versions of the API as clients announce them in SOAPAction. They are not to be compared as numbers: 6.9.1 and 6.8.7 were
// development versions between 6.7 and 7.0.

/** Newest first, as a vCenter 8.0.3 lists them. */
const released = [
  '8.0.3.0',
  '8.0.2.0',
  '8.0.1.0',
  '8.0.0.2',
  '8.0.0.1',
  '8.0.0.0',
  '7.0.3.2',
  '7.0.3.1',
  '7.0.3.0',
  '7.0.2.1',
  '7.0.2.0',
  '7.0.1.1',
  '7.0.1.0',
  '7.0.0.2',
  '7.0.0.0',
  '6.9.1',
  '6.8.7',
  '6.7.3',
  '6.7.2',
  '6.7.1',
  '6.7',
  '6.5',
  '6.0',
  '5.5',
  '5.1',
  '5.0',
  '4.1',
  '4.0',
  '2.5u2',
  '2.5',
] as const;

export type ApiVersion = (typeof released)[number];

export const newestVersion: ApiVersion = released[0];

/** What a client without a SOAPAction gets: the oldest there is. */
export const oldestVersion: ApiVersion = '2.5';

export function isApiVersion(text: string): text is ApiVersion {
  return (released as readonly string[]).includes(text);
}

/** The versions that a server of that version speaks, newest first. */
export function versionsUpTo(version: ApiVersion): readonly ApiVersion[] {
  return released.slice(released.indexOf(version));
}

/** Whether a server or client of `version` knows what came with `since`. */
export function knows(version: ApiVersion, since: string | undefined): boolean {
  if (since === undefined) {
    return true;
  }
  const index = (released as readonly string[]).indexOf(since);
  return index >= 0 && released.indexOf(version) <= index;
}

// Methods that came before 6.5, as far as a client that announces no version trips over them.
const methodsSince: Readonly<Record<string, ApiVersion>> = {
  RetrievePropertiesEx: '4.1',
  ContinueRetrievePropertiesEx: '4.1',
  CancelRetrievePropertiesEx: '4.1',
  WaitForUpdatesEx: '4.1',
  CreatePropertyCollector: '4.1',
  DestroyPropertyCollector: '4.1',
  RefreshStorageInfo: '4.0',
  FindAllByUuid: '4.0',
  ConsolidateVMDisks_Task: '5.0',
  EstimateStorageForConsolidateSnapshots_Task: '5.0',
  HasPrivilegeOnEntity: '5.0',
  HasPrivilegeOnEntities: '5.5',
  FetchUserPrivilegeOnEntities: '6.5',
};

/** First version that has the method. */
export function methodSince(name: string, declared: string | undefined): string | undefined {
  return declared ?? methodsSince[name];
}
