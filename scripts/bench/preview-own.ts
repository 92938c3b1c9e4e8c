import * as v from 'valibot';
import type { Steps } from './preview.js';
import { eventOf, imageIn, imagesOf, type PreviewWorld, type Pull, UNTIMED } from './preview-world.js';
import { imageOf } from './repository.js';

const BRANCH = 'ostack/previews';
const BASE = 'bases/app-0/deployment.yaml';
/** How many previews there are when a base changes. */
const COUNTS = [2, 50];
const SWEEP = { name: 'schedule', payload: {} };
const treeSchema = v.object({ tree: v.array(v.object({ path: v.string(), type: v.string(), sha: v.string() })) });

/** Previews that the run of their pull request writes itself. */
export async function ownSteps(world: PreviewWorld, first: Pull): Promise<Steps> {
  const images = imagesOf(imageIn(imageOf('app-0')));
  const create = (pull: Pull) => world.measure('create-preview-env', eventOf(pull), images);
  const second = await world.open('two');
  const steps: Steps = [
    ['the first one, with its branch', await create(first)],
    ['one more', await create(second)],
  ];
  const pushed = await world.push(second, 'more');
  steps.push(
    ['a push', await create(pushed)],
    ['the same again', await create(pushed)],
    ['the sweep', await world.measure('cleanup-preview-env', SWEEP, { INPUT_MODE: 'sweep' })],
  );
  await world.close(second);
  steps.push(['the end of one', await world.measure('cleanup-preview-env', eventOf(pushed))]);
  return steps;
}

/**
 * Bases that change under several previews, which the next run adapts anew.
 *
 * @param there pull requests that have a preview
 */
export async function basesSteps(world: PreviewWorld, there: readonly [Pull, ...Pull[]]): Promise<Steps> {
  const images = imagesOf(imageIn(imageOf('app-0')));
  const steps: Steps = [];
  const pulls: Pull[] = [...there];
  const [first] = there;
  for (const count of COUNTS) {
    const before = pulls.length;
    while (pulls.length < count) {
      pulls.push(await world.open(`branch-${pulls.length}`));
    }
    await copy(world, first, pulls.slice(before));
    // Tells of those.
    await world.measure('create-preview-env', eventOf(first), { ...images, ...UNTIMED });
    const text = (await world.ops.read('main', BASE)) ?? '';
    await world.ops.commit('main', { [BASE]: `${text}${route(count)}` }, 'feat: a base');
    steps.push([`a base changes under ${count}`, await world.measure('create-preview-env', eventOf(first), images)]);
  }
  return steps;
}

/** A host, which each preview has as its own or not at all, so that the files of all change. */
function route(count: number): string {
  return `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: route-${count} }
spec: { rules: [{ host: app-0-${count}.acme.dev, http: { paths: [] } }] }
`;
}

/** Gives pull requests the files of the first one's preview, under their own names: as many runs would have made them. */
async function copy({ ops, github }: PreviewWorld, first: Pull, others: readonly Pull[]): Promise<void> {
  const at = { owner: 'acme', repo: 'ops' };
  const root = await github.octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
    ...{ ...at, tree_sha: BRANCH },
  });
  const own = v.parse(treeSchema, root.data).tree.find(({ path }) => path === 'previews');
  const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
    ...{ ...at, tree_sha: own?.sha ?? '', recursive: '1' },
  });
  const name = `pr-${first.number}`;
  const paths = v.parse(treeSchema, data).tree.filter(({ path, type }) => type === 'blob' && path.includes(name));
  const files: Record<string, string> = {};
  for (const path of paths.map((each) => `previews/${each.path}`)) {
    const text = (await ops.read(BRANCH, path)) ?? '';
    for (const { number, head } of others) {
      const renamed = (part: string) => part.replaceAll(name, `pr-${number}`).replaceAll(first.head, head);
      files[renamed(path)] = renamed(text).replace(/^( +number): \d+$/m, `$1: ${number}`);
    }
  }
  await ops.commit(BRANCH, files, 'the others');
}
