import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Git } from '../../git/git.js';
import { link } from '../../report/markdown.js';
import { info, logOutput } from '../../runtime/log.js';
import { planText } from '../report/plan-markdown.js';
import {
  cloudReport,
  goneReport,
  type PlanProof,
  type RootReport,
  refusedReport,
  rootReport,
} from '../report/root-report.js';
import type { AffectedRoot } from '../roots/affected-roots.js';
import type { Root } from '../roots/find-roots.js';
import { inputsHash } from '../roots/inputs-hash.js';
import type { InfraChange } from '../roots/read-change.js';
import { meantRoots, type RootsOfChange } from '../roots/roots-of-change.js';
import { isOfAPart } from '../tool/plan-arguments.js';
import { checkWithoutCredentials } from './check-fork.js';
import { deletedRootProblem } from './deleted-root.js';
import { type Loss, lossesOf, protectedIn } from './losses.js';
import { movedStateNote } from './moved-state.js';
import { type CloudPlan, mayRunInCloud, planInCloud } from './plan-in-cloud.js';
import { type FailedPlan, type MadePlan, type PlanRun, planRoot } from './plan-root.js';
import { toolTitle } from './prove-plan.js';
import type { PlannedChange } from './read-plan.js';

/** A root that was planned, refused or checked. All its texts are without secrets. */
export interface ToldRoot {
  report: RootReport;
  /** The plan's text as Markdown. */
  text: string;
  /** The tool's own exit code; `undefined` where it ran no plan. */
  exitCode: number | undefined;
}

/** What is planned. */
export interface PlanRootsOf {
  git: Git;
  change: InfraChange;
  of: RootsOfChange;
  /** Names of roots, where not all are meant. */
  only: readonly string[] | undefined;
  run: Omit<PlanRun, 'roots' | 'scratch'>;
  /** A folder that nobody else may read. */
  scratch: string;
  /** Called with each plan that was made, before the next is: keeps it, and says what tells it apart from others. */
  keep?: (affected: AffectedRoot, plan: MadePlan) => Promise<PlanProof>;
}

/**
 * Plans the roots of a change, one after the other: two at once would share the cache of providers, which the tool does not
 * allow. Of a fork they are checked without credentials.
 *
 * @throws Error naming a root that is not there
 */
export async function planRoots(request: PlanRootsOf): Promise<ToldRoot[]> {
  const { git, change, of, run, scratch } = request;
  const meant = meantRoots(of, request.only);
  const isFork = change.pull?.isFork === true;
  const told: ToldRoot[] = [];
  for (const affected of meant.roots) {
    const own = { ...run, roots: of.roots, scratch: await mkdtemp(join(scratch, 'root-')) };
    if (isFork) {
      told.push(await checked(affected, own));
      continue;
    }
    info(`Planning ${affected.root.name}: ${affected.because}.`);
    const elsewhere = mayRunInCloud(affected.root) ? await planInCloud(affected.root, own) : undefined;
    if (elsewhere?.state === 'elsewhere') {
      told.push(await tellOfCloud(affected, elsewhere, request));
      continue;
    }
    const plan = elsewhere ?? (await planRoot(affected.root, own));
    const each = tellOf(affected, plan, of, run.args);
    await logOutput(
      `Plan of ${affected.root.name}`,
      Readable.from([`${plan.state === 'planned' ? plan.text : plan.problem}\n`.toWellFormed()]),
    );
    told.push(plan.state === 'planned' ? await proven(each, () => request.keep?.(affected, plan)) : each);
  }
  if (isFork || change.change === undefined) {
    return told;
  }
  for (const root of meant.deleted) {
    const own = { ...run, roots: of.before ?? of.roots, scratch: await mkdtemp(join(scratch, 'gone-')) };
    const owning = await deletedRootProblem(git, change.change.base, root, own);
    const problem = owning ?? stillNamed(root, of);
    const report = problem === undefined ? goneReport(root.name) : refusedReport(root.name, problem);
    told.push({ report, text: '', exitCode: undefined });
  }
  return told;
}

