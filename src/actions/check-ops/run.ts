import { connect } from '../../github/client.js';
import { parseRepository, type RunContext } from '../../github/context.js';
import { teamReader } from '../../ops/judgement/approvers.js';
import { defaultHead, openPulls, readPull } from '../../ops/verbs/check/pulls.js';
import { type Checked, type CheckRun, pullsOf } from './check-run.js';
import { checkGroup } from './group.js';
import type { Inputs } from './inputs.js';
import { checkPull } from './pull.js';
import type { Subject } from './subject.js';
import { closeSupersededPulls } from './superseded.js';

/** Connects to GitHub with the tokens of the inputs. */
export function openRun(inputs: Inputs, context: RunContext, event: string): CheckRun {
  const github = connect({ token: inputs.token });
  const members = teamReader(inputs.membersToken === undefined ? github : connect({ token: inputs.membersToken }));
  const repository = parseRepository(context.repository, 'GITHUB_REPOSITORY');
  return { inputs, context, event, github, repository, members, now: new Date() };
}

/**
 * Checks what the run is about, and writes the results to GitHub: commit statuses, and a comment where the files are
 * checked.
 *
 * @throws Error where the repository or the pull request cannot be read
 */
export async function check(run: CheckRun, subject: Subject): Promise<Checked[]> {
  switch (subject.kind) {
    case 'none':
      return [];
    case 'pull': {
      const pull = await readPull(pullsOf(run), subject.number);
      const merge = pull.headOid === subject.head ? subject.merge : undefined;
      return [await checkPull(run, pull, { whole: true, merge })];
    }
    case 'group':
      return [await checkGroup(run, subject)];
    case 'all':
      return await checkAll(run);
  }
}

/** Checks the policy for all open pull requests. Where one fails, the others are checked all the same. */
async function checkAll(run: CheckRun): Promise<Checked[]> {
  const { branch } = await defaultHead(run.github, run.repository);
  const checked: Checked[] = [];
  // One after the other: each is a fetch, and many at once hit GitHub's secondary rate limits.
  for (const pull of await closeSupersededPulls(run, await openPulls(pullsOf(run), branch))) {
    try {
      checked.push(await checkPull(run, pull, { whole: false, merge: undefined }));
    } catch (error) {
      const failures = [`Pull request #${pull.number}: ${error instanceof Error ? error.message : String(error)}`];
      checked.push({
        ...{ number: pull.number, sha: pull.headOid, verdicts: [], files: undefined, notes: [] },
        failures,
      });
    }
  }
  return checked;
}
