// The library that makes certificates keeps notes on classes through "Reflect metadata", a proposal that Node does not
// implement. These four functions of it are all that it calls. To be imported before the library.

type Target = object;

const notes = new WeakMap<Target, Map<unknown, unknown>>();

const metadata = {
  defineMetadata: (key: unknown, value: unknown, target: Target): void => {
    const own = notes.get(target) ?? new Map<unknown, unknown>();
    notes.set(target, own.set(key, value));
  },
  getOwnMetadata: (key: unknown, target: Target): unknown => notes.get(target)?.get(key),
  hasOwnMetadata: (key: unknown, target: Target): boolean => notes.get(target)?.has(key) ?? false,
  getMetadata: (key: unknown, target: Target): unknown => {
    for (let at: Target | null = target; at !== null; at = Object.getPrototypeOf(at) as Target | null) {
      if (metadata.hasOwnMetadata(key, at)) {
        return metadata.getOwnMetadata(key, at);
      }
    }
    return undefined;
  },
};

/** Adds to `Reflect` what is not there yet. */
function installReflectMetadata(): void {
  for (const [name, implementation] of Object.entries(metadata)) {
    if (!(name in Reflect)) {
      Object.defineProperty(Reflect, name, { value: implementation, configurable: true, writable: true });
    }
  }
}

installReflectMetadata();
