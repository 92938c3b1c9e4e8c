import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Checkout, checkoutAt } from '../../src/materialize/checkout.js';
import type { RenderRequest } from '../../src/materialize/materialize.js';
import type { RemoteSources } from '../../src/materialize/sources/source.js';

/** What is asked for where an input says nothing: the root, for `prod`. */
export const REQUEST: RenderRequest = {
  ...{ source: '.', version: undefined, environments: ['prod'], configurations: undefined },
  ...{ values: [], release: undefined, namespace: undefined },
  ...{ withDefinitions: false, withChartHooks: false, ignoresHooks: false },
};

const nothing = () => Promise.reject(new Error('Nothing is remote here.'));

/** Of what has no remote parts. */
export const NOTHING_REMOTE: RemoteSources = { git: nothing, chart: nothing, file: nothing, folder: nothing };

/** A folder with these files that goes when the test does. */
export class Folder implements AsyncDisposable {
  private constructor(readonly checkout: Checkout) {}

  static async of(files: Readonly<Record<string, string>>): Promise<Folder> {
    const folder = new Folder(await checkoutAt(await mkdtemp(join(tmpdir(), 'ostack-materialize-test-'))));
    await folder.write(files);
    return folder;
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.checkout.root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.checkout.root, { recursive: true, force: true });
  }
}

/** A ConfigMap in a line. */
export function configMap(name: string, more = ''): string {
  return `{ apiVersion: v1, kind: ConfigMap, metadata: { name: ${name}${more} } }\n`;
}
