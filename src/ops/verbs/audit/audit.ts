import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connected, nameOf } from '../../../github/connected.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { plain } from '../../../report/markdown.js';
import type { EvidenceSource } from '../../evidence/proof-reader.js';
import type { Remote } from '../../judged-pulls/fetch-changes.js';
import { changeBetween, fetchFiles } from '../../judged-pulls/fetch-files.js';
import { type Ground, groundName, type Main, otherRepository, there } from '../../judged-pulls/ground.js';
import { newestGrounds } from '../../judged-pulls/grounds.js';
import { remoteOf } from '../../judged-pulls/judge-at.js';
import { type Lost, unlessLost } from '../../judged-pulls/lost-repositories.js';
import { unreachedNote } from '../../judged-pulls/other-grounds.js';
import type { TeamReader } from '../../judgement/approvers.js';
import { readArrivalTimes } from '../../ledger/arrival-times.js';
import { type Push, readPushes } from '../../ledger/read-pushes.js';
import type { CommitReader } from '../../tree/commit-files.js';
import { type Arrival, arrivalsOf, arrivedSince, forcedArrival } from './arrivals.js';
import type { AuditedBranch, AuditReport, Finding } from './audit-report.js';
import { type JudgedArrival, judgeArrival } from './judge-arrival.js';
import { knownSince } from './known-since.js';
import { openIssue } from './open-issue.js';
import { planRevert } from './plan-revert.js';
import { proposeRevert } from './propose-revert.js';
import { type Chain, firstAudited, readChain } from './read-chain.js';
import { readMerged } from './read-merged.js';
import { rulesThen } from './rules-then.js';
import { checkOf, issueOf, revertOf } from './texts.js';
import { writeCheck } from './write-check.js';

/** What the audit works with. Each connection has a token that may do this and no more, in other repositories, too. */
export interface AuditRun {
  /** Reads. The repository of the policy, in which issues are, too. */
  ops: Connected;
  /** Opens issues and writes check runs; `undefined` to write nothing. */
  reports: Connected | undefined;
  /** Opens reverts; `undefined` to stop at the first that needs one. */
  reverts: Connected | undefined;
  remote: Remote;
  members: TeamReader;
  /** Where evidence of builds is looked for; missing where nobody looks. */
  evidence?: EvidenceSource | undefined;
  /** Slug of the ops App. */
  app: string;
  /** `https://github.com` */
  server: string;
  /** Page of the run; empty where it is none. */
  runUrl: string;
  /** File of the workflow; empty where it is none. */
  workflow: string;
  now: Date;
}

/** Arrivals that one run judges. */
const MOST_ARRIVALS = 40;
/** Requests in which the moves of a branch are read. */
const MOST_PAGES = 30;

/** A branch that is audited, and how many more arrivals of it this run judges. */
interface Task {
  ground: Ground;
  main: Main;
  most: number;
  /** Whether an earlier run has audited the default branch: then nothing that it wrote down of another one is deleted. */
  isKnown: boolean;
}

/**
 * Judges everything that reached the default branch, and each branch that environments live on, since the last run, oldest first, each
 * as of its merge. What the policy did not permit gets an issue and a pull request that takes it back. A commit is remembered as audited
 * when all this is there, so a run that is stopped anywhere is gone on with by the next. Another repository that fails is told, and gone
 * on with by the next run.
 *
 * @throws Error where the repository of the policy cannot be read or written
 */
export async function runAudit(run: AuditRun): Promise<AuditReport> {
  const { main, all, notes, policy } = await newestGrounds(run.ops, run);
  const findings: Finding[] = [];
  const branches: AuditedBranch[] = [];
  const lost: Lost = new Map();
  let [most, isKnown] = [MOST_ARRIVALS, false];
  for (const ground of all) {
    await unlessLost(lost, ground, async () => {
      const chain = await readChain(run.app, ground);
      const branch = await auditBranch(run, chain, { ground, main, most, isKnown }, findings);
      branches.push(branch);
      most -= branch.judged.length;
      isKnown ||= chain.audited !== undefined;
    });
  }
  const failed = [...lost.values()].map(({ name, why }) =>
    policy === undefined ? String(why) : unreachedNote(policy, name, why),
  );
  return { branches, findings, unjudged: [...notes, ...failed] };
}

