import * as v from 'valibot';
import { branchHead } from '../../github/branch-head.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { operationIn } from '../../github/try-operation.js';
import type { JudgedPlace } from '../judgement/judged-place.js';
import { gateCheckOf } from '../policy/gate-check.js';
import { HOLDS_FILE } from '../policy/holds.js';
import { HOME, judgedPlaces, livesAt, type Place, placeName, settledPolicy, unjudgedPlaces } from '../policy/places.js';
import { POLICY_FILE, type Policy, readPolicy } from '../policy/policy.js';
import { PLAIN_FILE, plainFileSchema, wholeText } from '../repository/repository-state.js';

/** The default branch and its newest commit. */
export interface Main {
  branch: string;
  oid: string;
}

/** A branch whose changes are judged, and its newest commit. */
export interface Ground extends Main {
  /** What judges it, where it is not the default branch. */
  judged?: JudgedPlace;
}

/** All branches whose changes are judged. */
export interface Grounds {
  main: Main;
  /** The default branch first. */
  all: readonly Ground[];
  /** What is not judged although environments live there, sentences. */
  notes: readonly string[];
}

/** The check run that a ruleset requires of a branch. */
export function checkOf({ judged }: Pick<Ground, 'judged'>): string {
  return gateCheckOf(judged?.place.branch);
}

/** The default branch, at the commit whose policy judges what goes into a branch. */
export function homeOf(ground: Ground): Main {
  return ground.judged?.home ?? ground;
}

/** A branch for people: `the default branch`, `the branch prod`. */
export function groundName({ judged }: Pick<Ground, 'judged'>): string {
  return placeName(judged?.place ?? HOME);
}

/** Whether a branch is at another commit, or is judged by other rules. */
export function isMoved(before: Grounds, now: Grounds): boolean {
  const key = ({ all }: Grounds) => JSON.stringify(all.map(({ branch, oid }) => [branch, oid]));
  return key(before) !== key(now);
}

const mainSchema = v.object({
  repository: v.nullable(
    v.object({
      defaultBranchRef: v.nullable(
        v.object({
          name: v.string(),
          target: v.object({ oid: v.string(), policy: plainFileSchema, holds: plainFileSchema }),
        }),
      ),
    }),
  ),
});

/**
 * Where all branches are now whose changes are judged: the default branch, and those that environments live on by its policy. One
 * request, and one more for all of these.
 *
 * @throws Error where the repository has no default branch, or the token cannot read it
 */
export async function newestGrounds(ops: Connected): Promise<Grounds> {
  const { main, policy, holdsText } = await readMain(ops);
  const places = judgedPlaces(policy?.environments ?? []);
  const unjudged = unjudgedPlaces(policy?.environments ?? []);
  if (policy === undefined || places.length === 0) {
    return { main, all: [main], notes: unjudged };
  }
  const reader = repositoryReader(ops.github, ops.repository, 'GateBranches');
  const oids = await attempt(operationIn(ops.repository, 'read the branches of environments', 'contents: read'), () =>
    Promise.all(places.map(({ branch = '' }) => branchHead(reader, branch))),
  );
  const away = places.flatMap((place, index): Ground[] => {
    const oid = oids[index];
    const judged = { place, home: main, policy, holdsText };
    return oid === undefined ? [] : [{ branch: place.branch ?? '', oid, judged }];
  });
  const missing = places.filter((_, index) => oids[index] === undefined);
  const gone = missing.map((place) => {
    const names = policy.environments.filter((each) => livesAt(each, place)).map(({ name }) => name);
    return `${names.join(' and ')} lives on ${placeName(place)} by ostack.yaml, and there is no such branch.`;
  });
  return { main, all: [main, ...away], notes: [...unjudged, ...gone] };
}

/** The branch that one place of the repository is, as it is now; `undefined` where it is gone, or no environment lives there any more. */
export async function newestGroundOf(ops: Connected, { branch }: Place): Promise<Ground | undefined> {
  const { all } = await newestGrounds(ops);
  return all.find(({ judged }) => judged?.place.branch === branch);
}

/** A policy that cannot be read names no branches: nothing is let in by it. */
async function readMain(
  ops: Connected,
): Promise<{ main: Main; policy: Policy | undefined; holdsText: string | undefined }> {
  const document = `query GateHead($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { defaultBranchRef { name target { oid ... on Commit {
    policy: file(path: "${POLICY_FILE}") { ${PLAIN_FILE} } holds: file(path: "${HOLDS_FILE}") { ${PLAIN_FILE} } } } } }
}`;
  const { owner, name } = ops.repository;
  const operation = operationIn(ops.repository, 'read the default branch', 'contents: read');
  const answer = await attempt(operation, () => ops.github.query(mainSchema, document, { owner, name }));
  const ref = answer.repository?.defaultBranchRef;
  if (ref === null || ref === undefined) {
    throw new Error(`${nameOf(ops)} has no commit on a default branch, so there is nothing to judge by.`);
  }
  const main = { branch: ref.name, oid: ref.target.oid };
  try {
    const policy = readPolicy(wholeText(ref.target.policy, POLICY_FILE));
    const holdsText = wholeText(ref.target.holds, HOLDS_FILE);
    return { main, policy: settledPolicy(policy, nameOf(ops), main.branch), holdsText };
  } catch (error) {
    if (!(error instanceof Error)) {
      throw error;
    }
    return { main, policy: undefined, holdsText: undefined };
  }
}
