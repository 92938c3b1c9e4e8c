import * as v from 'valibot';
import { branchHead } from '../../github/branch-head.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { operationIn } from '../../github/try-operation.js';
import { HOLDS_FILE } from '../policy/holds.js';
import {
  judgedPlaces,
  livesAt,
  type Place,
  placeKey,
  placeName,
  settledPolicy,
  unknownPlaces,
} from '../policy/places.js';
import { POLICY_FILE, type Policy, readPolicy } from '../policy/policy.js';
import { PLAIN_FILE, plainFileSchema, wholeText } from '../repository/repository-state.js';
import { type Ground, type Main, otherRepository } from './ground.js';
import { type Judging, otherGrounds } from './other-grounds.js';

/** All branches whose changes are judged. */
export interface Grounds {
  main: Main;
  /** The default branch first, then other branches of its repository, then those of other repositories. */
  all: readonly Ground[];
  /** Of other repositories, those that have a gate of their own: nothing is judged there. */
  left: readonly Ground[];
  /** By which they are judged; `undefined` where it cannot be read. */
  policy: Policy | undefined;
  /** What is not judged although environments live there, sentences. */
  notes: readonly string[];
}

/** Whether a branch is at another commit, or is judged by other rules. */
export function isMoved(before: Grounds, now: Grounds): boolean {
  const key = ({ all }: Grounds) =>
    JSON.stringify(all.map((ground) => [otherRepository(ground), ground.branch, ground.oid]));
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
 * request, one more for all of these in the same repository, and one for each other repository.
 *
 * @throws Error where the ops repository has no default branch, or the token cannot read it
 */
export async function newestGrounds(ops: Connected, judging: Judging): Promise<Grounds> {
  const own = await ownGrounds(ops);
  const { main, policy, holdsText } = own;
  if (policy === undefined) {
    return own;
  }
  const other = await otherGrounds(ops, { home: main, policy, holdsText }, judging);
  const notes = [...own.notes, ...unknownPlaces(policy), ...other.notes];
  return { main, policy, all: [...own.all, ...other.grounds], left: other.left, notes };
}

/** The same of the ops repository alone. */
async function ownGrounds(ops: Connected): Promise<Grounds & { holdsText: string | undefined }> {
  const { main, policy, holdsText } = await readMain(ops);
  const first: Ground = { ...main, at: ops };
  const places = judgedPlaces(policy?.environments ?? []);
  if (policy === undefined || places.length === 0) {
    return { main, policy, holdsText, all: [first], left: [], notes: [] };
  }
  const reader = repositoryReader(ops.github, ops.repository, 'GateBranches');
  const oids = await attempt(operationIn(ops.repository, 'read the branches of environments', 'contents: read'), () =>
    Promise.all(places.map(({ branch = '' }) => branchHead(reader, branch))),
  );
  const away = places.flatMap((place, index): Ground[] => {
    const oid = oids[index];
    const judged = { place, home: main, policy, holdsText };
    return oid === undefined ? [] : [{ at: ops, branch: place.branch ?? '', oid, judged }];
  });
  const missing = places.filter((_, index) => oids[index] === undefined);
  const gone = missing.map((place) => {
    const names = policy.environments.filter((each) => livesAt(each, place)).map(({ name }) => name);
    return `${names.join(' and ')} lives on ${placeName(place)} by ostack.yaml, and there is no such branch.`;
  });
  return { main, policy, holdsText, all: [first, ...away], left: [], notes: gone };
}

/** The branch that one place of the repository is, as it is now; `undefined` where it is gone, or no environment lives there any more. */
export async function newestGroundOf(ops: Connected, place: Place): Promise<Ground | undefined> {
  const { all } = await ownGrounds(ops);
  return all.find(({ judged }) => judged !== undefined && placeKey(judged.place) === placeKey(place));
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
