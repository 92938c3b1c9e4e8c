import * as v from 'valibot';
import { type Connected, nameOf } from '../../../github/connected.js';
import { isFinalAnswer, isRequestFailure } from '../../../github/errors.js';
import { operationIn, tryOperation } from '../../../github/try-operation.js';
import { shortLine } from '../../../report/short-line.js';
import { type Probe, runProbe } from '../../../runtime/probe.js';
import { tagOf } from '../../carriers/target.js';
import { checkContext } from '../../live/check-contexts.js';
import type { CheckedVersion, CheckKind } from '../../policy/health.js';
import { addressOf, type ReadyProbe } from '../../policy/ready-policy.js';
import type { VerifyPolicy } from '../../policy/verify-policy.js';
import type { WatchedChange } from './changes.js';
import { changeId, type DueCheck, dueCheck, filledInputs, isRunOf, verdictOf } from './plan-checks.js';

/** Checks that a run makes at most: what is left is for the next one. */
const MOST = 40;

/** GitHub takes no more in a description. */
const MOST_CHARACTERS = 140;

/** The repository whose workflows verify, with its default branch. */
type Home = Connected & { branch: string };

/** A change of which something is checked. */
type Checked = WatchedChange & { checked: CheckedVersion };

/** A status of a check. */
interface Said {
  state: 'success' | 'failure' | 'pending';
  description: string;
  url: string;
}

const postedSchema = v.object({ created_at: v.string(), creator: v.nullish(v.object({ login: v.string() })) });
const startedSchema = v.object({ workflow_run_id: v.number(), html_url: v.string() });
const runSchema = v.object({
  status: v.nullable(v.string()),
  conclusion: v.nullable(v.string()),
  html_url: v.string(),
  display_title: v.string(),
});
const runsSchema = v.object({ workflow_runs: v.array(runSchema) });

/**
 * Makes the checks that are due of what is watched: asks addresses, starts the workflows that verify, and looks how these went. What
 * they say is kept as commit statuses, as what clusters say, so that the next run goes on from there. A status is set before a workflow
 * is started: a run that was stopped in between is followed by one that looks for it.
 *
 * @returns how many statuses were set
 */
export async function runChecks(
  home: Home,
  changes: readonly WatchedChange[],
  now: Date,
  warn: (message: string) => void,
): Promise<number> {
  const due = changes.flatMap((change) => {
    const { checked, ready, verify } = change;
    const check = dueCheck(checked, ready, verify, now);
    return checked === undefined || check === undefined ? [] : [{ change: { ...change, checked }, check }];
  });
  let all = 0;
  for (const { change, check } of due.slice(0, MOST)) {
    const doing = `${check.do === 'probe' ? 'keep what a probe said' : 'verify'} ${change.app} in ${change.environment}`;
    const operation = operationIn(home.repository, doing, 'actions: write" and "statuses: write');
    // What cannot be checked keeps nobody from the others: it is missed when its time is over.
    const said = await tryOperation(operation, () => runCheck(home, change, check), warn);
    if (typeof said === 'string') {
      warn(said);
      return all;
    }
    all += said ?? 0;
  }
  return all;
}

/** How many statuses were set, or why none of them counts: a sentence. */
type Posted = number | string;

function runCheck(home: Home, change: Checked, check: DueCheck): Promise<Posted> {
  switch (check.do) {
    case 'probe':
      return probe(change, check.probe);
    case 'look':
      return look(home, change, check);
    default:
      return verify(home, change, check);
  }
}

async function probe(change: Checked, asked: ReadyProbe): Promise<Posted> {
  const wanted = probeOf(change, asked);
  const problem = await runProbe(wanted);
  const said: Said = {
    state: problem === undefined ? 'success' : 'pending',
    description: problem === undefined ? 'answers as it has to' : problem,
    url: wanted.url,
  };
  const known = change.checked.kept.get('probe');
  const isSame = known?.state === said.state && known.description === shown(said);
  return isSame ? 0 : posted(await keep(change, 'probe', said));
}

/** What an address has to answer: where it shows its version, a tag or digest of what was deployed, or the commit that it was made from. */
function probeOf({ app, entry, version }: WatchedChange, asked: ReadyProbe): Probe {
  const source = entry.trailers?.source?.split('@').at(-1);
  const images = entry.targets.flatMap((target) => [
    tagOf(target) ?? '',
    ...(target.kind === 'image' && target.digest !== undefined ? [target.digest] : []),
  ]);
  const accepted = [...new Set([version ?? '', ...images, source ?? ''])].filter((each) => each !== '');
  return {
    url: new URL(asked.path, addressOf(asked, app)).href,
    statuses: asked.statuses,
    version: asked.version === undefined ? undefined : { source: asked.version, accepted },
  };
}