async function auditBranch(run: AuditRun, chain: Chain, task: Task, findings: Finding[]): Promise<AuditedBranch> {
  const { arrivals, push, lost } = await readNews(run, chain, task);
  const name = groundName(task.ground);
  const report: AuditedBranch = { name, began: undefined, judged: [], left: 0, needsRevert: false };
  if (arrivals === undefined) {
    await begin(run, chain, task.ground, push);
    return { ...report, began: chain.head };
  }
  await renew(run, chain, task.ground);
  const open = arrivals.slice(0, task.most);
  if (open.length > 0) {
    await inScratch((scratch) => auditAll(run, { ...chain, push }, task, open, scratch, report, findings));
  }
  return { ...report, left: arrivals.length - report.judged.length, ...(lost === undefined ? {} : { lost }) };
}

async function begin(
  { reports, runUrl }: AuditRun,
  { head, check }: Chain,
  ground: Ground,
  push: number,
): Promise<void> {
  const title = 'The audit begins with this commit: what the branch had before was not judged.';
  if (reports !== undefined) {
    await writeCheck(
      there(reports, ground),
      { oid: head, check, push, conclusion: 'success', title, summary: title },
      runUrl,
    );
  }
}

/** GitHub deletes check runs, after a day at the earliest: the one that tells where the audit stopped is written anew. */
const RENEWED_MS = 12 * 3_600_000;

async function renew(
  { reports, runUrl, now }: AuditRun,
  { audited, commits, check }: Chain,
  ground: Ground,
): Promise<void> {
  const isOld = audited?.at !== undefined && now.getTime() - audited.at.getTime() > RENEWED_MS;
  if (reports !== undefined && audited !== undefined && isOld && commits.length === 0) {
    const { oid, push, title, isPermitted } = audited;
    const conclusion = isPermitted ? 'success' : 'failure';
    const renewed = { oid, check, push, conclusion, title, summary: plain(title) } as const;
    await writeCheck(there(reports, ground), renewed, runUrl);
  }
}

/** What arrived since the last run. */
interface News {
  /** Oldest first; `undefined` on the first run of all. */
  arrivals: Arrival[] | undefined;
  /** The newest move of the branch that was looked at. */
  push: number;
  lost?: AuditedBranch['lost'];
}

async function readNews(
  { ops, app, workflow }: AuditRun,
  { branch, head, check, audited, commits, isCut }: Chain,
  { ground, isKnown }: Pick<Task, 'ground' | 'isKnown'>,
): Promise<News> {
  const end = audited !== undefined && commits.length > 0 ? audited.oid : undefined;
  const isEnough = (all: readonly Push[]) =>
    all.length > 0 && (end === undefined || all.some(({ before }) => before === end));
  const pushes = await readPushes(ground.at, branch, isEnough, MOST_PAGES);
  const push = pushes[0]?.id ?? 0;
  if (audited !== undefined) {
    const forced = pushes.filter(({ isForced, id }) => isForced && id > audited.push).map(forcedArrival);
    return { arrivals: [...forced.reverse(), ...arrivalsOf(commits, pushes)], push };
  }
  const had = [...new Set(pushes.flatMap(({ before, after }) => [after, before]))].filter((oid) => !/^0+$/.test(oid));
  const last = await firstAudited(ground.at, app, check, had);
  // It was audited before, so the branch has another history now, or one too long to be read: all of it is one change.
  const { at = new Date(), actor } = pushes[0] ?? {};
  if (last !== undefined) {
    return { arrivals: [forcedArrival({ id: push, before: last, after: head, at, actor })], push };
  }
  if (isKnown) {
    // Environments live there since the audit ran last: what it writes down of one branch lives as long as that of another.
    return { arrivals: undefined, push };
  }
  // Either it never ran, or GitHub has deleted what it wrote down: what came since it was set up is judged in both cases.
  const since = await knownSince(ops, workflow);
  const news = since === undefined ? [] : arrivedSince(commits, pushes, since);
  const lost =
    since === undefined || news.length === 0 ? undefined : { since, isCut: isCut && news.length === commits.length };
  return lost === undefined ? { arrivals: undefined, push } : { arrivals: arrivalsOf(news, pushes), push, lost };
}

