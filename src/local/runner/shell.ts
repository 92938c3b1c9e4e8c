/**
 * `run:` steps.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
 */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codeOf, messageOf, type Place, RunError, Unsupported } from './errors.js';
import { evaluateToText } from './expressions.js';
import type { Frame, JobRun } from './job-run.js';
import type { StepRunOutcome } from './step-outcome.js';
import { runStepProcess } from './step-process.js';
import type { StepDefinition } from './workflow.js';

/** Command lines of the shells that GitHub knows by name; `{0}` is the script. */
const shells: Record<string, { line: string; extension: string }> = {
  bash: { line: 'bash --noprofile --norc -e -o pipefail {0}', extension: '.sh' },
  sh: { line: 'sh -e {0}', extension: '.sh' },
  python: { line: 'python3 {0}', extension: '.py' },
};
/** Command line without `shell:`; on GitHub it has no `pipefail`. */
const unnamed = { line: 'bash -e {0}', extension: '.sh' };

/** Runs a script step. */
export async function runScript(
  job: JobRun,
  frame: Frame,
  definition: StepDefinition & { body: { kind: 'run' } },
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<StepRunOutcome> {
  const { body } = definition;
  const scope = job.scope(frame, env);
  const { defaults } = job.plan;
  const inComposite = frame.composite !== undefined;
  const shell =
    body.shell === undefined ? (inComposite ? undefined : defaults.shell) : evaluateToText(body.shell, scope);
  const folder =
    body.workingDirectory === undefined
      ? inComposite
        ? undefined
        : defaults.workingDirectory
      : evaluateToText(body.workingDirectory, scope);
  const script = evaluateToText(body.run, scope);
  const { line, extension } = shellOf(shell, definition.place);
  const file = join(job.folders.temp, `${randomUUID()}${extension}`);
  await writeFile(file, script.endsWith('\n') ? script : `${script}\n`, { mode: 0o700 });
  const [command = '', ...args] = line.split(/\s+/).map((word) => word.replace('{0}', file));
  job.group(`Run ${script.trim().split('\n', 1)[0] ?? ''}`, [
    ...script.trimEnd().split('\n'),
    `shell: ${line}`,
    ...environmentLines({ ...job.env, ...frame.env, ...env }),
  ]);
  const cwd = resolve(job.folders.workspace, folder ?? '.');
  const result = await runStepProcess(job, frame, { command, args, cwd, env, signal }).catch((error: unknown) => {
    throw new RunError(startFailure(error, command, cwd), definition.place);
  });
  if (result.exitCode !== 0 && !signal.aborted) {
    job.annotate({ level: 'error', message: `Process completed with exit code ${result.exitCode}.` });
  }
  return { failed: result.exitCode !== 0 || result.refused, outputs: result.outputs };
}

function shellOf(shell: string | undefined, place: Place): { line: string; extension: string } {
  if (shell === undefined || shell === '') {
    return unnamed;
  }
  const known = shells[shell];
  if (known !== undefined) {
    return known;
  }
  if (shell.includes('{0}')) {
    return { line: shell, extension: /^\s*node\b/.test(shell) ? '.mjs' : '.sh' };
  }
  throw new Unsupported(`"shell: ${shell}"`, place);
}

function startFailure(error: unknown, command: string, cwd: string): string {
  return codeOf(error) === 'ENOENT'
    ? `An error occurred trying to start process '${command}' with working directory '${cwd}'. No such file or directory`
    : messageOf(error);
}

/** The `env:` lines that GitHub prints under a step's title. */
export function environmentLines(env: Record<string, string>): string[] {
  const names = Object.entries(env);
  return names.length === 0 ? [] : ['env:', ...names.map(([name, value]) => `  ${name}: ${value}`)];
}
