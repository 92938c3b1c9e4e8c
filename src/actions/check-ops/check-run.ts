import type { GitHub } from '../../github/client.js';
import type { RepositoryName, RunContext } from '../../github/context.js';
import type { TeamReader } from '../../ops/verbs/check/approvers.js';
import type { FileCheck } from '../../ops/verbs/check/inspect.js';
import type { Verdict } from '../../ops/verbs/check/judge.js';
import type { PullSource } from '../../ops/verbs/check/pulls.js';
import type { Inputs } from './inputs.js';

/** What became of one pull request, or of a merge group. */
export interface Checked {
  /** `undefined` for a merge group of which no pull request is known. */
  number: number | undefined;
  sha: string;
  verdicts: Verdict[];
  /** `undefined` where only the policy was looked at. */
  files: FileCheck | undefined;
  /** What a person should know of this run itself, sentences. */
  notes: string[];
  /** What went wrong in this run, sentences: it said or looked at less than it has to, and must not pass. */
  failures: string[];
}

/** Connections of one run. */
export interface CheckRun {
  inputs: Inputs;
  context: RunContext;
  /** Name of the event. */
  event: string;
  github: GitHub;
  repository: RepositoryName;
  members: TeamReader;
  now: Date;
}

/** How the run reads pull requests. */
export function pullsOf({ github, repository, inputs }: CheckRun): PullSource {
  return { github, repository, statuses: inputs.statuses };
}
