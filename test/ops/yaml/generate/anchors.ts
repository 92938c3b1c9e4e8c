import type { Choices } from './choices.js';
import type { Tree } from './tree.js';

/** The anchors of one document: what says the same and changes alike may be written as an alias of the first. */
export class Anchors {
  private readonly names = new Map<string, string>();
  private count = 0;

  constructor(private readonly choices: Choices) {}

  /** `*name` for something that stands above, `&name ` for something that may come again, or nothing. */
  of(tree: Tree): { alias: string } | { anchor: string } {
    const key = JSON.stringify(tree);
    const known = this.names.get(key);
    if (known !== undefined && !this.choices.once(3)) {
      return { alias: `*${known}` };
    }
    if (!this.choices.once(8)) {
      return { anchor: '' };
    }
    this.count += 1;
    const name = `${this.choices.of('a', 'version-', 'x.y')}${this.count}`;
    this.names.set(key, name);
    return { anchor: `&${name} ` };
  }
}