async function look(
  home: Connected,
  change: Checked,
  { verify: { workflow }, run, state }: DueCheck & { do: 'look' },
): Promise<Posted> {
  const { github, repository } = home;
  const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', {
    ...{ owner: repository.owner, repo: repository.name, run_id: run },
  });
  const found = v.parse(runSchema, data);
  const verdict = verdictOf(found);
  // One that runs anew after it failed is not known to be better yet.
  return verdict === state || verdict === 'pending'
    ? 0
    : posted(
        await keep(change, 'verify', {
          state: verdict,
          description: `${workflow} ${verdict === 'success' ? 'succeeded' : 'failed'}`,
          url: found.html_url,
        }),
      );
}

/** How often a start is tried whose answer did not come. */
const MOST_STARTS = 3;

async function verify(
  home: Home,
  change: Checked,
  { verify: policy, claimed }: DueCheck & { do: 'start' },
): Promise<Posted> {
  const { workflow } = policy;
  const claim: Said = { state: 'pending', description: `${workflow} is being started`, url: '' };
  const since = claimed ?? (await keep(change, 'verify', claim));
  // What never counts is not started again and again.
  if (typeof since === 'string') {
    return since;
  }
  const url = await startOnce(home, change, policy, since, claimed !== undefined);
  return posted(await keep(change, 'verify', { state: 'pending', description: `${workflow} runs`, url }));
}

/** Starts the workflow, unless it runs already: where an answer did not come, only another look tells. @returns the page of its run */
async function startOnce(
  home: Home,
  change: Checked,
  policy: VerifyPolicy,
  since: Date,
  mayRun: boolean,
): Promise<string> {
  const id = changeId({ ...change, commit: change.checked.commit });
  for (let tries = 1; ; tries++) {
    const known = mayRun || tries > 1 ? await startedBefore(home, policy.workflow, id, since) : undefined;
    if (known !== undefined) {
      return known;
    }
    try {
      return await start(home, change, policy, id);
    } catch (error) {
      if (tries === MOST_STARTS || !isRequestFailure(error) || isFinalAnswer(error)) {
        throw error;
      }
    }
  }
}

/** The page of the run that was started already, by its name: no answer said so, or what heard it was stopped. */
async function startedBefore(
  { github, repository }: Connected,
  workflow: string,
  id: string,
  since: Date,
): Promise<string | undefined> {
  const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', {
    ...{ owner: repository.owner, repo: repository.name, workflow_id: workflow, per_page: 100 },
    ...{ event: 'workflow_dispatch', created: `>=${since.toISOString()}` },
  });
  return v.parse(runsSchema, data).workflow_runs.find(({ display_title: title }) => isRunOf(title, id))?.html_url;
}

/**
 * Starts the workflow. @returns the page of its run
 * @see https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event
 */
async function start(
  { github, repository, branch }: Home,
  { environment, app, version, ready, checked }: Checked,
  { workflow, inputs }: VerifyPolicy,
  change: string,
): Promise<string> {
  const url = addressOf(ready, app);
  const { commit } = checked;
  const { data } = await github.octokit.request(
    'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    {
      ...{
        owner: repository.owner,
        repo: repository.name,
        workflow_id: workflow,
        ref: branch,
        return_run_details: true,
      },
      inputs: filledInputs(inputs, { environment, app, version: version ?? '', commit, url, change }),
    },
  );
  return v.parse(startedSchema, data).html_url;
}

/**
 * Sets the status of a check; twice is as good as once.
 *
 * @returns when; a sentence where somebody else posts it than the policy names, so that it never counts
 */
async function keep(change: Checked, kind: CheckKind, said: Said): Promise<Date | string> {
  const { ops, environment, app, ready, checked } = change;
  const { owner, name: repo } = ops.repository;
  const { data } = await ops.github.octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
    ...{ owner, repo, sha: checked.commit, state: said.state, description: shown(said) },
    ...{ context: checkContext(kind, environment, app), request: { repeatable: true } },
    ...(said.url === '' ? {} : { target_url: said.url }),
  });
  const { created_at: at, creator } = v.parse(postedSchema, data);
  const by = creator?.login ?? '';
  return by.toLowerCase() === ready.watcher
    ? new Date(at)
    : `Ops watch posts its checks in ${nameOf(ops)} as "${by}", and ostack.yaml counts those of "${ready.watcher}" in ${environment}. ` +
        `Write watcher: "${by}" under "ready" of ${environment}.`;
}

function posted(kept: Date | string): Posted {
  return typeof kept === 'string' ? kept : 1;
}

function shown({ description }: Pick<Said, 'description'>): string {
  return shortLine(description, MOST_CHARACTERS);
}
