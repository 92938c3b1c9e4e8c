import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Redactor, redactorOf } from '../redact/redactor.js';
import { type SecretValue, sensitiveValues } from '../redact/sensitive-values.js';
import { variableValues } from '../redact/variable-values.js';
import { committedWorkspace } from '../roots/committed-workspace.js';
import type { Root, Roots } from '../roots/find-roots.js';
import { foldersOf } from '../roots/module-tree.js';
import { diagnosticsIn, errorText } from '../tool/diagnostics.js';
import { printedJson } from '../tool/json-output.js';
import type { ProgramEnd } from '../tool/run-program.js';
import { lostStateProblem, stateInCheckout } from '../tool/state-in-checkout.js';
import type { Tool, ToolRun } from '../tool/tool.js';
import type { ToolEnvironment } from '../tool/tool-environment.js';
import { type PlanSummary, readPlan } from './read-plan.js';
import { readBookmark } from './saved-elsewhere.js';

/** A plan that was made, with nothing secret in its texts. */
export interface MadePlan {
  state: 'planned';
  summary: PlanSummary;
  /** What the tool shows to people. */
  text: string;
  /** Warnings of the tool, one line each. */
  warnings: readonly string[];
  /** The tool's own exit code: 0 without changes, 2 with any. */
  exitCode: number;
  /** The file of the checkout that its state would be written to; `undefined` where it is elsewhere, as it should be. */
  lostState: string | undefined;
  /** The saved plan, in clear: for the space alone. */
  file: string;
  /** Its JSON, in clear. */
  json: unknown;
  redactor: Redactor;
}

/** Why there is no plan. */
export interface FailedPlan {
  state: 'failed';
  /** What the tool says, without secrets. */
  problem: string;
  exitCode: number | undefined;
}

/** With what a root is planned. */
export interface PlanRun {
  tool: Tool;
  environment: ToolEnvironment;
  /** The root of the checkout. */
  checkout: string;
  roots: Roots;
  /** Further arguments of `plan`. */
  args: readonly string[];
  /** An empty folder for the saved plan, which nobody else may read. */
  scratch: string;
  signal?: AbortSignal | undefined;
  /** Whether the root was planned before with the same, so that `init` has nothing to do. */
  isReady?: boolean;
}

/** Arguments of `init` and `plan` that what the root's settings say come to. */
export function settingsArguments({ settings }: Root): { init: string[]; plan: string[] } {
  return {
    init: settings.backendConfig.map((config) => `-backend-config=${config}`),
    plan: settings.varFiles.map((file) => `-var-file=${file}`),
  };
}

/** Where and with what the tool runs for a root, in its workspace. @param checkout the folder of the repository */
export function placeOf({ folder, settings }: Root, { environment, signal }: PlanRun, checkout: string): ToolRun {
  const workspace = settings.workspace !== undefined && { TF_WORKSPACE: settings.workspace };
  return { cwd: join(checkout, folder), env: { ...environment.env, ...workspace }, signal };
}

/**
 * Plans a root: `init`, which changes no lock file, `plan` without a lock, which a plan that is not applied needs none of, and
 * `show`. Nothing that the tool prints leaves this function before it is without secrets.
 *
 * @returns the plan, or what the tool says of its failure; throws only where the tool does not do as it is documented
 */
export async function planRoot(root: Root, run: PlanRun): Promise<MadePlan | FailedPlan> {
  const problem = committedWorkspace(root, run.roots, run.environment.env);
  if (problem !== undefined) {
    return { state: 'failed', problem, exitCode: undefined };
  }
  const known = await knownSecrets(root, run);
  const at = placeOf(root, run, run.checkout);
  const args = settingsArguments(root);
  const call = (...words: string[]) => run.tool.run(words, at);
  const init =
    run.isReady === true
      ? undefined
      : await call('init', '-input=false', '-no-color', '-lockfile=readonly', ...args.init);
  if (init !== undefined && init.exitCode !== 0) {
    return failed(init, redactorOf(known).redact(`${initAdvice(init)}${lastOf(init)}`));
  }
  const file = join(run.scratch, 'plan');
  const plan = await call(
    ...['plan', '-input=false', '-no-color', '-lock=false', '-detailed-exitcode', '-json', `-out=${file}`],
    ...[...args.plan, ...run.args],
  );
  const elsewhere = await readBookmark(file);
  if (elsewhere !== undefined) {
    return failed(plan, `Its runs are at ${elsewhere.host}, not here: drift is looked for there.`);
  }
  const shown = await call('show', '-no-color', '-json', file);
  const json = shown.exitCode === 0 ? printedJson(shown.stdout) : undefined;
  if (json === undefined || (plan.exitCode !== 0 && plan.exitCode !== 2)) {
    const readState = () => call('show', '-no-color', '-json');
    return failed(plan, await failureText(plan, { json, known, readState, ...hiddenIn(root, run.roots) }));
  }
  const redactor = redactorOf([...known, ...sensitiveValues(json, hiddenIn(root, run.roots).secretOutputs)]);
  const text = await call('show', '-no-color', file);
  const warnings = diagnosticsIn(plan.stdout).filter(({ severity }) => severity === 'warning');
  const lostState = await stateInCheckout(at, run.checkout);
  return {
    state: 'planned',
    summary: readPlan(json, redactor),
    text: redactor.redact(text.exitCode === 0 ? text.stdout.trim() : 'The tool could not show the plan as a text.'),
    warnings: [
      ...(lostState === undefined ? [] : [lostStateProblem(lostState)]),
      ...warnings.map(({ summary, at: place }) => redactor.redact(place === '' ? summary : `${summary} (${place})`)),
    ],
    ...{ exitCode: plan.exitCode, lostState, file, json, redactor },
  };
}

