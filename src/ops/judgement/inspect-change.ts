import { isInfraConfig } from '../../infra/config/is-infra.js';
import { layoutAt } from '../layouts/layout-at.js';
import { locateOverlays } from '../layouts/locate-overlays.js';
import { withAllApps } from '../layouts/named-apps.js';
import { NoOverlays } from '../layouts/unclear-layout.js';
import { allEnvironments } from '../overlays/environments.js';
import type { Layout } from '../overlays/layout.js';
import { HOLDS_FILE, type Hold, readHolds } from '../policy/holds.js';
import type { Place } from '../policy/places.js';
import { environmentPolicy, hasRules, POLICY_FILE, type Policy, readPolicy } from '../policy/policy.js';
import type { Problem } from '../tree/problem.js';
import { problemOf } from '../tree/problem-of.js';
import { type Admission, admitImages, environmentsWithEvidence, type UnprovenImage } from './admit-images.js';
import { withAdviceOnFile } from './advice-on-file.js';
import { assignPaths } from './assign-paths.js';
import type { ChangeFacts } from './change-facts.js';
import { fenceProblems } from './fence-guests.js';
import { type HeldVersion, heldVersions, lostVersions } from './held-versions.js';
import { type JudgedPlace, rulesAt } from './judged-place.js';
import { layoutKey } from './layout-key.js';
import { linkProblems } from './links.js';
import { hasBefore, newImages } from './new-images.js';
import { renderedChange } from './rendered-change.js';
import type { RepositoryChange, RepositorySide } from './repository-change.js';
import { affectedRoots } from './roots.js';
import { ruledEnvironments } from './touched.js';
import { unfollowedProblems } from './unfollowed.js';
import { unownedVersions } from './unowned-versions.js';
import { type OwnRepository, unpinnedProblems } from './unpinned.js';

/**
 * Inspects a change without building anything, by the policy in force: that of the side before it on the default branch, and that of the
 * default branch on any other one, whatever that has itself.
 *
 * @param repository `owner/name` of the repository itself
 * @param branch its default branch, which is judged: no source has to pin that
 * @param judged the branch that is changed, where it is not the default branch
 * @throws ConfigError where the policy or the holds in force cannot be read
 */
export async function inspectChange(
  change: RepositoryChange,
  repository: string,
  branch = 'main',
  judged?: JudgedPlace,
): Promise<ChangeFacts> {
  const { base, head } = change;
  if (judged === undefined && isInfraConfig(await base.tree.read(POLICY_FILE))) {
    const { inspectInfra } = await import('./inspect-infra.js');
    return inspectInfra(change);
  }
  const rules = judged === undefined ? undefined : rulesAt(judged);
  const policy = rules?.policy ?? readPolicy(await base.tree.read(POLICY_FILE));
  const further = rules?.holds ?? [];
  const currentHolds = [...readHolds(await base.tree.read(HOLDS_FILE)), ...further];
  const place = judged?.place;
  const [before, after] = await Promise.all([layoutOf(base, policy, place), layoutOf(head, policy, place)]);
  const layout = before.layout ?? after.layout ?? { templates: [] };
  const environments = rules?.environments ?? [
    ...new Set([
      ...(await allEnvironments(base.tree, layout, policy)),
      ...(await allEnvironments(head.tree, after.layout ?? layout, policy)),
    ]),
  ];
  const assignment = await assignPaths(change, policy, layout, environments);
  const [held, next, rendered] = await Promise.all([
    heldIn(change, isSame(layout, after.layout) ? [layout] : [layout, after.layout]),
    holdsAfter(head),
    judged === undefined ? undefined : renderedChange(change, environments),
  ]);
  const holds = [...next.holds, ...further];
  const facts = { policy, layout, environments, assignment, held: held.versions, currentHolds, holds };
  // A policy that another branch has rules nothing. Who changes it there changes what decides, by its name.
  const text = await head.tree.read(POLICY_FILE);
  const ruled = rules === undefined ? ruledEnvironments(policy, text, environments) : new Set<string>();
  const everywhere = [
    ...linkProblems(change),
    ...next.problems,
    ...(judged === undefined ? policyProblems(text) : (rendered?.problems ?? [])),
  ];
  const unclear = [...held.problems, ...(after.problem === undefined ? [] : [after.problem])];
  const notes: string[] = [];
  const problems = new Map<string, readonly Problem[]>();
  const unproven = new Map<string, readonly UnprovenImage[]>();
  const doubts = new Map<string, readonly string[]>();
  const own = { repository, branch, place };
  for (const name of environments.filter((each) => hasRules(policy, each))) {
    const touched = assignment.paths.some((path) => path.environments.includes(name));
    const found = touched
      ? await problemsIn(facts, change, name, { repository, branches: judgedBranches(policy, name, own) }, notes)
      : { problems: [], doubts: [] };
    doubts.set(name, found.doubts);
    const images = await admittedIn(facts, change.changed, name);
    unproven.set(name, await unlessAdmitted(facts, name, images.unproven));
    problems.set(
      name,
      onceEach([
        ...everywhere,
        ...(touched ? unclear : []),
        ...found.problems,
        ...images.problems,
        ...lostVersions(facts.held, name),
        ...fenceProblems(policy, facts.held, name),
      ]),
    );
  }
  const made = rendered === undefined ? {} : { sources: rendered.sources, byHand: rendered.byHand };
  return { ...facts, ...made, ruled, problems, doubts, unproven, notes: [...new Set(notes)] };
}

