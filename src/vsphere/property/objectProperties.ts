import type { Logger } from '../../common/logger';
import type { MethodFault } from '../vim/fault';
import type { ObjectContent } from '../vim/property';
import type { ManagedObjectReference, ManagedType, ValueAt } from '../vim/schema';
import { declaredField, fits } from './propertyValue';

/** What was read of one object. A property without a value is unset, unreadable, or was of another type than declared. */
export class ObjectProperties<P extends object> {
  private readonly values = new Map<string, unknown>();
  private readonly faults = new Map<string, MethodFault>();

  constructor(
    readonly reference: ManagedObjectReference,
    type: ManagedType<P>,
    content: ObjectContent,
    logger: Logger,
  ) {
    for (const { name, val } of content.propSet) {
      const field = declaredField(type, name);
      if (val === undefined || field === undefined) {
        continue;
      }
      if (fits(field, val)) {
        this.values.set(name, val);
      } else {
        logger.warn(
          `The server gave ${name} of ${reference.key} a value of an unexpected type; it is taken for unset.`,
        );
      }
    }
    for (const { path, fault } of content.missingSet) {
      this.faults.set(path, fault.fault);
    }
  }

  get<Path extends string>(path: Path): ValueAt<P, Path> | undefined {
    return this.values.get(path) as ValueAt<P, Path> | undefined;
  }

  /** One item of a list, by a path that ends with its key. */
  item(path: string): unknown {
    return this.values.get(path);
  }

  /** Why a property could not be read. */
  faultOf(path: string): MethodFault | undefined {
    return this.faults.get(path);
  }
}
