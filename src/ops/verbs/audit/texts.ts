import { cutMarkdown } from '../../../report/cut.js';
import { code, fenced, link, plain, table } from '../../../report/markdown.js';
import { utc } from '../../../report/time.js';
import type { Arrival } from './arrivals.js';
import type { AuditedBranch, AuditReport, Finding } from './audit-report.js';
import type { Remembered } from './write-check.js';

/** GitHub takes this much of a text. */
const BODY_BYTES = 60_000;

const short = (oid: string) => oid.slice(0, 7);
const commitLink = (oid: string, page: string) => link(short(oid), `${page}/commit/${oid}`);
const numberLink = (number: number, page: string, repository = '') =>
  link(`${repository}#${number}`, `${page}/issues/${number}`);

/** Who did it, for people: `ada merged #12, which bob had opened`. Plain text. */
export function whoOf({ arrival, pull, repository = '' }: Pick<Finding, 'arrival' | 'pull' | 'repository'>): string {
  if (pull !== undefined) {
    return `${pull.mergedBy ?? 'somebody'} merged ${repository}#${pull.number}, which ${pull.author?.login ?? 'somebody'} had opened`;
  }
  return arrival.forced !== undefined
    ? `${arrival.pushedBy} pushed over the branch's history`
    : `${arrival.pushedBy} pushed it`;
}

/** What did not permit it, plain text, one sentence or more for each environment. */
function reasonsOf({ refused, problem }: Finding): { environment: string; reason: string }[] {
  return [
    ...refused,
    ...(problem === undefined ? [] : [{ environment: '', reason: `Nobody could judge it: ${problem}` }]),
  ];
}

/** The issue about it. */
export function issueOf(finding: Finding): { title: string; body: string } {
  const { arrival, refused, page } = finding;
  const where = refused.map(({ environment }) => environment).join(', ') || 'the policy';
  const rows = reasonsOf(finding).map(({ environment, reason }) => [plain(environment), plain(reason)]);
  const body = [
    `${commitLink(arrival.head, page)} reached ${finding.into} on ${utc(arrival.at)}, and the policy did not permit it then.`,
    `**Who:** ${plain(whoOf(finding))}.`,
    table(['environment', 'rule'], rows),
    nextOf(finding),
    'Close this issue when that is settled: it is not opened again.',
  ];
  return {
    title: `${short(arrival.head)} reached ${where} past the policy`,
    body: cutMarkdown(`${body.join('\n\n')}\n`, BODY_BYTES),
  };
}

/** What is to be done about it, Markdown. */
function nextOf({ arrival, revert, pullRequest, into, repository, page }: Finding): string {
  if (pullRequest !== undefined) {
    return `${numberLink(pullRequest, page, repository)} takes it back. Merge it, or close it where the change is to stay.`;
  }
  switch (revert.state) {
    case 'reverted':
      return 'It has been taken back already.';
    case 'change':
      return 'A pull request would take it back.';
    case 'by hand': {
      const lines = [
        `git fetch origin ${arrival.base} ${arrival.head}`,
        `git diff --binary ${arrival.head} ${arrival.base} | git apply --3way --index`,
        `git commit -m "Take ${short(arrival.head)} back"`,
      ];
      return `No pull request takes it back: ${plain(revert.why)}. To do it, on a branch of ${into}:\n\n${fenced('sh', lines.join('\n'))}`;
    }
  }
}

/** The pull request that takes it back. */
export function revertOf(finding: Finding): { title: string; body: string } {
  const { arrival, page } = finding;
  const reasons = reasonsOf(finding).map(({ environment, reason }) => `- ${plain(environment)}: ${plain(reason)}`);
  const body = [
    `Takes back ${commitLink(arrival.head, page)}, which the policy did not permit when it reached ${finding.into} on ${utc(arrival.at)}: ${plain(whoOf(finding))}.`,
    reasons.join('\n'),
    'Close it where the change is to stay: it is not opened again.',
  ];
  return { title: `Take ${short(arrival.head)} back`, body: cutMarkdown(`${body.join('\n\n')}\n`, BODY_BYTES) };
}

