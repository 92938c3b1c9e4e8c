import * as v from 'valibot';
import { branchHead, defaultHead } from '../../github/branch-head.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { operationIn } from '../../github/try-operation.js';
import { inParallel } from '../../runtime/parallel.js';
import type { JudgedPlace } from '../judgement/judged-place.js';
import { AUDIT_CHECK } from '../policy/gate-check.js';
import { environmentsIn, otherPlaces, type Place, placeName } from '../policy/places.js';
import type { Policy } from '../policy/policy.js';
import { connectedAt } from '../repository/connected-at.js';
import type { Ground } from './ground.js';
import { hasOwnGate } from './own-gate.js';

/** Repositories that are asked at once. */
const AT_ONCE = 4;

/** Branches that are judged, and what is not and why, sentences. */
export interface OtherGrounds {
  grounds: Ground[];
  /** Those of repositories that have a gate of their own. */
  left: Ground[];
  notes: string[];
}

/** Who judges, and when. */
export interface Judging {
  /** Slug of the App. */
  app: string;
  now: Date;
}

/**
 * The branches of other repositories on which environments live, as they are now: one request for each repository. One that cannot be
 * read is told, and the others are read all the same.
 *
 * @param rules of the default branch of the ops repository, which judge them
 */
export async function otherGrounds(
  ops: Connected,
  rules: Omit<JudgedPlace, 'place' | 'base'>,
  judging: Judging,
): Promise<OtherGrounds> {
  const byRepository = new Map<string, OtherPlace[]>();
  for (const place of otherPlaces(rules.policy)) {
    const key = place.repository.toLowerCase();
    byRepository.set(key, [...(byRepository.get(key) ?? []), place]);
  }
  const found = await inParallel([...byRepository.values()], AT_ONCE, (places) =>
    groundsIn(ops, rules, judging, places),
  );
  return {
    grounds: onceEach(found.flatMap(({ grounds }) => grounds)),
    left: found.flatMap(({ left }) => left),
    notes: found.flatMap(({ notes }) => notes),
  };
}

type OtherPlace = Place & { repository: string };

async function groundsIn(
  ops: Connected,
  rules: Omit<JudgedPlace, 'place' | 'base'>,
  judging: Judging,
  places: readonly OtherPlace[],
): Promise<OtherGrounds> {
  const at = connectedAt(ops, places[0] ?? { repository: undefined });
  const repository = nameOf(at);
  const unreached = (why: unknown) => ({
    ...{ grounds: [], left: [] },
    notes: [unreachedNote(rules.policy, repository, why)],
  });
  let read: Awaited<ReturnType<typeof readHeads>>;
  try {
    read = await readHeads(at, places, judging);
  } catch (error) {
    return unreached(error);
  }
  const { name, isArchived, base, oids, isOwn } = read;
  if (isArchived || base === undefined) {
    return unreached(new Error(isArchived ? 'It is archived: nothing comes there.' : 'It has no commit yet.'));
  }
  const isRenamed = name.toLowerCase() !== repository.toLowerCase();
  const refused = isRenamed
    ? { refused: `${repository} is called ${name} now: say that with "repository" in ostack.yaml.` }
    : {};
  const [owner = '', own = ''] = name.split('/');
  const there = { ...at, repository: { owner, name: own } };
  const found = places.map((place, index) => ({
    place,
    branch: place.branch ?? base.branch,
    oid: place.branch === undefined ? base.head : oids[index],
  }));
  const grounds = found.flatMap(({ place, branch, oid }) =>
    oid === undefined ? [] : [{ at: there, branch, oid, judged: { ...rules, place, base: base.branch }, ...refused }],
  );
  if (isOwn) {
    return { grounds: [], left: grounds, notes: [ownGateNote(rules.policy, repository)] };
  }
  return {
    ...{ grounds, left: [] },
    notes: found
      .filter(({ oid }) => oid === undefined)
      .map(({ place }) => `${placeName(place)} is not there, and environments live on it by ostack.yaml.`),
  };
}

/**
 * Each branch once: by two names or in two ways it would be judged twice, each time by the rules of some environments, and the later
 * verdict would count.
 */
function onceEach(grounds: readonly Ground[]): Ground[] {
  const found = new Map<string, Ground>();
  for (const ground of grounds) {
    const key = `${nameOf(ground.at).toLowerCase()}#${ground.branch}`;
    const refused = `ostack.yaml says in two ways that environments live on ${ground.branch} of ${nameOf(ground.at)}: say it in one.`;
    found.set(key, found.has(key) ? { ...ground, refused } : ground);
  }
  return [...found.values()];
}

/** One request. @throws Error naming what the token lacks */
function readHeads(at: Connected, places: readonly Place[], { app, now }: Judging) {
  const reader = repositoryReader(at.github, at.repository, 'GateBranches');
  const operation = operationIn(at.repository, 'read the branches of environments', 'contents: read');
  return attempt(operation, async () => {
    const [name, isArchived, base, oids, isOwn] = await Promise.all([
      reader.load({ text: () => 'nameWithOwner', schema: v.string() }),
      reader.load({ text: () => 'isArchived', schema: v.boolean() }),
      defaultHead(reader),
      Promise.all(places.map(({ branch }) => (branch === undefined ? undefined : branchHead(reader, branch)))),
      hasOwnGate(reader, app, now),
    ]);
    return { name, isArchived, base, oids, isOwn };
  });
}

/** What is said of environments in a repository that the gate and the audit do not reach, a sentence or two. */
export function unreachedNote(policy: Policy, repository: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return (
    `${unjudged(policy, repository)} ${why} ` +
    'The ops App has to be installed there, and ops-gate.yml called with "elsewhere: true".'
  );
}

function ownGateNote(policy: Policy, repository: string): string {
  return (
    `${unjudged(policy, repository)} It has a gate of its own by the same App ("${AUDIT_CHECK}" on its default branch), and two policies would write one check. ` +
    `Take ops-gate.yml out of ${repository}, whose environments are judged here a day later, or "repository" of these environments out of this ostack.yaml.`
  );
}

function unjudged(policy: Policy, repository: string): string {
  const names = environmentsIn(policy, repository);
  const live = names.length === 1 ? 'lives' : 'live';
  return `${names.join(' and ')} ${live} in ${repository}, and neither the gate nor the audit judges what comes there.`;
}
