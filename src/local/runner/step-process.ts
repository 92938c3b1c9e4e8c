/** Runs a process for a step: its environment, workflow commands and files. */
import { delimiter } from 'node:path';
import { CommandReader } from './commands.js';
import { environmentOf } from './contexts.js';
import { openStepFiles, type StepEffects } from './files.js';
import type { Frame, JobRun } from './job-run.js';
import type { JsonObject } from './json.js';
import { reusable } from './machine.js';
import { runProcess } from './process.js';

export interface StepProcess {
  command: string;
  args: string[];
  cwd: string;
  /** As for `startCommand`, where `args` and the environment admit it. */
  options?: number | undefined;
  /** Variables of the step's own: its `env`, and `INPUT_*` or `STATE_*` for an action. */
  env: Record<string, string>;
  /** Further values of the `github` context: `action`, `action_path`… */
  github?: JsonObject;
  signal: AbortSignal;
}

export interface ProcessResult {
  exitCode: number;
  outputs: Record<string, string>;
  state: Record<string, string>;
  /** GitHub refuses a command or a file of the step, which fails it even with exit code 0. */
  refused: boolean;
}

/** Runs a process with a step's environment, then applies its files to the job: variables, paths, summary. */
export async function runStepProcess(job: JobRun, frame: Frame, call: StepProcess): Promise<ProcessResult> {
  const files = await openStepFiles(job.folders.files);
  const result: ProcessResult = { exitCode: -1, outputs: {}, state: {}, refused: false };
  const reader = new CommandReader(sinkOf(job, result), job.plan.run.debug);
  try {
    const env = processEnvironment(job, frame, call, files.env);
    result.exitCode = await runProcess({
      command: call.command,
      args: call.args,
      cwd: call.cwd,
      options: reusable(call.args, env) ? call.options : undefined,
      signal: call.signal,
      env,
      onLine: (line) => reader.read(line),
    });
  } finally {
    applyFiles(job, await files.collect(), result);
  }
  return result;
}

/** The whole environment of a process. Of the stage's own environment it gets only what `Machine` names. */
export function processEnvironment(
  job: JobRun,
  frame: Frame,
  call: Pick<StepProcess, 'env' | 'github'>,
  files: Record<string, string> = {},
): Record<string, string> {
  const { machine } = job.plan.run.services;
  const github = { ...job.githubOf(frame), ...call.github };
  const base = { HOME: job.folders.home, LANG: 'C.UTF-8', ...machine.env };
  const chosen: Record<string, string> = { ...base, ...job.env, ...frame.env, ...call.env };
  return {
    ...chosen,
    ...environmentOf(github, job.runnerContext()),
    ...files,
    PATH: [...job.path, chosen.PATH ?? machine.path].join(delimiter),
  };
}

function applyFiles(job: JobRun, effects: StepEffects, result: ProcessResult): void {
  Object.assign(result.outputs, effects.outputs);
  Object.assign(result.state, effects.state);
  Object.assign(job.env, effects.env);
  job.path.unshift(...effects.path.reverse());
  if (effects.summary !== '') {
    const markdown = job.masker.mask(effects.summary);
    job.summary += markdown.endsWith('\n') ? markdown : `${markdown}\n`;
  }
  for (const message of effects.errors) {
    job.annotate({ level: 'error', message });
    result.refused = true;
  }
}

function sinkOf(job: JobRun, result: ProcessResult) {
  return {
    log: (text: string) => job.log(text),
    group: (title: string) => job.emit({ type: 'group', step: job.current, title: job.masker.mask(title) }),
    groupEnd: () => job.emit({ type: 'group-end', step: job.current }),
    annotation: (annotation: Parameters<JobRun['annotate']>[0]) => job.annotate(annotation),
    mask: (value: string) => job.masker.add(value),
    output(name: string, value: string) {
      job.annotate({
        level: 'warning',
        message:
          'The `set-output` command is deprecated and will be disabled soon. Please upgrade to using Environment Files.',
      });
      result.outputs[name] = value;
    },
    state(name: string, value: string) {
      result.state[name] = value;
    },
    refuse(message: string) {
      job.annotate({ level: 'error', message });
      result.refused = true;
    },
  };
}
