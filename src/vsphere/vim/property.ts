import { LocalizedMethodFault } from './fault';
import {
  anyType,
  dataObject,
  enumeration,
  list,
  list1,
  managedObject,
  method,
  nothing,
  opt,
  reference,
  type TypeOf,
  xsdBoolean,
  xsdInt,
  xsdString,
} from './schema';

// PropertyCollector: reading and following properties.
// API reference: PropertyCollector, PropertyFilterSpec, UpdateSet.

export const SelectionSpec = dataObject('SelectionSpec', { name: opt(xsdString) });
export type SelectionSpec = TypeOf<typeof SelectionSpec>;

export const TraversalSpec = dataObject(
  'TraversalSpec',
  { type: xsdString, path: xsdString, skip: opt(xsdBoolean), selectSet: list(SelectionSpec) },
  SelectionSpec,
);
export type TraversalSpec = TypeOf<typeof TraversalSpec>;

export const PropertySpec = dataObject('PropertySpec', {
  type: xsdString,
  all: opt(xsdBoolean),
  pathSet: list(xsdString),
});
export type PropertySpec = TypeOf<typeof PropertySpec>;

export const ObjectSpec = dataObject('ObjectSpec', {
  obj: reference,
  skip: opt(xsdBoolean),
  selectSet: list(SelectionSpec),
});
export type ObjectSpec = TypeOf<typeof ObjectSpec>;

export const PropertyFilterSpec = dataObject('PropertyFilterSpec', {
  propSet: list1(PropertySpec),
  objectSet: list1(ObjectSpec),
  reportMissingObjectsInResults: opt(xsdBoolean),
});
export type PropertyFilterSpec = TypeOf<typeof PropertyFilterSpec>;

export const RetrieveOptions = dataObject('RetrieveOptions', { maxObjects: opt(xsdInt) });

/** On the wire `val` is required; real servers and vcsim leave it out for an unset property. */
export const DynamicProperty = dataObject('DynamicProperty', { name: xsdString, val: opt(anyType) });
export type DynamicProperty = TypeOf<typeof DynamicProperty>;

export const MissingProperty = dataObject('MissingProperty', { path: xsdString, fault: LocalizedMethodFault });
export type MissingProperty = TypeOf<typeof MissingProperty>;

export const ObjectContent = dataObject('ObjectContent', {
  obj: reference,
  propSet: list(DynamicProperty),
  missingSet: list(MissingProperty),
});
export type ObjectContent = TypeOf<typeof ObjectContent>;

export const RetrieveResult = dataObject('RetrieveResult', { token: opt(xsdString), objects: list(ObjectContent) });
export type RetrieveResult = TypeOf<typeof RetrieveResult>;

const PropertyChangeOp = enumeration('PropertyChangeOp', 'add', 'remove', 'assign', 'indirectRemove');
export const PropertyChange = dataObject('PropertyChange', {
  name: xsdString,
  op: PropertyChangeOp,
  val: opt(anyType),
});
export type PropertyChange = TypeOf<typeof PropertyChange>;

const ObjectUpdateKind = enumeration('ObjectUpdateKind', 'modify', 'enter', 'leave');
export const ObjectUpdate = dataObject('ObjectUpdate', {
  kind: ObjectUpdateKind,
  obj: reference,
  changeSet: list(PropertyChange),
  missingSet: list(MissingProperty),
});
export type ObjectUpdate = TypeOf<typeof ObjectUpdate>;

export const MissingObject = dataObject('MissingObject', { obj: reference, fault: LocalizedMethodFault });

export const PropertyFilterUpdate = dataObject('PropertyFilterUpdate', {
  filter: reference,
  objectSet: list(ObjectUpdate),
  missingSet: list(MissingObject),
});
export type PropertyFilterUpdate = TypeOf<typeof PropertyFilterUpdate>;

export const UpdateSet = dataObject('UpdateSet', {
  version: xsdString,
  filterSet: list(PropertyFilterUpdate),
  truncated: opt(xsdBoolean),
});
export type UpdateSet = TypeOf<typeof UpdateSet>;

export const WaitOptions = dataObject('WaitOptions', { maxWaitSeconds: opt(xsdInt), maxObjectUpdates: opt(xsdInt) });

/** Filters and collectors are gone with their session. */
export const PropertyCollector = managedObject('PropertyCollector', { filter: list(reference) });
export const PropertyFilter = managedObject('PropertyFilter', { spec: PropertyFilterSpec, partialUpdates: xsdBoolean });

const on = 'PropertyCollector';
export const CreatePropertyCollector = method('CreatePropertyCollector', on, {}, reference);
export const DestroyPropertyCollector = method('DestroyPropertyCollector', on, {}, nothing);
export const CreateFilter = method(
  'CreateFilter',
  on,
  { spec: PropertyFilterSpec, partialUpdates: xsdBoolean },
  reference,
);
export const DestroyPropertyFilter = method('DestroyPropertyFilter', 'PropertyFilter', {}, nothing);
/** The form of before 4.1, which older clients still use: everything in one reply. */
export const RetrieveProperties = method(
  'RetrieveProperties',
  on,
  { specSet: list1(PropertyFilterSpec) },
  list(ObjectContent),
);
export const RetrievePropertiesEx = method(
  'RetrievePropertiesEx',
  on,
  { specSet: list1(PropertyFilterSpec), options: RetrieveOptions },
  opt(RetrieveResult),
);
export const ContinueRetrievePropertiesEx = method(
  'ContinueRetrievePropertiesEx',
  on,
  { token: xsdString },
  RetrieveResult,
);
export const CancelRetrievePropertiesEx = method('CancelRetrievePropertiesEx', on, { token: xsdString }, nothing);
export const WaitForUpdatesEx = method(
  'WaitForUpdatesEx',
  on,
  { version: opt(xsdString), options: opt(WaitOptions) },
  opt(UpdateSet),
);
export const CancelWaitForUpdates = method('CancelWaitForUpdates', on, {}, nothing);
/** The form of before 4.1: waits without a limit, never truncates. */
export const WaitForUpdates = method('WaitForUpdates', on, { version: opt(xsdString) }, UpdateSet);
/** The form of before 4.1: answers at once. */
export const CheckForUpdates = method('CheckForUpdates', on, { version: opt(xsdString) }, opt(UpdateSet));
/** One property of any object. Not in the API reference, served by every server, and what pyVmomi reads with. */
export const Fetch = method('Fetch', 'ManagedObject', { prop: xsdString }, opt(anyType));