async function inScratch(work: (scratch: string) => Promise<void>): Promise<void> {
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-audit-'));
  try {
    await work(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function auditAll(
  run: AuditRun,
  chain: Chain & { push: number },
  { ground, main }: Pick<Task, 'ground' | 'main'>,
  arrivals: readonly Arrival[],
  scratch: string,
  report: AuditedBranch,
  findings: Finding[],
): Promise<void> {
  const { at } = ground;
  const oids = arrivals.flatMap(({ base, head }) => [base, head]);
  const [{ files, missing }, pulls] = await Promise.all([
    fetchFiles(remoteOf(run.remote, ground), chain.head, oids, scratch),
    readMerged(
      at,
      arrivals.flatMap(({ pull }) => pull ?? []),
      run.app,
    ),
  ]);
  const reader = repositoryReader(at.github, at.repository, 'Audit');
  const source = { ...at, reader, times: () => readArrivalTimes(at, ground) };
  const rulesAt = rulesOf(run.ops, ground, main, arrivals);
  const bench = { ops: run.ops, ground, source, rulesAt, members: run.members, evidence: run.evidence, app: run.app };
  for (const arrival of arrivals) {
    const pull = pulls.get(arrival.pull ?? 0);
    const gone = [arrival.base, arrival.head].find((oid) => missing.has(oid));
    const judged: JudgedArrival =
      gone === undefined
        ? await judgeArrival(bench, arrival, pull, await changeBetween(files, arrival.base, arrival.head))
        : { arrival, pull, into: report.name, refused: [], problem: `GitHub no longer gives ${gone}.` };
    const finding = await findingOf(run, judged, ground, files, chain.head);
    const isStopped = finding?.revert.state === 'change' && run.reports !== undefined && run.reverts === undefined;
    if (isStopped) {
      report.needsRevert = true;
      return;
    }
    const told = finding === undefined ? undefined : await tell(run, chain, ground, finding);
    findings.push(...(told === undefined ? [] : [told]));
    await remember(run, chain.check, ground, arrival, told, arrival.forced ?? chain.push);
    report.judged.push(arrival.head);
  }
}

/** What judged a branch at a time; `undefined` for the default branch, which has its policy itself. */
function rulesOf(ops: Connected, { judged }: Ground, main: Main, arrivals: readonly Arrival[]) {
  const times = arrivals.map(({ at }) => at.getTime());
  return judged && rulesThen(ops, judged, main, new Date(Math.min(...times)));
}

/** What is to be told of an arrival; `undefined` for one that the policy permits. */
async function findingOf(
  { server }: AuditRun,
  judged: JudgedArrival,
  ground: Ground,
  files: CommitReader,
  head: string,
): Promise<Finding | undefined> {
  const { arrival, refused, problem } = judged;
  if (refused.length === 0 && problem === undefined) {
    return undefined;
  }
  const repository = otherRepository(ground);
  const none = { issue: undefined, pullRequest: undefined, repository, page: `${server}/${nameOf(ground.at)}` };
  if (problem !== undefined) {
    const why = 'nobody could judge it, and it may be the repair';
    return { ...judged, ...none, revert: { state: 'by hand', why } };
  }
  const [now, before, after] = await Promise.all([head, arrival.base, arrival.head].map((oid) => files.files(oid)));
  if (now === undefined || before === undefined || after === undefined) {
    throw new Error(`git has not all of ${head}, ${arrival.base} and ${arrival.head}.`);
  }
  return { ...judged, ...none, revert: await planRevert(files, now, before, after) };
}

/** Opens the pull request that takes it back, where it is, then the issue, which names it, where the policy is. */
async function tell(run: AuditRun, { head, branch }: Chain, ground: Ground, finding: Finding): Promise<Finding> {
  const { reports, reverts, app } = run;
  if (reports === undefined) {
    return finding;
  }
  const { arrival, revert, repository } = finding;
  const of = ground.judged === undefined ? undefined : branch;
  const pullRequest =
    revert.state === 'change' && reverts !== undefined
      ? await proposeRevert(there(reverts, ground), app, {
          ...{ oid: arrival.head, onto: head, base: branch, of, change: revert.change },
          ...revertOf(finding),
        })
      : undefined;
  const told = { ...finding, pullRequest };
  // The same commit may be in two repositories, and in each it has an issue of its own.
  const into = repository === undefined ? of : `${branch} of ${repository}`;
  const issue = await openIssue(reports, app, { oid: arrival.head, of: into, since: arrival.at, ...issueOf(told) });
  return { ...told, issue };
}

async function remember(
  { ops, reports, runUrl }: AuditRun,
  check: string,
  ground: Ground,
  arrival: Arrival,
  finding: Finding | undefined,
  push: number,
): Promise<void> {
  if (reports !== undefined) {
    const said = checkOf(arrival, finding, nameOf(ops));
    await writeCheck(there(reports, ground), { oid: arrival.head, check, push, ...said }, runUrl);
  }
}
