/** Hides secrets in everything a job prints. */
export class Masker {
  readonly #values = new Set<string>();

  /** Hides a value, each of its lines, and the forms it takes in JSON, URLs and Base64. */
  add(value: string): void {
    for (const line of [value, ...value.split(/\r?\n/)]) {
      const bare = line.trim();
      if (bare === '') {
        continue;
      }
      const forms = [bare, JSON.stringify(bare).slice(1, -1), encodeURIComponent(bare), ...base64(bare)];
      for (const form of forms) {
        this.#values.add(form);
      }
    }
  }

  /** The text with every hidden value as `***`. */
  mask(text: string): string {
    // A key of thirty lines has two hundred forms, hardly any of which is ever printed: looking for each is much cheaper than
    // one expression with all of them.
    const found = [...this.#values].filter((value) => text.includes(value));
    if (found.length === 0) {
      return text;
    }
    const pattern = found
      .sort((a, b) => b.length - a.length)
      .map((value) => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('|');
    return text.replace(new RegExp(pattern, 'g'), '***');
  }

  /** Whether a text contains a hidden value. */
  hides(text: string): boolean {
    return this.mask(text) !== text;
  }
}

/** Base64, with and without its padding, of the value alone and as the password of a basic authorization header. */
function base64(value: string): string[] {
  if (value.length < 4) {
    return [];
  }
  const forms = ['', 'x-access-token:'].map((prefix) => Buffer.from(`${prefix}${value}`).toString('base64'));
  return [...forms, ...forms.map((form) => form.replace(/=+$/, ''))];
}
