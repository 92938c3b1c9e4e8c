/**
 * Names for a message: as many as are worth reading, and how many there are besides.
 *
 * @param count how many there are, where the names are only some of them
 * @returns `shop, cart and 5 more`
 */
export function firstFew(names: readonly string[], most: number, count = names.length): string {
  const more = count - most;
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
