import type { Stage } from '../../../src/local/stage.js';
import type { ActionResult } from '../../support/run-action.js';
import { type Level, type Permissions, tokensOf } from './tokens-of.js';

/** The permission that labels take which are missing. */
export const LABELS = 'token issues';

/** What other steps need of a job that builds and opens an environment. */
export const OF_THE_JOB = [
  'token statuses',
  ...['actions', 'contents', 'deployments', 'packages', 'pull-requests'].map((name) => `github-token ${name}`),
];

/** A stage on which the action of one step can run, with tokens by the input that takes them. */
export interface Ground extends AsyncDisposable {
  stage: Stage;
  /** @param inputs tokens, and what else a run is to be given besides its own */
  run(inputs: Record<string, string>): Promise<ActionResult>;
}

/** One step of a reusable workflow, and what becomes of it with less than is documented. */
export interface Step {
  /** File, job and action: `release.yml/bump/bump-ops-overlay`. */
  place: string;
  /** The repositories that each token reaches, by its input. */
  reach: Record<string, readonly string[]>;
  /** `input permission` of what is an extra: without it the step says so, and does the rest. */
  told?: readonly string[];
  /** `input permission` of what is an extra where it is to read, and is needed otherwise. */
  toldAtRead?: readonly string[];
  /** `input permission` of what it needs to read only, and another step of the job to write. */
  reads?: readonly string[];
  /** `input permission` of what another step of the job needs, or this one only in another case. */
  unused?: readonly string[];
  ground(): Promise<Ground>;
}

/** How a step went with one permission taken away, or lowered from write to read. */
export interface Shortage {
  /** `token contents`. */
  taken: string;
  /** What is left of it. */
  left: 'none' | 'read';
  exitCode: number;
  /** Whether the action said which permission the token lacks, and what to do. */
  named: boolean;
  log: string;
}

/**
 * Every permission of every token of a step, taken away one by one and, where it is to write, lowered to read; and then the
 * run with exactly what is documented.
 *
 * @param thorough whether one that is to write is both taken away and lowered, instead of the two in turns
 */
export async function tryWithout(
  step: Step,
  thorough: boolean,
): Promise<{ shortages: Shortage[]; exact: ActionResult }> {
  const tokens = tokensOf(step.place);
  await using ground = await step.ground();
  const issue = (taken: string, left: Shortage['left']) =>
    Object.fromEntries(
      [...tokens].map(([input, { permissions }]) => {
        const granted = Object.entries(permissions).flatMap(([name, level]): [string, Level][] => {
          const rest = left === 'none' ? [] : [[name, left] satisfies [string, Level]];
          return `${input} ${name}` === taken ? rest : [[name, level]];
        });
        return [input, tokenWith(ground.stage, step.reach[input] ?? [], Object.fromEntries(granted))];
      }),
    );
  const shortages: Shortage[] = [];
  for (const [index, taken] of takeable(step).entries()) {
    const [input = '', permission = ''] = taken.split(' ');
    const isWrite = tokens.get(input)?.permissions[permission] === 'write' && step.reads?.includes(taken) !== true;
    const both = ['none', 'read'] as const;
    for (const left of isWrite ? both.filter((_, at) => thorough || at === index % 2) : both.slice(0, 1)) {
      // Each run has something to do of every kind: what one has made, the next one would not miss.
      const labels: Record<string, string> = step.told?.includes(LABELS)
        ? { labels: `ostack-${shortages.length}` }
        : {};
      const { exitCode, stdout, summary } = await ground.run({ ...issue(taken, left), ...labels });
      const log = `${stdout}\n${summary}`;
      shortages.push({
        taken,
        left,
        exitCode,
        named: names(log, permission, left === 'read' ? 'write' : undefined),
        log,
      });
    }
  }
  return { shortages, exact: await ground.run(issue('', 'none')) };
}

/** `input permission` of all that a step needs. */
export function takeable({ place, told = [], unused = [] }: Step): string[] {
  const all = [...tokensOf(place)].flatMap(([input, { permissions }]) =>
    Object.keys(permissions).map((name) => `${input} ${name}`),
  );
  // What is told goes last, in the order of the step: the rest of the work is done then.
  const needed = all.filter((taken) => ![...unused, ...told].includes(taken));
  return [...needed, ...told];
}

/** The same as `allGranted` names them. */
export function needed(step: Step): string[] {
  const tokens = tokensOf(step.place);
  const [file, job] = step.place.split('/');
  return takeable(step).map((taken) => {
    const [input = '', permission] = taken.split(' ');
    return `${file}/${job} ${tokens.get(input)?.from} ${permission}`;
  });
}

/** Whether a text says that a permission is missing, and what to do; with none named, whether it says so of any. */
export function names(text: string, permission = '[a-z-]+', level = 'read|write'): boolean {
  const setting = permission.replace(/^[a-z]/, (letter) => letter.toUpperCase());
  const named = `["“]?(?:[a-z]+: read and )?${permission}: (?:${level})`;
  return new RegExp(
    `lacks the permission (?:"[a-z-]+: write" and )?${named}.*Grant it|needs ${named}.*grant it|grant ${named}|give the App ${named}|a GitHub App's with ${named}|install the App on .*"${setting}: (?:${level})`,
  ).test(text);
}

function tokenWith(stage: Stage, repositories: readonly string[], permissions: Permissions): string {
  const named = Object.entries(permissions).map(([name, level]) => [name.replaceAll('-', '_'), level] as const);
  return stage.github.issueToken({ actor: 'acme[bot]', repositories, permissions: Object.fromEntries(named) });
}
