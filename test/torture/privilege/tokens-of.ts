import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { parse } from 'yaml';

export type Level = 'read' | 'write';

/** Permission, as workflows spell it, to its level. */
export type Permissions = Record<string, Level>;

/** What a token may do, and who grants it: `job`, or the step that makes a token of the App. */
export interface Token {
  from: string;
  permissions: Permissions;
}

const level = v.picklist(['read', 'write']);
const With = v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])), {});
const Step = v.object({ id: v.optional(v.string()), uses: v.optional(v.string(), ''), with: With });
const Job = v.object({
  permissions: v.optional(v.record(v.string(), level), {}),
  steps: v.optional(v.array(Step), []),
});
const Workflow = v.object({ jobs: v.record(v.string(), Job) });
const Input = v.object({ description: v.string(), default: v.optional(v.string(), '') });
const Action = v.object({ inputs: v.record(v.string(), Input) });

type Step = v.InferOutput<typeof Step>;
type Job = v.InferOutput<typeof Job>;

/**
 * The tokens that a step of a reusable workflow hands to an action, as the workflow's own YAML has it: what is granted to
 * the job, and what the steps that make tokens of the App ask for.
 *
 * @param place for example `release.yml/bump/bump-ops-overlay`: file, job, action
 * @returns each token, by the input that takes it; one that the App may make instead of the job is the App's
 * @throws Error where there is no such step
 */
export function tokensOf(place: string): Map<string, Token> {
  const [file = '', name = '', action = ''] = place.split('/');
  const job = jobsOf(file)[name];
  const steps = job?.steps.filter(({ uses }) => uses === `$/actions/${action}`) ?? [];
  if (job === undefined || steps.length === 0) {
    throw new Error(`There is no step ${place}.`);
  }
  // A job may run an action twice, the second time with a token more.
  const all: Step['with'] = Object.assign({}, ...steps.map((step) => step.with));
  const { inputs } = actionOf(action);
  const values = Object.entries(inputs).map(([input, { default: value }]) => [input, value] as const);
  const given = Object.entries(all).map(([input, value]) => [input, String(value)] as const);
  const tokens = [...new Map([...values, ...given])].flatMap(([input, value]) => {
    const token = tokenOf(job, value);
    return token === undefined ? [] : [[input, token] as const];
  });
  return new Map(tokens);
}

function actionOf(name: string): v.InferOutput<typeof Action> {
  return v.parse(Action, parse(readFileSync(`actions/${name}/action.yml`, 'utf8')));
}

function jobsOf(file: string): Record<string, Job> {
  return v.parse(Workflow, parse(readFileSync(`.github/workflows/${file}`, 'utf8'))).jobs;
}

/** Everything that a reusable workflow grants to its jobs and asks of the App: `release.yml/bump token contents`. */
export function allGranted(file: string): string[] {
  return Object.entries(jobsOf(file)).flatMap(([name, { permissions, steps }]) => {
    const makers = steps.filter(({ uses }) => uses.startsWith('actions/create-github-app-token@'));
    const tokens = [
      { from: 'job', permissions },
      ...makers.map((step) => ({ from: step.id, permissions: asked(step) })),
    ];
    return tokens.flatMap((token) =>
      Object.keys(token.permissions).map((each) => `${file}/${name} ${token.from} ${each}`),
    );
  });
}

/** The token that an expression stands for; `undefined` where it stands for something else. */
function tokenOf(job: Job, value: string): Token | undefined {
  const id = /steps\.([\w-]+)\.outputs\.token/.exec(value)?.[1];
  const maker = job.steps.find((step) => step.id !== undefined && step.id === id);
  if (maker?.id !== undefined) {
    return { from: maker.id, permissions: asked(maker) };
  }
  return value.includes('github.token') ? { from: 'job', permissions: job.permissions } : undefined;
}

/** What a step that makes a token of the App asks for. */
function asked({ with: inputs }: Step): Permissions {
  const named = Object.entries(inputs).filter(([input]) => input.startsWith('permission-'));
  return Object.fromEntries(named.map(([input, value]) => [input.slice('permission-'.length), v.parse(level, value)]));
}

/** The steps of a reusable workflow that are actions of ours, as `tokensOf` takes them. */
export function foldersFor(file: string): string[] {
  return Object.entries(jobsOf(file)).flatMap(([name, { steps }]) =>
    steps.flatMap(({ uses }) => (uses.startsWith('$/actions/') ? [`${file}/${name}/${uses.split('/')[2]}`] : [])),
  );
}

/** The permissions that the description of an action's input names, as in `contents: write`. */
export function documented(action: string, input: string): Permissions {
  const description = actionOf(action).inputs[input]?.description ?? '';
  const named = [...description.matchAll(/`([a-z-]+): (read|write)`/g)];
  return Object.fromEntries(named.map(([, name = '', found]) => [name, v.parse(level, found)]));
}
