/** Makes something when it is asked for the first time, and gives the same from then on. What threw is made again. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
