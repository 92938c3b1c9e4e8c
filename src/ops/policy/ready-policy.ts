import * as v from 'valibot';
import { parseDuration } from '../../runtime/duration.js';
import { parseVersionSource, type VersionSource } from '../../runtime/version-source.js';
import { durationField } from './rule-fields.js';
import { probeSchema } from './verify-policy.js';

/** By whom statuses are posted: a login, or an App's as GitHub writes it. */
const creator = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?$/, 'expected a login, or that of an App as name[bot]'),
);

/** `ready` of an environment, as it is written. */
export const readySchema = v.strictObject({
  from: v.pipe(
    v.optional(v.picklist(['flux', 'argocd', 'statuses'])),
    v.description(
      'What reports: Flux or Argo CD, whose objects tell what is awaited, or commit statuses of another program, named in contexts. ' +
        'Default: Flux and Argo CD.',
    ),
  ),
  creators: v.pipe(
    v.array(creator),
    v.minLength(1, 'expected who posts the statuses: a login, or that of an App as name[bot]'),
    v.description(
      'Whose commit statuses count: logins, that of an App as name[bot]. Nobody else can say that something is live.',
    ),
  ),
  contexts: v.pipe(
    v.optional(v.array(v.string()), []),
    v.description(
      'The contexts that have to report, * for any characters: kustomization/web-staging/*. Default: those of the objects that deploy it.',
    ),
  ),
  url: v.pipe(
    v.optional(v.string()),
    v.description(
      'The address of an app there, shown with its deployments: https://{app}.staging.acme.dev. Default: none.',
    ),
  ),
  timeout: v.pipe(
    v.optional(durationField, '15m'),
    v.description('How long a change may take until its reports are missed. Default: 15m.'),
  ),
  probe: v.pipe(
    v.optional(probeSchema),
    v.description('What Ops watch asks the address in url, once the cluster has reported. Default: nothing.'),
  ),
  watcher: v.pipe(
    v.optional(creator, 'github-actions[bot]'),
    v.description(
      'Who runs Ops watch, whose statuses of probes and of verify count: a login, that of an App as name[bot]. Default: github-actions[bot].',
    ),
  ),
});

/** What tells whether an environment is live, with every default applied. */
export interface ReadyPolicy {
  /** `undefined` for Flux and Argo CD, whichever deploys it. */
  from: 'flux' | 'argocd' | 'statuses' | undefined;
  /** Logins whose statuses count, an App's as `name[bot]`, in small letters. */
  creators: readonly string[];
  /** Patterns of the contexts that have to report; none where the reconciler's objects tell. */
  contexts: readonly string[];
  timeoutMs: number;
  /** Address in which `{app}` may stand; missing for none. */
  url?: string;
  /** What the address has to answer; missing where nobody asks it. */
  probe?: ReadyProbe;
  /** Whose statuses of probes and verifications count. */
  watcher: string;
  /** Environments whose statuses are posted by others, so that what is called alike there is told from what is here. */
  apart?: readonly string[];
}

/** What an address has to answer: one of some HTTP statuses, and its version where it shows one. */
export interface ReadyProbe {
  /** Address in which `{app}` may stand. */
  url: string;
  path: string;
  statuses: readonly number[];
  version: VersionSource | undefined;
}

/** `ready` with its defaults. */
export function readyOf(written: v.InferOutput<typeof readySchema>): ReadyPolicy {
  const { from, creators, contexts, timeout, url, probe, watcher } = written;
  const version = probe?.version === undefined || versionProblem(probe) !== undefined ? undefined : probe.version;
  return {
    ...{ from, creators: creators.map((each) => each.toLowerCase()), contexts, timeoutMs: parseDuration(timeout) },
    ...(url === undefined ? {} : { url }),
    ...(probe === undefined || url === undefined
      ? {}
      : { probe: { ...probe, url, version: version === undefined ? undefined : parseVersionSource(version) } }),
    watcher: watcher.toLowerCase(),
  };
}

/** What tells whether one of several environments is live, with those that nobody takes it for. */
export function apartFrom(
  ready: ReadyPolicy,
  all: readonly { name: string; ready?: ReadyPolicy | undefined }[],
): ReadyPolicy {
  const isApart = (other: ReadyPolicy | undefined) =>
    other?.creators.every((each) => !ready.creators.includes(each)) === true;
  return { ...ready, apart: all.filter((each) => isApart(each.ready)).map(({ name }) => name) };
}

/** The address of an app; empty where the policy names none. */
export function addressOf({ url = '' }: Pick<ReadyPolicy, 'url'>, app: string): string {
  return url.replaceAll('{app}', app);
}

/** What is wrong with `ready`, which the schema cannot tell: a sentence; `undefined` where nothing is. */
export function readyProblem({
  from,
  contexts,
  url,
  probe,
}: Pick<v.InferOutput<typeof readySchema>, 'from' | 'contexts' | 'url' | 'probe'>):
  | { key: 'contexts' | 'url' | 'probe'; message: string }
  | undefined {
  const problem = url === undefined ? undefined : addressProblem(url);
  if (problem !== undefined) {
    return { key: 'url', message: problem };
  }
  if (probe !== undefined && url === undefined) {
    return {
      key: 'probe',
      message: 'expected "url" beside it, the address of an app there: nothing else tells what to ask.',
    };
  }
  const source = probe && versionProblem(probe);
  if (source !== undefined) {
    return { key: 'probe', message: source };
  }
  if (from === 'statuses' && contexts.length === 0) {
    return { key: 'contexts', message: 'expected the contexts that have to report: nothing else tells them.' };
  }
  const bare = contexts.find((each) => each.replaceAll('*', '').trim() === '');
  return bare === undefined
    ? undefined
    : { key: 'contexts', message: `"${bare}" fits every status. Name what has to report.` };
}

function versionProblem({ version }: NonNullable<v.InferOutput<typeof readySchema>['probe']>): string | undefined {
  try {
    parseVersionSource(version ?? 'x-version');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function addressProblem(url: string): string | undefined {
  const plain = url.replaceAll('{app}', 'app');
  const isWeb = URL.canParse(plain) && /^https?:$/.test(new URL(plain).protocol);
  return isWeb ? undefined : `expected an address such as https://{app}.staging.acme.dev, found "${url}".`;
}
