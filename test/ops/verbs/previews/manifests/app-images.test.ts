import { expect, test } from '@jest/globals';
import { previewImages } from '../../../../../src/ops/verbs/previews/manifests/app-images.js';
import type { ImageEntry } from '../../../../../src/ops/verbs/previews/manifests/host-environment.js';
import { digest } from '../support.js';

const REMOTE = 'https://github.com/acme/apps//deploy';
const BUILT = { image: 'web', repository: 'ghcr.io/acme/web', tag: 'pr-7', digest: digest(1) };

/** The same, where images of pull requests have repositories of their own. */
const APART = { ...BUILT, repository: 'ghcr.io/acme/previews/web', released: BUILT.repository };

/** A base with these image names, and with a remote base where there is an address among them. */
function baseOf(names: readonly string[]) {
  const remote = names.filter((name) => name === REMOTE);
  const images = names.filter((name) => name !== REMOTE);
  const manifests = { objects: [], images, remote: [], component: false, above: false, opened: [] };
  return { manifests, isOpen: remote.length > 0 };
}

test.each<[string, string[], ImageEntry[], (typeof BUILT)[], string[], string[]]>([
  ['the repository itself', ['ghcr.io/acme/web'], [], [BUILT], ['ghcr.io/acme/web=pr-7'], []],
  [
    'every image of that repository, and no other',
    ['redis', 'ghcr.io/acme/web'],
    [],
    [BUILT],
    ['ghcr.io/acme/web=pr-7'],
    [],
  ],
  [
    'a name that the host environment replaces by it',
    ['shop'],
    [{ name: 'shop', newName: 'ghcr.io/acme/web' }],
    [BUILT],
    ['shop=pr-7'],
    [],
  ],
  [
    'the last segment, where nothing else is the same',
    ['web', 'old.io/acme/web'],
    [],
    [BUILT],
    ['old.io/acme/web=pr-7', 'web=pr-7'],
    [],
  ],
  [
    'not the last segment where the repository is there too',
    ['web', 'ghcr.io/acme/web'],
    [],
    [BUILT],
    ['ghcr.io/acme/web=pr-7'],
    [],
  ],
  ['the repository, where a remote base leaves the names open', [REMOTE], [], [BUILT], ['ghcr.io/acme/web=pr-7'], []],
  ['the repository of its releases', ['web', 'ghcr.io/acme/web'], [], [APART], ['ghcr.io/acme/web=pr-7'], []],
  [
    'a name that the host environment replaces by that of its releases',
    ['shop'],
    [{ name: 'shop', newName: 'ghcr.io/acme/web' }],
    [APART],
    ['shop=pr-7'],
    [],
  ],
  ['the repository of its releases, where a remote base is open', [REMOTE], [], [APART], ['ghcr.io/acme/web=pr-7'], []],
  ['nothing, and says so', ['redis'], [], [BUILT], [], ['ghcr.io/acme/web']],
  [
    'nothing without images, and the host environment’s version runs',
    ['web'],
    [{ name: 'web', newTag: '1.0.0' }],
    [],
    ['web=1.0.0'],
    [],
  ],
])('a built image replaces %s', (_rule, names, running, built, entries, unused) => {
  const result = previewImages(baseOf(names), running, built);
  expect(result.entries.map(({ name, newTag }) => `${name}=${newTag}`)).toEqual(entries);
  const replaced = result.entries.filter(({ newTag }) => newTag === BUILT.tag);
  expect(replaced.map(({ newName }) => newName)).toEqual(replaced.map(() => built[0]?.repository));
  expect(result.unused.map(({ repository }) => repository)).toEqual(unused);
});
