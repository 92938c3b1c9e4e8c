import * as v from 'valibot';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/;

/** A repository's name in two parts. */
export interface RepositoryName {
  owner: string;
  name: string;
}

/** Where and for what this action runs, from the variables GitHub sets. */
export interface RunContext {
  /** `owner/name`. */
  repository: string;
  /** Full id of the commit that started the run. */
  sha: string;
  /** `refs/heads/main` and the like. */
  ref: string;
  /** `https://github.com` without a slash at the end. */
  serverUrl: string;
  apiUrl: string;
  graphqlUrl: string;
  runId: string;
  /** Page of this run. */
  runUrl: string;
  /** Who started it. */
  actor: string;
  /** Who started it anew, where somebody did; else the same. */
  triggeringActor: string;
}

const schema = v.object({
  GITHUB_REPOSITORY: v.pipe(v.string(), v.regex(NAME, 'expected owner/name')),
  GITHUB_SHA: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'expected a full commit id')),
  GITHUB_REF: v.optional(v.string(), ''),
  GITHUB_SERVER_URL: v.pipe(v.string(), v.url()),
  GITHUB_API_URL: v.pipe(v.string(), v.url()),
  GITHUB_GRAPHQL_URL: v.pipe(v.string(), v.url()),
  GITHUB_RUN_ID: v.optional(v.string(), ''),
  GITHUB_ACTOR: v.optional(v.string(), ''),
  GITHUB_TRIGGERING_ACTOR: v.optional(v.string(), ''),
});

/**
 * Reads the variables that GitHub sets for every step.
 *
 * @throws Error naming the first variable that is missing or malformed
 * @see https://docs.github.com/actions/reference/workflows-and-actions/variables#default-environment-variables
 */
export function readContext(env: NodeJS.ProcessEnv = process.env): RunContext {
  const parsed = v.safeParse(schema, env);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const variable = v.getDotPath(issue) ?? '';
    const found = env[variable] === undefined ? 'not set' : `"${env[variable]}": ${issue.message}`;
    throw new Error(`${variable} is ${found}. GitHub Actions sets it; set it yourself when you run an action by hand.`);
  }
  const found = parsed.output;
  const serverUrl = found.GITHUB_SERVER_URL.replace(/(?<!\/)\/+$/, '');
  return {
    repository: found.GITHUB_REPOSITORY,
    sha: found.GITHUB_SHA,
    ref: found.GITHUB_REF,
    serverUrl,
    apiUrl: found.GITHUB_API_URL,
    graphqlUrl: found.GITHUB_GRAPHQL_URL,
    runId: found.GITHUB_RUN_ID,
    runUrl:
      found.GITHUB_RUN_ID === '' ? '' : `${serverUrl}/${found.GITHUB_REPOSITORY}/actions/runs/${found.GITHUB_RUN_ID}`,
    actor: found.GITHUB_ACTOR,
    triggeringActor: found.GITHUB_TRIGGERING_ACTOR === '' ? found.GITHUB_ACTOR : found.GITHUB_TRIGGERING_ACTOR,
  };
}

/**
 * Splits `owner/name`.
 *
 * @param source where the text comes from, for the error: `Input "ops-repository"`
 * @throws Error when it is not of that form
 */
export function parseRepository(text: string, source: string): RepositoryName {
  const [owner, name] = text.split('/');
  if (!NAME.test(text) || owner === undefined || name === undefined) {
    throw new Error(`${source} is "${text}", expected owner/name.`);
  }
  return { owner, name };
}

/**
 * The file of the workflow that runs, from what GitHub sets: `acme/ops/.github/workflows/ops-gate.yml@refs/heads/main`.
 *
 * @returns `ops-gate.yml`; empty where nothing tells it
 */
export function workflowFile(reference = process.env.GITHUB_WORKFLOW_REF ?? ''): string {
  return workflowPath(reference).split('/').at(-1) ?? '';
}

/** The same with its folder, as GitHub has it of a run: `.github/workflows/ops-gate.yml`. */
export function workflowPath(reference = process.env.GITHUB_WORKFLOW_REF ?? ''): string {
  return reference.replace(/@.*$/s, '').split('/').slice(2).join('/');
}
