/**
 * Does something with each item, in order, in as many places as there are, until a time has come: what is under way by then
 * is done to its end.
 *
 * @param isOver whether the time has come
 * @returns the items that were not begun
 */
export async function eachBefore<T, P>(
  isOver: () => boolean,
  places: readonly P[],
  items: readonly T[],
  body: (place: P, item: T) => Promise<void>,
): Promise<T[]> {
  const waiting = [...items];
  const work = async (place: P) => {
    while (!isOver()) {
      const next = waiting.shift();
      if (next === undefined) {
        return;
      }
      await body(place, next);
    }
  };
  await Promise.all(places.map(work));
  return waiting;
}