/** What is secret and known before anything runs: of the environment, and values of sensitive variables. */
export async function knownSecrets(root: Root, run: PlanRun): Promise<SecretValue[]> {
  return [...run.environment.secrets, ...(await givenValues(root, run))];
}

async function givenValues(root: Root, { roots, checkout, environment }: PlanRun): Promise<SecretValue[]> {
  const modules = [...foldersOf(roots.tree, root.folder)].flatMap((folder) => roots.tree.get(folder)?.files ?? []);
  const folder = join(checkout, root.folder);
  const own = (await readdir(folder)).filter((name) =>
    /^terraform\.tfvars(?:\.json)?$|\.auto\.tfvars(?:\.json)?$/.test(name),
  );
  const paths = [...own, ...root.settings.varFiles].map((name) => join(folder, name));
  const files = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')));
  return variableValues({ sensitive: modules.flatMap(({ sensitive }) => sensitive), files, env: environment.env });
}

/** What the marks in a plan do not tell. */
export interface HiddenValues {
  /** Names of outputs that roots of the repository declare sensitive. */
  secretOutputs: ReadonlySet<string>;
  /** Whether it reads ephemeral values, which are neither in a plan nor in a state. */
  isEphemeral: boolean;
}

/** What the files of a repository say of secrets that no plan of a root marks. */
export function hiddenIn(root: Root, { tree }: Roots): HiddenValues {
  const own = [...foldersOf(tree, root.folder)].flatMap((folder) => tree.get(folder)?.files ?? []);
  const all = [...tree.values()].flatMap(({ files }) => files);
  return {
    secretOutputs: new Set(all.flatMap(({ secretOutputs }) => secretOutputs)),
    isEphemeral: own.some(({ isEphemeral }) => isEphemeral),
  };
}

/** What is read to find out which values are secret, where the tool fails. */
export interface FailureSources extends HiddenValues {
  /** The plan's JSON, where there is one: a plan with errors is written too. */
  json: unknown;
  known: readonly SecretValue[];
  /** Shows the state. */
  readState: () => Promise<ProgramEnd>;
}

/**
 * What the tool says of a failure. Its words may have any value in them that a provider knew, so they are shown where the plan or
 * the state says which values are sensitive; else its headlines alone.
 */
export async function failureText(plan: ProgramEnd, sources: FailureSources): Promise<string> {
  const { json, known, readState, secretOutputs } = sources;
  const state = printedJson((await readState()).stdout);
  const marked = [json, state].flatMap((each) => sensitiveValues(each, secretOutputs));
  const redactor = redactorOf([...known, ...marked]);
  const isEphemeral = sources.isEphemeral || hasEphemeral(json);
  const isKnown = !isEphemeral && (state !== undefined || json !== undefined);
  const diagnostics = diagnosticsIn(plan.stdout);
  const text = errorText(diagnostics, isKnown) || lastOf({ ...plan, stdout: '' });
  const rest = isKnown
    ? ''
    : `\n\nThe details are left out: ${isEphemeral ? 'it reads ephemeral values, which neither the plan nor the state has' : 'neither the plan nor the state could be read'}, so nobody knows which values in them are secret. Plan it where only you see it.`;
  return redactor.redact(`${text}${rest}`);
}

/** Whether a module reads ephemeral values that lies elsewhere: the plan has its configuration. */
function hasEphemeral(json: unknown): boolean {
  const configuration = typeof json === 'object' && json !== null ? Reflect.get(json, 'configuration') : undefined;
  return JSON.stringify(configuration)?.includes('"mode":"ephemeral"') === true;
}

function failed({ exitCode }: ProgramEnd, problem: string): FailedPlan {
  return { state: 'failed', problem, exitCode };
}

/** What to do about an `init` that would change the lock file. */
function initAdvice({ stderr, stdout }: ProgramEnd): string {
  return /-lockfile=readonly|lock file|dependency lock/i.test(`${stderr}${stdout}`)
    ? 'The lock file .terraform.lock.hcl is missing, or does not have what is needed. Run "init" in the folder and "providers lock -platform=linux_amd64" where you work, and commit the file.\n\n'
    : '';
}

/** Most characters of a program's last words. */
const MOST_WORDS = 20_000;

function lastOf({ stderr, stdout, detail }: ProgramEnd): string {
  const words = stderr.trim() === '' ? stdout.trim() : stderr.trim();
  return `${detail === '' ? '' : `It did not end by itself: ${detail}.\n`}${words.slice(-MOST_WORDS)}`.trim();
}
