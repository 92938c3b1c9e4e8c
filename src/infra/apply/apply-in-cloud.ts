import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { info } from '../../runtime/log.js';
import { type CloudRun, runAt, showRun } from '../plan/cloud-run.js';
import { type CloudPlan, initInCloud, planInCloud } from '../plan/plan-in-cloud.js';
import { type PlanRun, placeOf } from '../plan/plan-root.js';
import { toolTitle } from '../plan/prove-plan.js';
import { readBookmark } from '../plan/saved-elsewhere.js';
import { planName } from '../report/plan-markdown.js';
import type { Root } from '../roots/find-roots.js';
import { inputsHash } from '../roots/inputs-hash.js';
import { planTimesAdvice } from '../roots/plan-times.js';
import { writeApplyCheck } from './apply-checks.js';
import { type ApplyReport, isDone, openStart } from './apply-report.js';
import { beyondHashes, madeOfMoved } from './compare-reviewed.js';
import { decideApply, type Reviewed } from './decide-apply.js';
import { lackingApproval, readApprovals } from './plan-approvals.js';
import {
  type AppliedRoot,
  type ApplyRootOf,
  type ApplyRootRun,
  failedPlan,
  NO_START,
  told,
  toldEnd,
  undone,
} from './root-outcome.js';

/** What the platform says of a run that has ended, and will do nothing more. */
const ENDED = ['applied', 'errored', 'canceled', 'discarded', 'planned and finished'];

/** Of a run whose apply nobody has confirmed yet. */
const NOT_BEGUN = [
  'planned',
  'cost estimated',
  'policy checked',
  'policy override',
  'policy soft failed',
  'planned and saved',
];

/**
 * Applies a root whose runs are elsewhere: a run is planned there that can be applied, what people are shown of it is compared with
 * what they were shown in the pull request, and that very run is applied. What is claimed is what the platform says of the run.
 *
 * @param base the report of a root of which nothing is known yet
 * @returns `undefined` where only its state is elsewhere, and runs are here
 */
export async function applyInCloud(
  of: ApplyRootOf,
  run: ApplyRootRun,
  base: ApplyReport,
): Promise<AppliedRoot | undefined> {
  const { root, word } = of;
  if (!(await initInCloud(root, run.plan))) {
    return undefined; // Where it is planned as any other, that is told.
  }
  const plan: PlanRun = { ...run.plan, isReady: true };
  const open = await openRun(of, plan);
  if (open?.status === 'applied') {
    return told(of, run, { ...open.report, result: 'applied', ...NO_START, problem: '' });
  }
  const isLooked = word?.problem === undefined && word?.start === open?.report.start;
  if (open !== undefined && !isLooked && !ENDED.includes(open.status) && !NOT_BEGUN.includes(open.status)) {
    return told(of, run, {
      ...base,
      result: 'asks',
      why: unendedWhy(open),
      start: open.report.start,
      url: open.report.start,
    });
  }
  // What was begun is over from here on, whatever comes of this run.
  const after: ApplyReport = { ...base, ...NO_START };
  // The older backend saves no runs, so what it would do can be told, and not be applied.
  const saves = root.state?.type !== 'remote';
  const out = join(plan.scratch, 'run');
  const planned = await planInCloud(root, plan, saves ? out : undefined);
  if (planned === undefined || planned.state === 'failed') {
    return planned && told(of, run, failedPlan(after, planned));
  }
  const bookmark = await readBookmark(out);
  const isSaved = bookmark?.runId === planned.run.runId && bookmark.host === planned.run.host;
  return decideInCloud(of, run, { ...after, url: planned.run.url }, { planned, out: isSaved ? out : undefined });
}

/** An apply that an earlier run began, and what the platform says of it now; empty where it says nothing. */
interface OpenRun {
  report: ApplyReport;
  status: string;
}

async function openRun({ root, known }: ApplyRootOf, plan: PlanRun): Promise<OpenRun | undefined> {
  const report = known?.report;
  const begun = report?.start === undefined ? undefined : runAt(report.start);
  if (report === undefined || isDone(report) || begun === undefined) {
    return undefined;
  }
  return { report, status: (await showRun(root, plan, begun))?.status ?? '' };
}

function unendedWhy({ status, report }: OpenRun): string {
  const is = status === '' ? 'and nobody here can tell how it ended' : `and is "${status}" there`;
  return `An apply of it was started ${openStart(report)?.told ?? 'by somebody'}, ${is}.`;
}

/** What was planned there, with the file that names its run where that can be applied. */
interface Planned {
  planned: CloudPlan;
  out: string | undefined;
}

async function decideInCloud(
  of: ApplyRootOf,
  run: ApplyRootRun,
  base: ApplyReport,
  { planned, out }: Planned,
): Promise<AppliedRoot> {
  const structure = planName(planned.structure);
  const isChange = planned.exitCode === 2;
  const { reviewed, approved } = isChange
    ? await compareInCloud(of, run, planned)
    : { reviewed: NOTHING, approved: [] };
  const decision = decideApply({
    ...{ unapplied: of.unapplied, overtakenBy: of.overtakenBy, held: of.held, word: of.word, open: undefined },
    ...{ fresh: { isChange, structure }, reviewed },
    varies: planTimesAdvice(run.plan.roots, of.root.folder),
  });
  // Without what people are shown there is nothing that anybody could approve, here or in another pull request.
  const report = { ...base, plan: planned.isShown ? structure : '', approved, why: decision.why };
  info(`${of.root.name}: ${decision.why}`);
  if (decision.do !== 'apply') {
    return told(of, run, undone(report, decision, undefined, of.known?.report));
  }
  if (out === undefined) {
    return told(of, run, { ...report, result: 'asks', plan: '', why: CANNOT_BE_APPLIED });
  }
  return perform(of, run, report, planned.run, out);
}

