import { asPreviewProblem } from '../../../judgement/preview-problem.js';
import { hostOf } from '../../../preview-records/address.js';

/** The hosts of a preview: which app and which host of its base each of them stands for, so that no two share one. */
export class HostNames {
  /** The app's main host, or one of its further hosts, by label. */
  readonly #taken = new Map<string, string>();
  readonly #known = new Map<string, Map<string, string>>();

  /**
   * @param template `previews.url` of the policy
   * @param name of the preview
   * @param apps names of all apps of the preview: further hosts of one are never called like another
   */
  constructor(
    readonly template: string,
    readonly name: string,
    apps: readonly string[],
  ) {
    for (const app of apps) {
      this.#taken.set(app, app);
    }
  }

  /**
   * The preview's host for a host of an app's base, the same one each time: the first is the app's own, any other
   * `<app>-<first label of the host>`. No host stands for the first of them.
   *
   * @throws PreviewProblem where it would be longer than 253 characters
   */
  hostFor(app: string, host: string | undefined): string {
    const plain = (host ?? '').replace(/^\*\./, '');
    const known = this.#known.get(app) ?? new Map<string, string>();
    this.#known.set(app, known);
    const [first] = known.values();
    if (plain === '' && first !== undefined) {
      return first;
    }
    const prefix = host?.startsWith('*.') ? '*.' : '';
    const before = known.get(plain);
    if (before !== undefined) {
      return `${prefix}${before}`;
    }
    const label = known.size === 0 ? app : this.#furtherLabel(app, plain, known.size + 1);
    this.#taken.set(label, app);
    const result = asPreviewProblem(() => hostOf(this.template, label, this.name));
    known.set(plain, result);
    return `${prefix}${result}`;
  }

  /** The hosts that an app was given, the first of them its own; none where nothing of it has one. */
  hostsOf(app: string): string[] {
    return [...(this.#known.get(app)?.values() ?? [])];
  }

  #furtherLabel(app: string, host: string, number: number): string {
    const part = host.split('.')[0] ?? '';
    const candidate = part === app ? `${app}-${number}` : `${app}-${part}`;
    const isFree = (label: string) => !this.#taken.has(label);
    const numbered = `${candidate}-${number}`;
    const more = Array.from({ length: this.#taken.size + 1 }, (_, index) => `${candidate}-${number + 1 + index}`);
    return [candidate, numbered, ...more].find(isFree) ?? numbered;
  }
}
