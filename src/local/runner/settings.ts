/** Secrets or variables of organisations (`acme`) and repositories (`acme/apps`), which override the organisation's. */
export class NamedValues {
  readonly #byOwner = new Map<string, Record<string, string>>();

  /**
   * Sets values, keeping the others of the same owner.
   *
   * @param owner `owner` or `owner/name`
   */
  set(owner: string, values: Record<string, string>): void {
    const known = this.#byOwner.get(owner.toLowerCase()) ?? {};
    const upper = Object.entries(values).map(([name, value]) => [name.toUpperCase(), value]);
    this.#byOwner.set(owner.toLowerCase(), { ...known, ...Object.fromEntries(upper) });
  }

  /** All values that workflows of a repository see. */
  of(repository: string): Record<string, string> {
    const [owner = ''] = repository.toLowerCase().split('/');
    return { ...this.#byOwner.get(owner), ...this.#byOwner.get(repository.toLowerCase()) };
  }
}

export interface Settings {
  secrets: NamedValues;
  vars: NamedValues;
}
