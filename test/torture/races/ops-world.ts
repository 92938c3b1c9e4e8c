import * as v from 'valibot';
import { connect } from '../../../src/github/client.js';
import type { Connected } from '../../../src/github/connected.js';
import type { LocalRepository, RepositoryOptions, Stage } from '../../../src/local/stage.js';
import { bump } from '../../../src/ops/verbs/bump/bump.js';
import type { BumpRequest } from '../../../src/ops/verbs/bump/request.js';
import type { Racer } from './schedules.js';

/** No run waits for anything but its turn. */
export const PATIENCE = { timeoutMs: 0, pollMs: 0, contentMs: 0 };
const ADA = { name: 'Ada', email: 'ada@acme.dev' };
const DIGEST = `sha256:${'a'.repeat(64)}`;

export interface Pull {
  number: number;
  state: 'OPEN' | 'CLOSED' | 'MERGED';
  title: string;
  branch: string;
}

/** An ops repository of its own for one schedule. */
export interface OpsWorld extends AsyncDisposable {
  stage: Stage;
  ops: LocalRepository;
  /** Connects with a token of its own. */
  connected(actor: string): { token: string; connected: Connected };
  pulls(): Promise<Pull[]>;
}

/** Where an app's overlay is. */
export const overlayPath = (environment: string, app: string) => `overlays/${environment}/${app}/kustomization.yaml`;

/** An overlay of an app, with a line before and one after what releases change. */
export function overlay(app: string, version: string): string {
  return `# of ${app}\nresources:\n- ../../../bases/${app}\nimages:\n- name: ghcr.io/acme/${app}\n  newTag: "${version}"\n`;
}

/** Staging takes releases by itself, production by pull request. */
export function opsFiles(apps: readonly string[], version = '1.0.0'): Record<string, string> {
  const files: Record<string, string> = {
    'ostack.yaml': 'environments:\n  staging: { cd: true }\n  production: { after: staging }\n',
  };
  for (const app of apps) {
    files[`bases/${app}/kustomization.yaml`] = 'resources: [deployment.yaml]\n';
    files[overlayPath('staging', app)] = overlay(app, version);
    files[overlayPath('production', app)] = overlay(app, version);
  }
  return files;
}

let count = 0;

export async function opsWorld(
  stage: Stage,
  files: Record<string, string>,
  options?: RepositoryOptions,
): Promise<OpsWorld> {
  count += 1;
  const name = `ops-${count}`;
  const ops = await stage.github.createRepository(`acme/${name}`, { files }, options);
  const connected = (actor: string) => {
    const token = stage.github.issueToken({ actor });
    const { apiUrl, graphqlUrl } = stage;
    const github = connect({ token, apiUrl, graphqlUrl, retry: { baseMs: 0 }, timeoutMs: 600_000 });
    return { token, connected: { github, repository: { owner: 'acme', name } } };
  };
  const { github } = connected('octocat').connected;
  return {
    stage,
    ops,
    connected,
    async pulls() {
      const { repository } = await github.query(pullsSchema, PULLS, { name });
      return repository.pullRequests.nodes.map(({ headRefName, ...pull }) => ({ ...pull, branch: headRefName }));
    },
    [Symbol.asyncDispose]: () => stage.github.deleteRepository(`acme/${name}`),
  };
}

const PULLS = `query Pulls($name: String!) { repository(owner: "acme", name: $name) {
  pullRequests(first: 100, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { number state title headRefName } }
} }`;

const pullsSchema = v.object({
  repository: v.object({
    pullRequests: v.object({
      nodes: v.array(
        v.object({
          number: v.number(),
          state: v.picklist(['OPEN', 'CLOSED', 'MERGED']),
          title: v.string(),
          headRefName: v.string(),
        }),
      ),
    }),
  }),
});

/** What one run of `bump-ops-overlay` is asked for: one version of an app for the environments, all of them by default. */
export function releaseRequest(
  { stage }: OpsWorld,
  app: string,
  version: string,
  environments: string[] = [],
): BumpRequest {
  const repository = `ghcr.io/acme/${app}`;
  return {
    apps: [
      {
        app,
        version,
        images: [{ kind: 'image', repository, image: app, tag: version, digest: DIGEST }],
        release: undefined,
        source: { repository: 'acme/apps', sha: 'b'.repeat(40) },
      },
    ],
    environments,
    labels: ['ostack'],
    reviewers: [],
    assignees: [],
    merge: 'auto',
    mergeMethod: undefined,
    dryRun: false,
    runUrl: '',
    serverUrl: stage.serverUrl,
  };
}

/** A run of `bump-ops-overlay` that brings one version of an app to every environment. */
export function release(world: OpsWorld, app: string, version: string, environments: string[] = []): Racer {
  const { token, connected } = world.connected('ostack[bot]');
  return {
    name: `${app} ${version}`,
    tokens: [token],
    async body() {
      const request = releaseRequest(world, app, version, environments);
      const report = await bump(connected, undefined, request, PATIENCE);
      if (report.failures.length > 0) {
        throw new Error(report.failures.map(({ message }) => message).join('\n'));
      }
    },
  };
}

/** What a person pushed: it has to be there in the end. */
export interface Note {
  path: string;
  text: string;
}

/** Someone who pushes a few times, to main and to branches of ours, to the very files that releases change. */
export function person(
  world: OpsWorld,
  name: string,
  targets: readonly { branch: string; path: string }[],
  notes: Note[],
): Racer {
  return {
    name,
    tokens: [],
    async body(takeTurn) {
      for (const [index, { branch, path }] of targets.entries()) {
        await takeTurn(`push to ${branch}`, async () => {
          const text = await world.ops.read(branch, path);
          if (text === undefined) {
            return;
          }
          const line = `# ${name} was here, ${index}`;
          await world.ops.commit(branch, { [path]: `${line}\n${text}` }, `by hand: ${line}`, ADA);
          notes.push({ path, text: line });
        });
      }
    },
  };
}

/** The version that an overlay sets. */
export function versionIn(text: string | undefined): string | undefined {
  return /newTag: "?([^"\n]+)"?/.exec(text ?? '')?.[1];
}
