import type { Target } from '../../carriers/carrier.js';
import { imageTarget } from '../../carriers/image-reference.js';
import { loneTags } from '../../carriers/lone-tag.js';
import { isSameThing, isSameVersion, targetName, targetReference } from '../../carriers/target.js';
import { fileVersions } from '../../judgement/file-versions.js';
import type { HeldVersion } from '../../judgement/held-versions.js';
import type { Root } from '../../judgement/roots.js';
import type { SideFiles } from '../../judgement/side-files.js';
import { isKustomization } from '../../kustomize/kustomization.js';
import type { Layout } from '../../overlays/layout.js';
import { overlaysOfPath } from '../../overlays/overlays-of-path.js';
import { PREVIEWS_FOLDER } from '../../preview-records/paths.js';
import type { Problem } from '../../tree/problem.js';
import type { Inspection } from './inspect.js';

/** Files that are named, and versions of each. */
const MOST_FILES = 20;
const MOST_VERSIONS = 3;

/** A version as a file says it. */
interface SaidVersion {
  /** What it is of, which stays when the version changes. */
  thing: string;
  /** For people, `acme/web:2.0.0`. */
  label: string;
  /** Whether an app holds it. */
  isOf(held: HeldVersion): boolean;
}

/**
 * Versions that change in files and become those of no app in an environment, so that no rule was asked about them: values that
 * nothing ties to an environment, or a version in a base that is set again above it. One warning for each file that the change
 * touches, and none for others.
 */
export async function unplacedProblems(
  inspection: Pick<Inspection, 'changed' | 'before' | 'after' | 'held' | 'roots' | 'layout'>,
): Promise<Problem[]> {
  const { changed, before, after, held, roots, layout } = inspection;
  const paths = [...changed].filter((path) => after.has(path) && mayDeploy(path)).sort();
  const found = await Promise.all(
    paths.map(async (path): Promise<Problem[]> => {
      const environments = environmentsOf(path, roots, layout);
      const isPlaced = (version: SaidVersion) =>
        held.some((each) => (each.moves || environments.has(each.environment)) && version.isOf(each));
      const [old, fresh] = await Promise.all([versionsOf(before, path), versionsOf(after, path)]);
      const known = new Set(old.map(({ label }) => label));
      const arriving = fresh.filter((each) => !known.has(each.label) && !isPlaced(each)).map(({ label }) => label);
      const left = old.filter(({ thing }) => fresh.every((each) => each.thing !== thing));
      // What an environment no longer says in its own files alters it, and its rules are asked.
      const leaving = environments.size > 0 ? [] : left.map(({ label }) => `${label}, which goes`);
      const labels = [...new Set([...arriving, ...leaving])];
      return labels.length === 0 ? [] : [warning(path, messageOn(labels, environments))];
    }),
  );
  const problems = found.flat();
  const more = problems.slice(MOST_FILES);
  const rest = `${more.length} more files have versions that become those of no app in an environment, beginning with ${more[0]?.file}.`;
  return more.length === 0 ? problems : [...problems.slice(0, MOST_FILES), warning('', rest)];
}

function warning(file: string, message: string): Problem {
  return { level: 'warning', file, line: undefined, message };
}

function messageOn(labels: readonly string[], environments: ReadonlySet<string>): string {
  const more = labels.length - MOST_VERSIONS;
  const what = [...labels.slice(0, MOST_VERSIONS), ...(more > 0 ? [`${more} more versions`] : [])].join(' and ');
  return environments.size > 0
    ? `It says ${what}, and no app in ${[...environments].sort().join(' and ')} gets that from it: what takes it in sets another version, or runs nothing of it.`
    : `It says ${what}, and nothing ties this file to an app in an environment, so no rule was asked. Where one runs it, say in ` +
        'ostack.yaml where that app is, with "overlay" under "apps".';
}

/** Whether a file may say what runs: what is in hidden folders is for tools, and previews have rules of their own. */
function mayDeploy(path: string): boolean {
  return (
    (/\.(ya?ml|json)$/.test(path) || isKustomization(path)) &&
    !path.split('/').some((name) => name.startsWith('.')) &&
    !path.startsWith(`${PREVIEWS_FOLDER}/`)
  );
}

/** The environments whose overlays have a file, or take it in. */
function environmentsOf(path: string, roots: readonly Root[], layout: Layout): Set<string> {
  const taking = roots.filter(
    ({ before, after }) => before?.files.has(path) === true || after?.files.has(path) === true,
  );
  return new Set([
    ...taking.flatMap(({ overlay }) => overlay?.environment ?? []),
    ...overlaysOfPath(layout, path).map(({ environment }) => environment),
  ]);
}

async function versionsOf(files: SideFiles, path: string): Promise<SaidVersion[]> {
  const { targets, following } = await fileVersions(files, path);
  const loose = following.map(({ name, range }): SaidVersion => {
    const label = `chart ${name} ${range || 'unpinned'}`;
    return {
      thing: `chart ${name}`,
      label,
      isOf: ({ charts = [] }) => charts.some((each) => each.includes(` ${name} `)),
    };
  });
  return [...targets.map(saidOf), ...loose, ...loneIn(path, (await files.text(path)) ?? '')];
}

function saidOf(target: Target): SaidVersion {
  return {
    thing: targetName(target),
    label: targetReference(target),
    isOf: ({ targets, pinned }) =>
      targets.some((other) => isSameThing(other, target) && isSameVersion(other, target)) ||
      (target.kind === 'image' && target.tag === undefined && pinned.some(({ digest }) => digest === target.digest)),
  };
}

/** Tags that name no image. */
function loneIn(path: string, text: string): SaidVersion[] {
  try {
    return loneTags([{ path, text }]).map(({ node, carry }) => {
      const { tag, digest } = carry(imageTarget('x', undefined)).current;
      const thing = node.path.join('.');
      return {
        ...{ thing, label: `${thing} ${tag ?? digest}` },
        isOf: ({ targets }: HeldVersion) =>
          targets.some(
            (each) => each.kind === 'image' && (tag === undefined ? each.digest === digest : each.tag === tag),
          ),
      };
    });
  } catch {
    return [];
  }
}
