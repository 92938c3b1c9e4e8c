/** The pattern for all apps, of that of one. */
export function generalOf(pattern: string, owner: string | undefined): string {
  return owner === undefined ? pattern : `{app}${pattern.slice(owner.length)}`;
}
