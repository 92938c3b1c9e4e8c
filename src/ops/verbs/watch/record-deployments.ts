import type { Connected } from '../../../github/connected.js';
import {
  type Deployment,
  deploymentOf,
  makeDeployment,
  type StatusToSet,
  setStatuses,
} from '../../../github/deployments.js';
import { attempt, isFinalAnswer, isRequestFailure, isUnprocessable } from '../../../github/errors.js';
import { type RepositoryReader, repositoryReader } from '../../../github/repository-reader.js';
import { operationIn, tryOperation } from '../../../github/try-operation.js';
import { chunks } from '../../../runtime/chunks.js';
import { deploymentFor, dueStatuses, type Recorded, taskOf } from './plan-deployments.js';

/** Deployments that a run makes at most: GitHub takes 80 writes a minute. What is left is for the next run. */
const MOST_NEW = 40;

/** How often it is begun anew after a request that failed. */
const MOST_ROUNDS = 3;

/** Statuses in one request. */
const AT_ONCE = 50;

/** What was written in one repository. */
export interface Records {
  created: number;
  /** Statuses that were due, with the change that each is of. */
  statuses: StatusToSet[];
  /** Changes that have no deployment yet. */
  left: number;
  /** What GitHub refuses of single ones, sentences: it keeps nobody from the others. */
  refused: string[];
}

/** What is written before a status is: whoever is told of it is told first, so that a run that was stopped tells it again. */
export type BeforeStatuses = (due: readonly StatusToSet[], isLast: boolean) => Promise<void>;

/**
 * Records deployments of changes in one repository, each once, whatever a run before did: a deployment is looked for at its commit
 * before it is made.
 *
 * @param isDry decide, and write nothing
 * @throws Error naming the permission that is missing: it takes `deployments: write`
 */
export async function recordDeployments(
  repository: Connected,
  recorded: readonly Recorded[],
  isDry: boolean,
  before: BeforeStatuses = async () => {},
): Promise<Records> {
  const operation = operationIn(repository.repository, 'record deployments', 'deployments: write');
  return attempt(operation, async () => {
    for (let round = 1; ; round++) {
      try {
        return await recordOnce(repository, recorded, isDry, (due) => before(due, round === MOST_ROUNDS));
      } catch (error) {
        // Whether a write took effect whose answer was lost, only another look tells.
        if (round === MOST_ROUNDS || !isRequestFailure(error) || isFinalAnswer(error)) {
          throw error;
        }
      }
    }
  });
}

async function recordOnce(
  connected: Connected,
  recorded: readonly Recorded[],
  isDry: boolean,
  before: (due: readonly StatusToSet[]) => Promise<void>,
): Promise<Records> {
  const { github, repository } = connected;
  const refused: string[] = [];
  const known = await readKnown(repositoryReader(github, repository, 'Deployments'), recorded);
  const missing = recorded.filter(({ change, sha }) => !known.has(keyOf(sha, change.environment, change.app)));
  const created = missing.slice(0, MOST_NEW);
  for (const each of isDry ? [] : created) {
    const { environment, app } = each.change;
    const wanted = deploymentFor(each);
    const doing = `record the deployment of ${wanted.description} at ${each.sha.slice(0, 7)}`;
    const made = await unlessRefused(connected, doing, refused, () => makeDeployment(github, repository, wanted));
    if (made !== undefined) {
      known.set(keyOf(each.sha, environment, app), made);
    }
  }
  const withoutDeployment = refused.length;
  const statuses = dueStatuses(recorded, (...key) => known.get(keyOf(...key)));
  await before(statuses);
  for (const some of isDry ? [] : chunks(statuses, AT_ONCE)) {
    await unlessRefused(connected, 'record how deployments are', refused, () => setStatuses(github, some));
  }
  return { created: created.length - withoutDeployment, statuses, left: missing.length - created.length, refused };
}

/**
 * Writes one thing, unless GitHub finds it wrong in itself, as it does a commit that is no longer there.
 *
 * @param refused takes a sentence then
 */
function unlessRefused<T>(
  { repository }: Connected,
  doing: string,
  refused: string[],
  write: () => Promise<T>,
): Promise<T | undefined> {
  return tryOperation(operationIn(repository, doing, 'deployments: write'), write, (words, error) => {
    if (!isUnprocessable(error)) {
      throw error;
    }
    refused.push(words);
  });
}

async function readKnown(reader: RepositoryReader, recorded: readonly Recorded[]): Promise<Map<string, Deployment>> {
  const wanted = new Map(
    recorded.flatMap(({ change: { environment, app }, sha, replaced }) =>
      [sha, ...replaced].map((each) => [keyOf(each, environment, app), { environment, app, sha: each }] as const),
    ),
  );
  const found = [...wanted].map(async ([key, { environment, app, sha }]) => {
    const deployment = await deploymentOf(reader, { environment, task: taskOf(app), sha });
    return deployment === undefined ? [] : [[key, deployment] as const];
  });
  return new Map((await Promise.all(found)).flat());
}

function keyOf(sha: string, environment: string, app: string): string {
  return `${sha} ${environment} ${app}`;
}
