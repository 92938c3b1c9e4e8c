import { firstFew } from '../../../report/first-few.js';
import { leftOutSentence } from '../../judgement/left-out.js';
import { findBase, isPrepared } from '../../judgement/preview-base.js';
import { baseObjects } from '../../judgement/preview-objects.js';
import { PreviewProblem } from '../../judgement/preview-problem.js';
import type { Root } from '../../judgement/roots.js';
import { isRelease, unreadParts, unreadSentences, unrenderedChart } from '../../judgement/unread-in-previews.js';
import { currentId, type LayerObject } from '../../kustomize/layers/layer-object.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import type { Layout } from '../../overlays/layout.js';
import { readOverlay } from '../../overlays/overlay.js';
import { POLICY_FILE, readPolicy } from '../../policy/policy.js';
import type { PreviewPolicy } from '../../policy/preview-policy.js';
import { readCluster } from '../../reconcilers/cluster.js';
import type { Confinement } from '../../reconcilers/reconciler.js';
import type { Problem } from '../../tree/problem.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { InvalidYaml } from '../../yaml/parse.js';
import type { Comparison, Side } from './comparison.js';

/** Names in a sentence. */
const MOST_NAMES = 3;

/**
 * What apps take in, by a change, that nobody reads when a preview is made of them: bases in other repositories, and charts. It is told
 * once, with the change that brings it or that brings previews, and not with each newer version of it.
 */
export async function unreadInPreviews(
  { base, head, place }: Comparison,
  layout: Layout,
  roots: readonly Root[],
): Promise<Problem[]> {
  const [before, previews] = await Promise.all([previewsOn(base), previewsOn(head)]);
  // Previews are made of the default branch.
  if (previews === undefined || place !== undefined) {
    return [];
  }
  const apps = await appsOf(head.tree, layout, previews.host, before === undefined ? undefined : roots);
  const confinement = await confinementOn(head.tree, previews);
  const found = await Promise.all(
    apps.map(async (app): Promise<Problem[]> => {
      const [old, now] = await Promise.all([
        before === undefined ? NOTHING : unreadOf(base.tree, layout, before.host, app),
        unreadOf(head.tree, layout, previews.host, app),
      ]);
      const known = new Set(old.unread.map(keyOf));
      const unread = now.unread.filter((each) => !known.has(keyOf(each)));
      const releases = confinement === undefined ? now.releases.filter((each) => !known.has(keyOf(each))) : [];
      const parts = unreadParts({ app, confinement, podSecurity: previews.podSecurity, isPrepared: now.isPrepared });
      const [first = releases[0]] = unread;
      const sentences = [
        ...(unread.length === 0 ? [] : [namesOf(app, unread), ...unreadSentences(parts)]),
        ...releases.map(({ object }) => leftOutSentence(unrenderedChart(app, object))),
      ];
      return first === undefined ? [] : [problemAt(first, sentences)];
    }),
  );
  return found.flat();
}

/** What the policy says of previews; `undefined` where it says nothing, or cannot be read, which is told of the file. */
async function previewsOn({ tree }: Side): Promise<PreviewPolicy | undefined> {
  const text = await tree.read(POLICY_FILE);
  try {
    return readPolicy(text).previews;
  } catch {
    return undefined;
  }
}

/** The apps of the host environment that the change can affect; all of them where no folders are given. */
async function appsOf(
  tree: TreeReader,
  layout: Layout,
  host: string,
  roots: readonly Root[] | undefined,
): Promise<string[]> {
  const own = roots?.flatMap(({ overlay }) => (overlay?.environment === host ? [overlay.app] : []));
  // A folder of several apps has no app.
  return own === undefined || own.includes('')
    ? unlessBroken(() => environmentApps(tree, layout, host), [])
    : [...new Set(own)];
}

async function confinementOn(tree: TreeReader, previews: PreviewPolicy): Promise<Confinement | undefined> {
  const cluster = await readCluster(tree, previews.host, previews.reconciler);
  return cluster.reconciler?.previews.confinement({ ...cluster, branch: previews.branch });
}

/** Something that is not read, and where it is taken in. */
interface Place {
  file: string;
  line: number | undefined;
  what: string;
}

/** What of an app nobody reads. */
interface Unread {
  unread: Place[];
  releases: (Place & { object: LayerObject })[];
  isPrepared: boolean;
}

const NOTHING: Unread = { unread: [], releases: [], isPrepared: false };

async function unreadOf(tree: TreeReader, layout: Layout, host: string, app: string): Promise<Unread> {
  return unlessBroken(async () => {
    const found = await findBase(tree, layout, host, app, await readOverlay(tree, layout, host, app));
    if (found === undefined) {
      return NOTHING;
    }
    const { objects, unread } = await baseObjects(tree, found);
    const releases = objects
      .filter(isRelease)
      .map((object) => ({ file: object.file, line: undefined, what: `HelmRelease ${currentId(object).name}`, object }));
    return { unread: [...unread], releases, isPrepared: isPrepared(found) };
  }, NOTHING);
}

/** What a broken file has is told of the file. */
async function unlessBroken<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InvalidYaml || error instanceof PreviewProblem) {
      return otherwise;
    }
    throw error;
  }
}

/** The same for every version of it. */
function keyOf({ what }: Place): string {
  return what.replace(/([?&])(ref|version)=[^&\s]*/, '$1');
}

function namesOf(app: string, unread: readonly Place[]): string {
  const names = [...new Set(unread.map(({ what }) => what))];
  return `What comes into previews of ${app} with ${firstFew(names, MOST_NAMES)} is not read here.`;
}

function problemAt({ file, line }: Place, sentences: readonly string[]): Problem {
  const where = line === undefined ? file : `${file}:${line}`;
  return { level: 'warning', file, line, message: `${where}: ${sentences.join(' ')}` };
}
