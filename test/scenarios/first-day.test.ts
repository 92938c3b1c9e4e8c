import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from '../../src/github/client.js';
import { standInEnvironment } from '../../src/local/engine/environment.js';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { publishActions } from '../../src/local/settings.js';
import { type Stage, startStage } from '../../src/local/stage.js';
import { git } from '../support/git.js';
import { PATIENCE_MS } from './support.js';

const root = join(import.meta.dirname, '..', '..');

/** A numbered step of the README. */
interface Step {
  title: string;
  text: string;
  /** Blocks of YAML, and the paths that the text before each names. */
  files: { paths: string[]; content: string }[];
  commands: string[];
}

/** What a person does at a machine with the README open; the App's page and `gh` are played. */
class Newcomer {
  readonly variables: Record<string, string> = {};
  readonly secrets: Record<string, string> = {};

  constructor(
    readonly stage: Stage,
    readonly runner: StageRunner,
    readonly folder: string,
  ) {}

  async clone(name: string): Promise<void> {
    const address = this.stage.serverUrl.replace('://', `://x-access-token:${this.stage.token}@`);
    await git(this.folder, ['clone', '--quiet', `${address}/acme/${name}.git`, name]);
  }

  async write(repository: string, { files }: Step): Promise<void> {
    for (const { paths, content } of files) {
      for (const path of paths) {
        await mkdir(dirname(join(this.folder, repository, path)), { recursive: true });
        await writeFile(join(this.folder, repository, path), this.#here(content));
      }
    }
  }

  /** Runs commands of git in a clone, and plays those of `gh`. A command that it does not know fails. */
  async run(repository: string, commands: readonly string[]): Promise<void> {
    for (const command of commands) {
      const words = wordsOf(command);
      if (words[0] === 'git') {
        await git(join(this.folder, repository), words.slice(1), { env: ADA });
      } else if (words[0] === 'gh') {
        await this.#gh(words.slice(1));
      } else {
        throw new Error(`The README has a command that nobody plays: ${command}`);
      }
    }
  }

  async #gh([noun, verb, name = '', ...rest]: string[]): Promise<void> {
    const option = (flag: string) => rest[rest.indexOf(flag) + 1] ?? '';
    if (noun === 'variable' && verb === 'set') {
      expect(rest).toEqual(['--repo', 'acme/apps', '--body', option('--body')]);
      this.variables[name] = option('--body');
      this.runner.vars.set('acme/apps', this.variables);
    } else if (noun === 'secret' && verb === 'set') {
      expect(rest).toEqual(['--repo', 'acme/apps', '<', option('<')]);
      this.secrets[name] = await readFile(join(this.folder, option('<')), 'utf8');
      this.runner.secrets.set('acme/apps', this.secrets);
    } else if (noun === 'pr' && verb === 'merge') {
      const { octokit } = connect({
        token: this.stage.token,
        apiUrl: this.stage.apiUrl,
        graphqlUrl: this.stage.graphqlUrl,
      });
      const [owner = '', repo = ''] = option('--repo').split('/');
      const { data: pulls } = await octokit.request('GET /repos/{owner}/{repo}/pulls', {
        owner,
        repo,
        head: `${owner}:${name}`,
      });
      expect(rest.at(-1)).toBe('--squash');
      await octokit.request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
        owner,
        repo,
        pull_number: pulls[0]?.number ?? 0,
        merge_method: 'squash',
      });
    } else {
      throw new Error(`The README has a command of gh that nobody plays: ${noun} ${verb}`);
    }
  }

  /** The stage's registry for GitHub's. */
  #here(text: string): string {
    return text.replaceAll('ghcr.io', this.stage.registry);
  }
}

/** Who commits. */
const ADA = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@acme.example',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@acme.example',
};

