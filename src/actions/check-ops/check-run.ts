import type { GitHub } from '../../github/client.js';
import type { RepositoryName, RunContext } from '../../github/context.js';
import type { TeamReader } from '../../ops/judgement/approvers.js';
import type { Verdict } from '../../ops/judgement/judge.js';
import type { FileCheck } from '../../ops/verbs/check/check-files.js';
import type { PullSource } from '../../ops/verbs/check/pulls.js';
import type { Inputs } from './inputs.js';

/** The result of checking one pull request, or a merge group. */
export interface Checked {
  /** `undefined` for a merge group of which no pull request is known. */
  number: number | undefined;
  sha: string;
  verdicts: Verdict[];
  /** `undefined` where only the policy was checked. */
  files: FileCheck | undefined;
  /** What a person should know about the run itself, sentences. */
  notes: string[];
  /** What the run could not check or write although it has to, sentences: with any of them it must not pass. */
  failures: string[];
}

/** What all parts of one run share. */
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

/** From where the run reads pull requests. */
export function pullsOf({ github, repository, inputs }: CheckRun): PullSource {
  return { github, repository, statuses: inputs.statuses };
}
