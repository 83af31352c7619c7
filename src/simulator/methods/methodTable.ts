import type { ServedMethod } from '../server/call';
import { authorizationMethods } from './authorizationMethods';
import { entityMethods } from './entityMethods';
import { powerMethods } from './powerMethods';
import { propertyMethods } from './propertyMethods';
import { searchMethods } from './searchMethods';
import { serviceMethods } from './serviceMethods';
import { sessionMethods } from './sessionMethods';
import { snapshotMethods } from './snapshotMethods';
import { taskMethods } from './taskMethods';
import { viewMethods } from './viewMethods';
import { vmMethods } from './vmMethods';

/** Every method that is served, by its name on the wire. */
export const servedMethods: ReadonlyMap<string, ServedMethod> = new Map(
  [
    ...serviceMethods,
    ...sessionMethods,
    ...propertyMethods,
    ...viewMethods,
    ...searchMethods,
    ...authorizationMethods,
    ...taskMethods,
    ...snapshotMethods,
    ...powerMethods,
    ...vmMethods,
    ...entityMethods,
  ].map((served) => [served.method.name, served]),
);
