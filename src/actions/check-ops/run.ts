import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type GitHub } from '../../github/client.js';
import { parseRepository, type RepositoryName, type RunContext } from '../../github/context.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { approvalsOf, type TeamReader, teamReader } from '../../ops/check/approvers.js';
import { type Comparison, fetchComparison, type Range } from '../../ops/check/comparison.js';
import { evaluate, type Proposed } from '../../ops/check/evaluate.js';
import { checkFiles, type FileCheck, inspect } from '../../ops/check/inspect.js';
import type { Verdict } from '../../ops/check/judge.js';
import { type CheckedPull, defaultHead, openPulls, readPull } from '../../ops/check/pulls.js';
import { reportMarkdown } from '../../ops/check/report.js';
import { COMMENT_BYTES, Teller } from '../../ops/check/tell.js';
import type { Inputs } from './inputs.js';
import type { Subject } from './subject.js';

/** What became of one pull request, or of a merge group. */
export interface Checked {
  /** `undefined` for a merge group. */
  number: number | undefined;
  sha: string;
  verdicts: Verdict[];
  /** `undefined` where only the policy was looked at. */
  files: FileCheck | undefined;
  notes: string[];
}

/** Connections of one run. */
export interface CheckRun {
  inputs: Inputs;
  context: RunContext;
  github: GitHub;
  repository: RepositoryName;
  members: TeamReader;
  now: Date;
}

export function openRun(inputs: Inputs, context: RunContext): CheckRun {
  const github = connect({ token: inputs.token });
  const members = teamReader(inputs.membersToken === undefined ? github : connect({ token: inputs.membersToken }));
  const repository = parseRepository(context.repository, 'GITHUB_REPOSITORY');
  return { inputs, context, github, repository, members, now: new Date() };
}

/** Checks what the run is about, and says it on GitHub. */
export async function check(run: CheckRun, subject: Subject): Promise<Checked[]> {
  switch (subject.kind) {
    case 'none':
      return [];
    case 'pull': {
      const pull = await readPull(run.github, run.repository, subject.number);
      const merge = pull.headOid === subject.head ? subject.merge : undefined;
      return [await checkPull(run, pull, { whole: true, merge: merge ?? `refs/pull/${pull.number}/merge` })];
    }
    case 'group':
      return [await checkGroup(run, subject)];
    case 'all': {
      const { branch } = await defaultHead(run.github, run.repository);
      const checked: Checked[] = [];
      // One after the other: each is a fetch, and GitHub does not like many at once.
      for (const pull of await openPulls(run.github, run.repository, branch)) {
        checked.push(await checkPull(run, pull, { whole: false, merge: `refs/pull/${pull.number}/merge` }));
      }
      return checked;
    }
  }
}

async function checkPull(run: CheckRun, pull: CheckedPull, how: { whole: boolean; merge: string }): Promise<Checked> {
  const { inputs, github, repository, members, context } = run;
  const proposed: Proposed = {
    messages: pull.messages,
    approvals: (approvers) => approvalsOf(approvers, pull.approvedBy, members),
  };
  const range = { merge: how.merge, expectedHead: pull.headOid };
  const { verdicts, files } = await look(run, range, proposed, how.whole);
  const teller = new Teller(github, repository);
  if (files === undefined && verdicts.length === 0) {
    return { number: pull.number, sha: pull.headOid, verdicts, files, notes: [CONFLICT] };
  }
  if (inputs.statuses && !inputs.dryRun) {
    await teller.statuses(pull.headOid, verdicts, pull.statuses, context.runUrl);
  }
  if (files !== undefined && inputs.comment && !inputs.dryRun) {
    const page = `${context.serverUrl}/${context.repository}/blob/${pull.headOid}`;
    const report = { verdicts, ...files, page, notes: [...teller.notes] };
    await teller.comment(pull.number, reportMarkdown(report, COMMENT_BYTES - 100));
  }
  return { number: pull.number, sha: pull.headOid, verdicts, files, notes: [...teller.notes] };
}

const CONFLICT =
  'GitHub has no merge of it into its base: it has conflicts, or GitHub is still working on it. Resolve them, or run it again.';

/** What is in a merge queue has had its approvals to get there. */
async function checkGroup(run: CheckRun, { base, head }: { base: string; head: string }): Promise<Checked> {
  const { inputs, github, repository, context } = run;
  const proposed: Proposed = {
    messages: [],
    approvals: async (approvers) => ({ given: approvers, problem: undefined }),
  };
  const { verdicts, files } = await look(run, { base, head }, proposed, true);
  const teller = new Teller(github, repository);
  if (inputs.statuses && !inputs.dryRun) {
    await teller.statuses(head, verdicts, new Map(), context.runUrl);
  }
  return { number: undefined, sha: head, verdicts, files, notes: [...teller.notes] };
}

interface Looked {
  verdicts: Verdict[];
  files: FileCheck | undefined;
}

async function look(run: CheckRun, range: Range, proposed: Proposed, whole: boolean): Promise<Looked> {
  const { context, inputs, github, repository, now } = run;
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-check-'));
  try {
    const remote = { serverUrl: context.serverUrl, repository: context.repository, token: inputs.token };
    const comparison: Comparison | undefined = await fetchComparison(remote, range, scratch);
    if (comparison === undefined) {
      return { verdicts: [], files: undefined };
    }
    const inspection = await inspect(comparison);
    const source = { github, repository, reader: repositoryReader(github, repository, 'CheckOps') };
    const verdicts = await evaluate(source, await defaultHead(github, repository), inspection, proposed, now);
    await mkdir(join(scratch, 'render'));
    return { verdicts, files: whole ? await checkFiles(comparison, inspection, join(scratch, 'render')) : undefined };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