const NOTHING = { none: '' };

const CANNOT_BE_APPLIED =
  'Its run there cannot be applied from here: that takes a "cloud" block instead of the backend "remote", and Terraform or OpenTofu since 1.6. Apply what was reviewed there, by its page.';

async function compareInCloud(
  { root, reviewed, approvers }: ApplyRootOf,
  { to, git, commit, plan }: ApplyRootRun,
  planned: CloudPlan,
): Promise<{ reviewed: Reviewed | { none: string }; approved: string[] }> {
  if ('none' in reviewed) {
    return { reviewed, approved: [] };
  }
  if (!planned.isShown) {
    return {
      reviewed: { none: 'What its run there does cannot be read from here, so nobody can compare it.' },
      approved: [],
    };
  }
  const { pull, proof } = reviewed;
  const approvals = await readApprovals(to, pull, new Date(proof.since), approvers);
  const inputs = await inputsHash(git, commit, plan.roots, root, plan.args);
  return {
    reviewed: {
      ...{ pull: pull.number, structure: planName(proof.structure), isThere: false },
      // By what people were shown: whether it is a part of that, nobody can tell.
      beyond: beyondHashes(planned.structure, () => undefined, proof),
      isWhole: proof.structure === planned.structure,
      moved: madeOfMoved({ inputs, tool: toolTitle(plan.tool) }, proof),
      lacking: lackingApproval(approvals, approvers),
    },
    approved: [...approvals.by],
  };
}

async function perform(
  of: ApplyRootOf,
  run: ApplyRootRun,
  report: ApplyReport,
  there: CloudRun,
  out: string,
): Promise<AppliedRoot> {
  const { root, known } = of;
  const running: ApplyReport = { ...report, result: 'running', start: there.url };
  const id = await writeApplyCheck(run.to, run.commit, running, known?.id);
  info(`Applying ${root.name} there: ${there.url}`);
  // Never with -auto-approve: OpenTofu takes that for a run that confirms itself, and then confirms nothing.
  const end = await run.plan.tool.run(
    ['apply', '-input=false', '-no-color', out],
    placeOf(root, run.plan, run.plan.checkout),
  );
  // It is asked how it ended although this run was cancelled.
  const status = await endedStatus(root, run, there, end.exitCode === 0);
  const ended = endOf(running, status, end);
  return toldEnd(of, run, { id, report: running }, ended);
}

/** How often the platform is asked: the log of a run ends a moment before its status says so. */
const MOST_QUESTIONS = 5;

async function endedStatus(root: Root, run: ApplyRootRun, there: CloudRun, isOver: boolean): Promise<string> {
  let status = '';
  for (let asked = 0; asked < (isOver ? MOST_QUESTIONS : 1); asked++) {
    await sleep(asked === 0 ? 0 : (run.pauseMs ?? 2000));
    status = (await showRun(root, { ...run.plan, signal: undefined }, there))?.status ?? '';
    if (ENDED.includes(status)) {
      break;
    }
  }
  return status;
}

function endOf(
  running: ApplyReport,
  status: string,
  { stdout, stderr }: { stdout: string; stderr: string },
): ApplyReport {
  if (status === 'applied') {
    const did = doneIn(stdout);
    return { ...running, result: 'applied', start: '', ...(did && { did }) };
  }
  if (ENDED.includes(status)) {
    return { ...running, result: 'failed', start: '', problem: `The run is "${status}" there.` };
  }
  if (NOT_BEGUN.includes(status)) {
    const headline = headlineIn(`${stderr}\n${stdout}`);
    return {
      ...running,
      result: 'failed',
      start: '',
      problem: `The run was not begun there, and is "${status}".${headline}`,
    };
  }
  const is = status === '' ? 'Nobody here can tell how it ended there.' : `It is "${status}" there.`;
  return { ...running, problem: is };
}

/** Headlines of the tool about a run, in which no values are. */
const HEADLINES =
  /^[│ ]*Error: ((?:Apply not allowed for workspaces with a VCS connection|Insufficient rights to apply changes|Saved plan [a-z ]+))$/m;

function headlineIn(words: string): string {
  const [, headline] = HEADLINES.exec(words) ?? [];
  return headline === undefined ? '' : ` ${headline}.`;
}

/** What the last line of an apply says that it did. */
function doneIn(stdout: string): ApplyReport['did'] {
  const line = stdout.split('\n').findLast((each) => each.startsWith('Apply complete! Resources: ')) ?? '';
  const count = (what: string) => Number(new RegExp(`\\b(\\d{1,9}) ${what}\\b`).exec(line)?.[1] ?? 0);
  return line === ''
    ? undefined
    : { add: count('added'), change: count('changed'), import: count('imported'), remove: count('destroyed') };
}