/** What is remembered of an arrival. @param home `owner/name` of the repository of the policy, which has the issues */
export function checkOf(
  arrival: Arrival,
  finding: Finding | undefined,
  home: string,
): Omit<Remembered, 'oid' | 'push' | 'check'> {
  if (finding === undefined) {
    const how = arrival.pull === undefined ? `pushed by ${arrival.pushedBy}` : `#${arrival.pull}`;
    const title = `The policy permits it (${how}).`;
    return { conclusion: 'success', title, summary: plain(title) };
  }
  const [first] = reasonsOf(finding);
  const at = finding.repository === undefined ? '' : home;
  const issue = finding.issue === undefined ? '' : ` See ${at}#${finding.issue}.`;
  const title = `Not permitted.${issue} ${first?.environment ?? ''}: ${first?.reason ?? ''}`;
  return { conclusion: 'failure', title, summary: issueOf(finding).body };
}

function lostLine({ since, isCut }: NonNullable<AuditedBranch['lost']>): string {
  const bound = isCut ? ' Only the newest 2,000 commits were looked at: look through what is older by hand.' : '';
  return `Nothing tells where it stopped: it never ran, or GitHub has deleted its check runs. So it judges all that came since ${utc(since)}, when this workflow was set up, and opens nothing twice.${bound}`;
}

function branchLines({ name, began, judged, left, lost, needsRevert }: AuditedBranch): string[] {
  const [changes, their] = judged.length === 1 ? ['change', 'its'] : ['changes', 'their'];
  return [
    began === undefined
      ? `${judged.length} ${changes} of ${plain(name)} judged as of ${their} merge.`
      : `It begins with ${code(began)}: what ${plain(name)} had before is not judged.`,
    ...(lost === undefined ? [] : [lostLine(lost)]),
    ...(left === 0
      ? []
      : [`${left} more ${left === 1 ? 'waits' : 'wait'} for ${needsRevert ? 'the next step' : 'the next run'}.`]),
  ];
}

/** The run's summary, Markdown. @param page of the repository of the policy, which has the issues */
export function auditSummary(report: AuditReport, page: string, limitBytes: number): string {
  const { branches, findings, unjudged } = report;
  const rows = findings.map((finding) => [
    commitLink(finding.arrival.head, finding.page),
    plain(whoOf(finding)),
    reasonsOf(finding)
      .map(({ environment, reason }) => plain(`${environment}: ${reason}`))
      .join('<br>'),
    finding.issue === undefined ? '' : numberLink(finding.issue, page),
    finding.pullRequest === undefined ? '' : numberLink(finding.pullRequest, finding.page, finding.repository),
  ]);
  const parts = [
    '## oStack audit',
    ...branches.flatMap(branchLines),
    ...(rows.length === 0
      ? branches.every(({ began }) => began !== undefined)
        ? []
        : ['The policy permits all of it.']
      : [table(['commit', 'who', 'rule', 'issue', 'revert'], rows)]),
    ...unjudged.map(plain),
  ];
  return cutMarkdown(`${parts.join('\n\n')}\n`, limitBytes);
}

/** What was found, as the output `findings` has it: plain JSON values, `null` for what is not there. */
export function findingsOutput({ findings }: Pick<AuditReport, 'findings'>) {
  return findings.map((finding) => ({
    repository: finding.repository ?? null,
    commit: finding.arrival.head,
    into: finding.into,
    at: finding.arrival.at.toISOString(),
    who: whoOf(finding),
    rules: reasonsOf(finding),
    pullRequest: finding.pull?.number ?? null,
    issue: finding.issue ?? null,
    revert: finding.pullRequest ?? null,
  }));
}
