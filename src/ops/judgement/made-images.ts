import { posix } from 'node:path';
import type { ImageTarget } from '../carriers/carrier.js';
import { imageTargetOf } from '../carriers/image-reference.js';
import { isSameThing, isSameVersion, tagOf, targetReference } from '../carriers/target.js';
import { RECONCILERS } from '../reconcilers/all.js';
import type { Reconciler } from '../reconcilers/reconciler.js';
import type { Problem } from '../tree/problem.js';
import { aimedValues } from './aimed-keys.js';
import { fileVersions } from './file-versions.js';
import type { HeldVersion } from './held-versions.js';
import { loneIn } from './lone-versions.js';
import type { Sides } from './new-in.js';
import type { SideFiles } from './side-files.js';
import { type ImagePart, type ImageSlice, imageSlice } from './templates/image-slice.js';
import { isUsed, type SetValue, setValues } from './templates/set-values.js';

type Side = Sides['after'];

/** A text that comes to be part of an image, by a template of a chart. */
interface Made {
  text: string;
  file: string;
  line: number;
  /** For people, where it is not said by the template itself: `.Chart.AppVersion`, the path of a value. */
  from?: string;
  isValue?: boolean;
  /** The chart whose values count before it, where these are set. */
  chart?: string;
  unless?: readonly string[];
}

/**
 * What templates of charts of the repository come to make images of, and no app of the environment has: texts of theirs, files
 * and fields of the chart, values under keys that nobody knows. What they made images of before is left alone.
 */
export async function madeImages({ environment, before, after, fresh, known: files, held }: Sides): Promise<Problem[]> {
  const [old, next] = await Promise.all([madeIn(before), madeIn(after)]);
  const known = new Set(old.made.map(keyOf));
  const values = await freshValues({ before, after, fresh, known: files }, next.values);
  const open = [...next.made.filter((each) => !known.has(keyOf(each))), ...values].filter(
    (each) => !isOwned(held, each),
  );
  const all = await Promise.all(
    open.map(async (each) => ((await isSet(after, each)) ? [] : problemOf(environment, each))),
  );
  return all.flat();
}

/** Whether a text is of what an app of the environment has: its image, the repository or the version of it. */
function isOwned(held: readonly HeldVersion[], { text }: Made): boolean {
  const target = imageTargetOf(text);
  return held.some(({ targets }) =>
    targets.some((other) => {
      const parts = [tagOf(other), 'digest' in other ? other.digest : undefined];
      const isIt =
        target !== undefined && isSameThing(other, target) && (!hasVersion(target) || isSameVersion(other, target));
      return isIt || parts.includes(text.replace(/^[:@]/, ''));
    }),
  );
}

function hasVersion(target: ImageTarget): boolean {
  return (tagOf(target) ?? target.digest) !== undefined;
}

/** Values that templates make images of and that no carrier has: under a key that nobody knows. */
async function freshValues(
  { before, after, fresh, known }: Pick<Sides, 'before' | 'after' | 'fresh' | 'known'>,
  used: ReadonlySet<string>,
): Promise<Made[]> {
  const found: Made[] = [];
  for (const path of used.size === 0 ? [] : fresh) {
    const set = (await setIn(after.files, path)).filter((each) => isUsed(each, used) && isText(each));
    const isKnown = set.length > 0 && known.includes(path);
    const old = isKnown ? await setIn(before.files, path) : [];
    const { targets } = set.length === 0 ? { targets: [] } : await fileVersions(after.files, path);
    const lone = set.length === 0 ? [] : await loneIn(after.files, path);
    // What a carrier has, or what stands alone as a version, is judged as that.
    const carried = new Set([
      ...targets.flatMap((each) => [...Object.values(each), targetReference(each)]),
      ...lone.map(({ version }) => version),
    ]);
    for (const { path: keys, text, line } of set) {
      const isOld = old.some((each) => each.path === keys && each.text === text);
      if (!isOld && !carried.has(text)) {
        found.push({ text, file: path, line, from: keys, isValue: true });
      }
    }
  }
  return found;
}

/** The values that a file sets, also by way of a ConfigMap. */
async function setIn(files: SideFiles, path: string): Promise<SetValue[]> {
  return [...setValues(path, await files.maps(path)), ...(await aimedValues(files, path))];
}

