import { list, managedObject, method, opt, reference, xsdBoolean, xsdString } from './schema';

// SearchIndex: finding an entity without walking the inventory.

export const SearchIndex = managedObject('SearchIndex', {});

const on = 'SearchIndex';
/** Path from, and without, the root folder; names as the server writes them, with `/` as `%2f`. */
export const FindByInventoryPath = method('FindByInventoryPath', on, { inventoryPath: xsdString }, opt(reference));
export const FindChild = method('FindChild', on, { entity: reference, name: xsdString }, opt(reference));
export const FindByUuid = method(
  'FindByUuid',
  on,
  { datacenter: opt(reference), uuid: xsdString, vmSearch: xsdBoolean, instanceUuid: opt(xsdBoolean) },
  opt(reference),
);
export const FindAllByUuid = method(
  'FindAllByUuid',
  on,
  { datacenter: opt(reference), uuid: xsdString, vmSearch: xsdBoolean, instanceUuid: opt(xsdBoolean) },
  list(reference),
);
export const FindByDnsName = method(
  'FindByDnsName',
  on,
  { datacenter: opt(reference), dnsName: xsdString, vmSearch: xsdBoolean },
  opt(reference),
);
export const FindByIp = method(
  'FindByIp',
  on,
  { datacenter: opt(reference), ip: xsdString, vmSearch: xsdBoolean },
  opt(reference),
);
export const FindByDatastorePath = method(
  'FindByDatastorePath',
  on,
  { datacenter: reference, path: xsdString },
  opt(reference),
);
