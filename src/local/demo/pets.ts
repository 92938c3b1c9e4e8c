import type { StageRunner } from '../runner/stage-runner.js';
import { installDefaultApp } from '../settings.js';
import type { LocalRepository, Stage } from '../stage.js';
import { starter } from '../starter.js';

export const PET_ENVIRONMENTS = ['dev', 'stage', 'prod'] as const;
export const PETS = ['cat', 'dog'] as const;

/** A company whose applications have definitions of their own, with a branch for each environment. */
export interface Pets {
  applications: ReadonlyMap<string, LocalRepository>;
  cluster: LocalRepository;
}

const POLICY = `environments:
  dev: { branch: dev, repository: "pets/{app}-application", cd: true }
  stage: { branch: stage, repository: "pets/{app}-application", after: dev, promotion: merge }
  prod: { branch: prod, repository: "pets/{app}-application", after: stage, promotion: merge }
apps: { cat: {}, dog: {} }
`;

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata: { labels: { app: {{ .Release.Name }} } }
    spec:
      containers:
        - name: app
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
`;

/** What a release does in the repository of an application, by hand here: its image is built already. */
const deliver = (app: string) => `name: Deliver
on: { workflow_dispatch: { inputs: { version: { type: string, required: true } } } }
permissions: {}
jobs:
  deliver:
    name: Deliver
    runs-on: ubuntu-latest
    permissions:
      contents: read # the releases, for what a version brings
    outputs:
      pull-requests: \${{ steps.bump.outputs.pull-requests }}
    steps:
      - id: app
        uses: actions/create-github-app-token@1b10c78c7865c340bc4f6099eb2f838309f1e8c3 # v3.1.1
        with:
          client-id: \${{ vars.OSTACK_APP_CLIENT_ID }}
          private-key: \${{ secrets.OSTACK_APP_PRIVATE_KEY }}
          owner: pets
          repositories: cluster, ${app}-application
      - id: bump
        uses: ostack/actions/bump-overlay@v1
        with:
          app: ${app}
          image: ghcr.io/pets/${app}
          tag: \${{ inputs.version }}
          environments: dev
          ops-repository: pets/cluster
          token: \${{ steps.app.outputs.token }}
`;

/** What an application says for all environments. */
const common = (app: string) => ({
  'common.yaml': `config:\n  image:\n    repository: ghcr.io/pets/${app}\n    tag: 1.0.0\n`,
});

const application = async (app: string, configuration: Record<string, string>) => ({
  'hld/component.yaml': `name: ${app}\ntype: helm\npath: ./chart\n`,
  ...Object.fromEntries(Object.entries(configuration).map(([name, text]) => [`hld/config/${name}`, text])),
  'hld/chart/Chart.yaml': `apiVersion: v2\nname: ${app}\nversion: 0.1.0\n`,
  'hld/chart/templates/deployment.yaml': DEPLOYMENT,
  '.github/workflows/definition.yml': await starter('definitions/definition'),
  '.github/workflows/deliver.yml': deliver(app),
});

const cluster = (serverUrl: string, branch: string) =>
  `name: pets\nsubcomponents:\n${PETS.map(
    (app) =>
      `  - { name: ${app}, method: git, source: "${serverUrl}/pets/${app}-application", branch: ${branch}, path: hld }\n`,
  ).join('')}`;

/** Starters for people, with what is to be filled in: the environments, and the repositories that these live in. */
async function operating(...names: readonly string[]): Promise<Record<string, string>> {
  const files = names.map(async (name) => {
    const text = (await starter(`ops/${name}`))
      .replace(/staging, production|production, staging/, PET_ENVIRONMENTS.join(', '))
      .replace(
        '      app-client-id:',
        '      repositories: cluster, cat-application, dog-application\n      app-client-id:',
      );
    return [`.github/workflows/${name}.yml`, text] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

/**
 * Sets the company up: the starters as its teams copy them, with what their comments say to fill in.
 *
 * @param options `shown` for pull requests whose runs show what they come to; `configuration` for the files of an application's
 *   `hld/config`, by default one for all environments
 */
export async function openPets(
  stage: Stage,
  runner: StageRunner,
  { shown, configuration = common }: { shown: boolean; configuration?: (app: string) => Record<string, string> },
): Promise<Pets> {
  const applications = new Map<string, LocalRepository>();
  for (const app of PETS) {
    const repository = await stage.github.createRepository(`pets/${app}-application`, {
      files: await application(app, configuration(app)),
    });
    const first = (await repository.refs())[`refs/heads/${repository.defaultBranch}`] ?? null;
    // Nobody pushes them: the company has had them for long.
    await repository.git.refs.update(PET_ENVIRONMENTS.map((name) => ({ name: `refs/heads/${name}`, to: first })));
    applications.set(app, repository);
  }
  const every = PET_ENVIRONMENTS.map((name) => [`hld/${name}/component.yaml`, cluster(stage.serverUrl, name)]);
  const materialize = await starter('definitions/materialize');
  const repository = await stage.github.createRepository('pets/cluster', {
    files: {
      'ostack.yaml': POLICY,
      ...Object.fromEntries(every),
      '.github/workflows/materialize.yml': shown ? materialize : materialize.replace('  pull_request:\n', ''),
      '.github/workflows/materialize-update.yml': await starter('definitions/materialize-update'),
      ...(await operating('promote', 'rollback', 'hold', 'lift-hold')),
    },
  });
  installDefaultApp(runner, ['pets/cluster', ...PETS.map((app) => `pets/${app}-application`)], {}, 'ostack-pets');
  return { applications, cluster: repository };
}

/** The version of an application in what an environment is rendered to; `undefined` where it is not there. */
export async function renderedVersion(
  { cluster }: Pets,
  environment: string,
  app: string,
): Promise<string | undefined> {
  const text = await cluster.read(`env/${environment}`, `deployment-${app}.yaml`).catch(() => undefined);
  return /image: "?[^\s"]*:([^\s"]+)/.exec(text ?? '')?.[1];
}
