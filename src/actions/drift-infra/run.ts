import { Readable } from 'node:stream';
import type { Connected } from '../../github/connected.js';
import type { LookedRoot } from '../../infra/drift/drift-issue.js';
import { type LookRun, lookAtRoot, type UnseenRoot } from '../../infra/drift/look-at-root.js';
import { type ToldDrift, tellDrift } from '../../infra/drift/tell-drift.js';
import { redactorOf } from '../../infra/redact/redactor.js';
import type { Root } from '../../infra/roots/find-roots.js';
import { meantRoots, type RootsOfChange } from '../../infra/roots/roots-of-change.js';
import { info, logOutput } from '../../runtime/log.js';
import { rootTool } from '../root-tool.js';
import type { Inputs } from './inputs.js';

/** What a run works with. */
export interface DriftInfraRun {
  to: Connected;
  /** The end of an issue's text. */
  end: string;
  checkout: string;
  inputs: Inputs;
  of: RootsOfChange;
  scratch: string;
}

/** What became of a root: told, or why not. */
export type DriftOutcome = ToldDrift | UnseenRoot;

/**
 * Looks at the roots, one after the other, and writes the issue of each before it looks at the next. One that fails hides no other.
 *
 * @throws Error for people: see `findTool`, `toolEnvironment` and `meantRoots`
 */
export async function lookAtRoots({ to, end, checkout, inputs, of, scratch }: DriftInfraRun): Promise<DriftOutcome[]> {
  const roots = meantRoots(of, inputs.roots).roots.map(({ root }) => root);
  if (roots.length === 0) {
    return [];
  }
  const { withIdentity, args, locks } = inputs;
  const named = inputs.tool ?? of.tool;
  const at = await rootTool(checkout, { named, roots, env: inputs.env, withIdentity, allowsPart: false });
  const { tool } = at;
  const run: LookRun = { ...at, roots: of.roots, args, scratch, stateful: of.stateful, locks };
  const outcomes: DriftOutcome[] = [];
  for (const root of roots) {
    info(`Looking at ${root.name} with ${tool.name} ${tool.version}.`);
    outcomes.push(await outcomeOf(root, run, (looked) => tellDrift(to, looked, end)));
  }
  return outcomes;
}

async function outcomeOf(
  root: Root,
  run: LookRun,
  tell: (looked: LookedRoot) => Promise<ToldDrift>,
): Promise<DriftOutcome> {
  try {
    const looked = await lookAtRoot(root, run);
    const shown = 'failed' in looked ? looked.failed : Object.values(looked.texts).join('\n\n') + looked.problem;
    await logOutput(`What the tool says of ${root.name}`, Readable.from([`${shown}\n`.toWellFormed()]));
    return 'failed' in looked ? looked : await tell(looked);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { root: root.name, failed: redactorOf(run.environment.secrets).redact(words) };
  }
}