function isText({ text }: SetValue): boolean {
  return /[\p{L}\p{N}]/u.test(text) && !/^(true|false|null)$/.test(text);
}

function keyOf({ text, from = '' }: Made): string {
  return JSON.stringify([text, from]);
}

function problemOf(environment: string, { text, file, line, from, isValue = false }: Made): Problem {
  const said = from === undefined ? text : `${text} (${from})`;
  const advice = isValue
    ? 'name the place under "carriers" of ostack.yaml, in a pull request of its own.'
    : 'write the image into the values of the chart, as "image: { repository: …, tag: … }", and take all of it from there.';
  const what = `${said} comes into ${environment} as a part of an image that a template makes, and no app has it`;
  return { level: 'error', file, line, message: `${file}, line ${line}: ${what}: ${advice}` };
}

/** The folders of charts that an environment takes in, without those inside of another. */
function chartsOf({ reach }: Side): string[] {
  const all = [...reach.files.keys()].filter(isChart).map((path) => posix.dirname(path));
  return all.filter((folder) => !all.some((other) => folder.startsWith(`${other}/`)));
}

function isChart(path: string): boolean {
  return posix.basename(path) === 'Chart.yaml';
}

/** What templates make images of, and the values that they take. */
async function madeIn({ files, reach }: Side): Promise<{ made: Made[]; values: ReadonlySet<string> }> {
  const slices = await Promise.all(chartsOf({ files, reach }).map((chart) => sliceOf(files, chart)));
  const made = await Promise.all(slices.flatMap(({ parts }) => parts).map((part) => textsOf(files, part)));
  return { made: made.flat(), values: new Set(slices.flatMap(({ values }) => [...values])) };
}

async function sliceOf(files: SideFiles, chart: string): Promise<ImageSlice> {
  const paths = files.below(chart).filter((path) => /(^|\/)templates\//.test(path.slice(chart.length)));
  const templates = await Promise.all(paths.map(async (path) => ({ path, text: (await files.text(path)) ?? '' })));
  return imageSlice(templates);
}

/** Whether a value counts before a default: the chart has one itself, or all that deploy it set one. */
async function isSet({ files, reach }: Side, { chart, unless = [] }: Made): Promise<boolean> {
  if (chart === undefined || unless.length === 0) {
    return false;
  }
  const isOne = ({ path, text }: SetValue) => text !== '' && text !== 'null' && unless.includes(path);
  if (setValues('', await files.maps(posix.join(chart, 'values.yaml'))).some(isOne)) {
    return true;
  }
  const objects = (await Promise.all([...reach.files.keys()].map((path) => files.objects(path)))).flat();
  const deploying = objects.filter((object) =>
    RECONCILERS.some((each) => (each satisfies Reconciler).inputsOf(object)?.paths.includes(chart)),
  );
  return deploying.length > 0 && deploying.every((object) => setValues('', [object]).some(isOne));
}

/** The chart that a template is of. */
function chartOf(files: SideFiles, path: string): string {
  const folders = path.split('/').map((_, index, all) => all.slice(0, index).join('/'));
  return folders.findLast((folder) => files.has(posix.join(folder, 'Chart.yaml'))) ?? '';
}

/** What a part is: itself, the text of a file, the value of a field. */
async function textsOf(files: SideFiles, { kind, text, path, line, unless }: ImagePart): Promise<Made[]> {
  const chart = chartOf(files, path);
  if (kind === 'text') {
    return [{ text, file: path, line, chart, unless }];
  }
  if (kind === 'field') {
    const file = posix.join(chart, 'Chart.yaml');
    const [root] = await files.maps(file);
    const found = root?.entries.get(`${text.charAt(0).toLowerCase()}${text.slice(1)}`);
    return found?.kind === 'text'
      ? [{ text: found.text, file, line: found.line, from: `.Chart.${text}`, chart, unless }]
      : [];
  }
  const paths = files.below(text === '*' || text.includes('*') ? chart : posix.join(chart, text));
  const read = paths.filter((each) => !/(^|\/)templates\/|(^|\/)Chart\.yaml$/.test(each.slice(chart.length)));
  return Promise.all(
    read.map(async (file) => ({
      text: ((await files.text(file)) ?? '').trim(),
      file,
      line: 1,
      from: 'what a template reads of that file',
    })),
  );
}