/** The words of a command, as a shell splits them; quotes hold one together. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

/** The numbered steps of the README, in order. */
function stepsOf(readme: string): Step[] {
  return readme
    .split(/^### (?=\d)/m)
    .slice(1)
    .map((part) => part.split(/^## /m)[0] ?? '')
    .map((text) => ({
      title: text.split('\n')[0] ?? '',
      text,
      files: blocksOf(text, 'yaml').map(({ before, content }) => ({
        paths: [...before.matchAll(/`([\w./-]+\.ya?ml)`/g)].map(([, path = '']) => path),
        content,
      })),
      commands: blocksOf(text, 'sh').flatMap(({ content }) => content.trim().split('\n')),
    }));
}

/** Blocks of a language, with the text between each and the block before it. */
function blocksOf(text: string, language: string): { before: string; content: string }[] {
  const parts = text.split(/^```(\w*)\n([\s\S]*?)^```$/m);
  return parts.flatMap((part, index) =>
    index % 3 === 1 && part === language ? [{ before: parts[index - 1] ?? '', content: parts[index + 1] ?? '' }] : [],
  );
}

/** Names of permissions in GitHub's API, from the table's. */
function permissionsOf(text: string): Record<string, 'read' | 'write'> {
  const rows = [...text.matchAll(/^\| ([A-Z][a-z ]+) \| (read|read and write) \|/gm)];
  return Object.fromEntries(
    rows.map(([, name = '', access]) => [
      name.toLowerCase().replace('commit statuses', 'statuses').replaceAll(' ', '_'),
      access === 'read' ? 'read' : 'write',
    ]),
  );
}

/** An ops repository that has the manifests of the app, and nothing else. */
const OPS = {
  'bases/shop/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'bases/shop/deployment.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { template: { spec: { containers: [{ name: shop, image: ghcr.io/acme/shop }] } } }\n',
};
const APPS = {
  'apps/shop/Dockerfile': 'FROM scratch\nCOPY index.html /\n',
  'apps/shop/index.html': 'Welcome\n',
  'apps/shop/package.json': '{ "name": "shop", "scripts": { "test": "node --test" } }\n',
  'apps/shop/shop.test.js': "require('node:test')('is open', () => {});\n",
};

describe('the steps of the README, from top to bottom', () => {
  let stage: Stage;
  let runner: StageRunner;
  let person: Newcomer;
  let steps: Step[];
  const done = () =>
    runner.runs.map(({ repository, workflow, conclusion }) => `${repository} ${workflow} ${conclusion}`);

  beforeAll(async () => {
    steps = stepsOf(await readFile(join(root, 'README.md'), 'utf8'));
    stage = await startStage();
    const [machine, engine] = [thisMachine(), await standInEnvironment()];
    const path = [...engine.path, machine.path].join(delimiter);
    runner = await createRunner(stage, { machine: { ...machine, reusesNode: false, path, env: engine.env } });
    await publishActions(stage);
    const here = (files: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(files).map(([name, text]) => [name, text.replaceAll('ghcr.io', stage.registry)]),
      );
    // GitHub's registry is known by its name, and that of the stage has to be told.
    const settings = { 'ostack.yaml': `registry: ${stage.registry}/acme\n` };
    await stage.github.createRepository('acme/apps', { files: { ...APPS, ...settings } });
    await stage.github.createRepository('acme/ops', { files: here(OPS) });
    person = new Newcomer(stage, runner, await mkdtemp(join(tmpdir(), 'ostack-first-day-')));
    await person.clone('apps');
    await person.clone('ops');
  }, PATIENCE_MS);
  afterAll(async () => {
    await runner.close();
    await stage.close();
    await rm(person.folder, { recursive: true, force: true });
  });

  test('are these', () => {
    expect(steps.map(({ title }) => title)).toEqual([
      '1. The GitHub App',
      '2. Its key',
      '3. The ops repository',
      '4. The release workflow',
      '5. Production',
    ]);
  });

  test('1: the form has the permissions of the table', async () => {
    const [step] = steps;
    const permissions = permissionsOf(step?.text ?? '');
    const form = new URL(
      /\]\((https:\/\/github.com\/organizations\/acme\/settings\/apps\/new[^)]*)\)/.exec(step?.text ?? '')?.[1] ?? '',
    );
    const { name, url, public: isPublic, webhook_active, ...asked } = Object.fromEntries(form.searchParams);
    expect({ name, url, isPublic, webhook_active }).toEqual({
      name: 'acme-ostack',
      url: 'https://github.com/ostack/actions',
      isPublic: 'false',
      webhook_active: 'false',
    });
    expect(asked).toEqual(permissions);
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    const [, saved = ''] = /< (acme-ostack\.[\d-]+\.private-key\.pem)$/m.exec(steps[1]?.text ?? '') ?? [];
    await writeFile(join(person.folder, saved), privateKey);
    runner.apps.register({
      slug: 'acme-ostack',
      clientId: 'Iv23liXXXXXXXXXXXXXX',
      privateKey,
      repositories: ['acme/ops'],
      permissions: { ...permissions, metadata: 'read' },
    });
  });

  test('2 and 3: the key is kept, and ops says what may go where', async () => {
    await person.run('apps', steps[1]?.commands ?? []);
    const step = steps[2];
    expect(step?.files.map(({ paths }) => paths)).toEqual([
      ['ostack.yaml'],
      ['overlays/staging/shop/kustomization.yaml', 'overlays/production/shop/kustomization.yaml'],
    ]);
    await person.write('ops', step ?? { title: '', text: '', files: [], commands: [] });
    await person.run('ops', step?.commands ?? []);
    await runner.idle();
    expect(done()).toEqual([]);
  });

  test(
    '4: the push of the workflow releases the app, and staging takes it',
    async () => {
      const step = steps[3] ?? { title: '', text: '', files: [], commands: [] };
      await person.write('apps', step);
      await person.run('apps', step.commands);
      await runner.idle();
      expect(done()).toEqual(['acme/apps Release success']);
      expect(Object.keys(await stage.github.repository('acme/apps').refs())).toContain('refs/tags/shop-v0.1.0');
      expect(
        await stage.github.repository('acme/ops').read('main', 'overlays/staging/shop/kustomization.yaml'),
      ).toContain('newTag: 0.1.0 # the first release replaces it\n    digest: sha256:');
    },
    PATIENCE_MS,
  );

  test('5: a person merges, and production has it', async () => {
    const read = () => stage.github.repository('acme/ops').read('main', 'overlays/production/shop/kustomization.yaml');
    expect(await read()).toContain('newTag: 0.0.0');
    await person.run('ops', steps[4]?.commands ?? []);
    expect(await read()).toContain('newTag: 0.1.0');
  });
});