/**
 * The branches of the repository of a change that an environment may take in: the policy guards them, or is there to say where it lives.
 * The name of a branch of another repository says nothing of one here.
 */
function judgedBranches(
  policy: Policy,
  environment: string,
  { repository, branch, place }: { repository: string; branch: string; place: Place | undefined },
): string[] {
  const lodging = environmentPolicy(policy, environment);
  const isHome = place?.repository === undefined;
  const isHere =
    lodging.repository === undefined ? isHome : lodging.repository.toLowerCase() === repository.toLowerCase();
  const own = isHere ? lodging.branch : undefined;
  const previews = isHome && policy.previews?.host === environment ? policy.previews.branch : undefined;
  return [branch, ...[own, previews].flatMap((each) => each ?? [])];
}

/** What the policy says of the images that come into an environment. */
async function admittedIn(
  { assignment, layout, policy, held }: Pick<ChangeFacts, 'assignment' | 'layout' | 'policy' | 'held'>,
  changed: ReadonlySet<string>,
  environment: string,
): Promise<Admission> {
  const { images: rules = [] } = environmentPolicy(policy, environment);
  const images = rules.length === 0 ? [] : await newImages(assignment, changed, environment, layout, policy, held);
  return admitImages(environment, images, rules);
}

function onceEach(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((each) => [JSON.stringify([each.file, each.message]), each])).values()];
}

async function problemsIn(
  { assignment, held }: Pick<ChangeFacts, 'assignment' | 'held'>,
  { changed }: RepositoryChange,
  environment: string,
  own: OwnRepository,
  notes: string[],
): Promise<{ problems: Problem[]; doubts: readonly string[] }> {
  const unread = assignment.unread.filter((each) => each.environment === environment).map(({ problem }) => problem);
  const unowned = await unownedVersions(assignment, changed, environment, held);
  notes.push(...unowned.unrendered);
  const [unfollowed, unpinned] = await Promise.all([
    unfollowedProblems(assignment, environment, held),
    unpinnedProblems(assignment, changed, environment, own),
  ]);
  const reach = assignment.reach.get(environment)?.after;
  const all = [...unread, ...unowned.problems, ...unfollowed, ...unpinned];
  const problems = reach === undefined ? all : all.map((each) => withAdviceOnFile(each, reach));
  return { problems, doubts: unowned.doubts };
}

/** Without those that another environment has already, where the same evidence was asked for. */
async function unlessAdmitted(
  { assignment, layout, policy, environments }: Pick<ChangeFacts, 'assignment' | 'layout' | 'policy' | 'environments'>,
  environment: string,
  images: readonly UnprovenImage[],
): Promise<UnprovenImage[]> {
  const open: UnprovenImage[] = [];
  for (const image of images) {
    const others = environmentsWithEvidence(policy, environments, image).filter((name) => name !== environment);
    const found = await Promise.all(others.map((name) => hasBefore(assignment, name, layout, image)));
    if (!found.includes(true)) {
      open.push(image);
    }
  }
  return open;
}

/** Where overlays are on a side; a problem where nobody can tell and there are some. */
async function layoutOf(
  { tree }: RepositorySide,
  policy: Policy,
  place: Place | undefined,
): Promise<{ layout: Layout | undefined; problem: Problem | undefined }> {
  try {
    const located = await (place === undefined ? locateOverlays(tree, policy) : layoutAt(tree, policy, place));
    return { layout: await withAllApps(tree, located, policy), problem: undefined };
  } catch (error) {
    return { layout: undefined, problem: error instanceof NoOverlays ? undefined : problemOf(error, POLICY_FILE) };
  }
}

/** What the environments hold, by where overlays are before the change and after it: a change hides no app by moving it. */
async function heldIn(
  change: RepositoryChange,
  layouts: readonly (Layout | undefined)[],
): Promise<{ versions: HeldVersion[]; problems: Problem[] }> {
  const versions = new Map<string, HeldVersion>();
  const problems: Problem[] = [];
  for (const layout of layouts) {
    if (layout === undefined) {
      continue;
    }
    try {
      const { roots } = await affectedRoots(change, layout);
      for (const each of await heldVersions(change, layout, roots)) {
        const key = JSON.stringify({ ...each, places: [], moves: true });
        versions.set(key, joined(versions.get(key), each));
      }
    } catch (error) {
      problems.push(problemOf(error, ''));
    }
  }
  return { versions: [...versions.values()], problems };
}

/** The same version by two layouts: what moves by one of them does. */
function joined(known: HeldVersion | undefined, other: HeldVersion): HeldVersion {
  if (known === undefined || known.moves !== other.moves) {
    return known?.moves === true ? known : other;
  }
  return { ...other, places: [...new Set([...known.places, ...other.places])] };
}

function isSame(one: Layout, other: Layout | undefined): boolean {
  return other !== undefined && layoutKey(one) === layoutKey(other);
}

async function holdsAfter({ tree }: RepositorySide): Promise<{ holds: Hold[]; problems: Problem[] }> {
  try {
    return { holds: readHolds(await tree.read(HOLDS_FILE)), problems: [] };
  } catch (error) {
    return { holds: [], problems: [problemOf(error, HOLDS_FILE)] };
  }
}

function policyProblems(text: string | undefined): Problem[] {
  try {
    readPolicy(text);
    return [];
  } catch (error) {
    return [problemOf(error, POLICY_FILE)];
  }
}