/** Why a root may not go yet whose state owns nothing: later runs would look for it. */
function stillNamed({ name, folder }: Root, { config, roots }: RootsOfChange): string | undefined {
  const isNamed = config.roots.some((root) => root.name === name) && !roots.tree.has(folder);
  return isNamed
    ? `Its folder ${folder} is deleted, and its state owns nothing, but ostack.yaml names it still. Take it out of "roots" in the same change.`
    : undefined;
}

/** A plan that cannot be kept cannot be applied either: then it is a failure, and still shown. */
async function proven(told: ToldRoot, keep: () => Promise<PlanProof> | undefined): Promise<ToldRoot> {
  try {
    const proof = await keep();
    return { ...told, report: { ...told.report, ...(proof !== undefined && { proof }) } };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...told, report: { ...told.report, state: 'failed', problem: `The plan was made, and not kept: ${why}` } };
  }
}

function tellOf(
  affected: AffectedRoot,
  plan: MadePlan | FailedPlan,
  of: RootsOfChange,
  args: readonly string[],
): ToldRoot {
  const notes = notesOf(affected, of, args);
  if (plan.state === 'failed') {
    return { report: rootReport({ affected, plan, losses: [], notes }), text: '', exitCode: plan.exitCode };
  }
  const losses = lossesIn(plan.summary.changes, affected, of);
  const { redact } = plan.redactor;
  const report = rootReport({ affected, plan, losses, notes: notes.map(redact) });
  return { report, text: plan.summary.isChange ? planText(plan.text) : '', exitCode: plan.exitCode };
}

function notesOf({ root }: AffectedRoot, { before }: RootsOfChange, args: readonly string[]): string[] {
  const moved = movedStateNote(
    before?.roots.find(({ name }) => name === root.name),
    root,
  );
  return [...(moved === undefined ? [] : [moved]), ...partNotes(args)];
}

function partNotes(args: readonly string[]): string[] {
  const partial = args.filter((arg) => isOfAPart(arg));
  return partial.length === 0
    ? []
    : [`This plan is of a part: it was made with ${partial.join(' ')}. What is left out is not seen here.`];
}

/** Tells of a plan that is kept elsewhere: its address instead of its text. */
async function tellOfCloud(
  affected: AffectedRoot,
  plan: CloudPlan,
  { git, change, of, run: { tool, args } }: PlanRootsOf,
): Promise<ToldRoot> {
  const proof: PlanProof = {
    structure: plan.structure,
    inputs: await inputsHash(git, change.commit, of.roots, affected.root, args),
    tool: toolTitle(tool),
    since: new Date().toISOString(),
  };
  const losses = lossesIn(plan.gone ?? [], affected, of);
  const report = cloudReport(affected, plan, losses, proof, notesOf(affected, of, args));
  return { report, text: link('The run has the plan.', plan.run.url), exitCode: plan.exitCode };
}

/** What of changes is lost: also what was protected before the change. */
function lossesIn(changes: readonly PlannedChange[], { root }: AffectedRoot, of: RootsOfChange): Loss[] {
  const before = of.before ?? of.roots;
  const folder = before.roots.find(({ name }) => name === root.name)?.folder ?? root.folder;
  return lossesOf(changes, { stateful: of.stateful, wasProtected: protectedIn(before.tree, folder) });
}

async function checked(affected: AffectedRoot, run: PlanRun): Promise<ToldRoot> {
  const problem = await checkWithoutCredentials(affected.root, run);
  const plan: FailedPlan = { state: 'failed', problem, exitCode: undefined };
  const note = 'It comes from a fork, so it was formatted and validated only: a plan would give its code credentials.';
  const report = rootReport({ affected, plan, losses: [], notes: [note] });
  return { report: problem === '' ? { ...report, state: 'checked' } : report, text: '', exitCode: undefined };
}

/** Texts of the lock files of roots, which tell whose tool they are of. */
export async function lockTexts(checkout: string, folders: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(
    folders.map((folder) => readFile(join(checkout, folder, '.terraform.lock.hcl'), 'utf8').catch(() => '')),
  );
  return texts.filter((text) => text !== '');
}
