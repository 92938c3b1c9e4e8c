/**
 * Names for a message: as many as are worth reading, and how many there are besides.
 *
 * @returns `shop, cart and 5 more`
 */
export function firstFew(names: readonly string[], most: number): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
