import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { standInEngine } from '../../actions/build-push-image/support.js';
import { type Builds, type Deed, leaveRecord, putForeign, runRelease } from '../support/builds.js';

/** Whoever may push to the registry writes layers of their own where builds keep theirs. */
export const deed: Deed = {
  async attack(builds) {
    await putForeign(builds, 'buildcache');
    return takenLayers(builds, '1.0.1');
  },
  refused: /^no layers$/,
  async honest(builds) {
    await putForeign(builds, 'buildcache');
    const layers = `sha256:${'c'.repeat(64)}`;
    const images = builds.record.images.map((image) => ({ ...image, layers, key: 'content-of-before' }));
    await leaveRecord(builds, { record: { ...builds.record, images } });
    return takenLayers(builds, '1.0.1');
  },
  allowed: /^type=registry,ref=\S+\/acme\/shop@sha256:c{64}$/,
};

/** From where the engine is told to take layers. */
async function takenLayers(builds: Builds, version: string): Promise<string> {
  const { PATH = '', ...engine } = await standInEngine();
  const spy = join(builds.checkout.root, '.git/spy');
  await mkdir(spy, { recursive: true });
  const script = `#!/bin/sh
for word in "$@"; do
  case "$word" in */bake.json) tr -d ' \\n' < "$word" | sed 's/.*"cache-from":\\["\\([^"]*\\)"\\].*/SEEN \\1 END/;t;s/.*/SEEN no layers END/' ; echo ;; esac
done
PATH='${PATH}' exec docker "$@"
`;
  await writeFile(join(spy, 'docker'), script);
  await chmod(join(spy, 'docker'), 0o755);
  const { stdout } = await runRelease(builds, version, { ...engine, PATH: [spy, PATH].join(delimiter) });
  return /SEEN (.*?) END/.exec(stdout)?.[1] ?? stdout;
}
