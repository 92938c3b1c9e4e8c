/**
 * The stand-in for `actions/checkout`: runs git against the local GitHub, with the token of the step.
 *
 * @see https://github.com/actions/checkout
 */
import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { runProcess } from '../process.js';
import type { Sources } from '../sources.js';
import { processEnvironment } from '../step-process.js';
import { refuseForkCode } from './fork-code.js';
import type { StandIn, StandInCall, StandInResult } from './stand-in.js';

export const checkout: StandIn = {
  inputs: new Map(
    [
      'repository',
      'ref',
      'token',
      'path',
      'clean',
      'fetch-depth',
      'fetch-tags',
      'persist-credentials',
      'show-progress',
      'set-safe-directory',
      'allow-unsafe-pr-checkout',
      'filter',
      'lfs',
      'submodules',
      'sparse-checkout',
      'sparse-checkout-cone-mode',
      'ssh-key',
      'ssh-known-hosts',
      'ssh-strict',
      'ssh-user',
      'github-server-url',
    ].map((name) => [name, undefined]),
  ),
  refused: {
    'sparse-checkout': '',
    'ssh-key': '',
    'ssh-known-hosts': '',
    'github-server-url': '',
  },
  run,
};

async function run(call: StandInCall): Promise<StandInResult> {
  const { job, inputs } = call;
  const { services, event } = job.plan.run;
  const repository = inputs.repository || event.repository;
  const folder = resolve(job.folders.workspace, inputs.path || '.');
  if (relative(job.folders.workspace, folder).startsWith('..')) {
    throw new Error(`Repository path '${folder}' is not under '${job.folders.workspace}'`);
  }
  const target = await targetOf(call, repository);
  const token = inputs.token || job.plan.token;
  job.masker.add(token);
  const git = gitIn(call, folder);
  const url = `${services.host.serverUrl}/${repository}`;
  const header = `http.${services.host.serverUrl}/.extraheader`;
  await mkdir(folder, { recursive: true });
  const fresh = !(await readdir(folder)).includes('.git');
  if (fresh) {
    await makeRepository(folder, url);
  }
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  job.masker.add(basic);
  const credentials = `AUTHORIZATION: basic ${basic}`;
  // An empty value removes the header that an earlier checkout left in the folder's configuration.
  const authorized = {
    GIT_CONFIG_COUNT: '2',
    ...{ GIT_CONFIG_KEY_0: header, GIT_CONFIG_VALUE_0: '' },
    ...{ GIT_CONFIG_KEY_1: header, GIT_CONFIG_VALUE_1: credentials },
  };
  if (inputs.lfs === 'true') {
    await git(['lfs', 'install', '--local']);
  }
  job.log(`Fetching ${repository} ${target.name}`);
  const fetch = ['fetch', '--no-recurse-submodules', ...fetchOptions(inputs), 'origin', ...target.refspecs];
  await git(fetch, authorized);
  const { start } = target;
  await git(
    target.branch === undefined
      ? ['checkout', '--quiet', '--force', '--detach', start]
      : ['checkout', '--quiet', '--force', '-B', target.branch, start],
    // With a filter, git fetches the files now.
    authorized,
  );
  if (!fresh && inputs.clean !== 'false') {
    await git(['clean', '-ffdx', '--quiet']);
  }
  await checkOutModules(git, inputs, authorized);
  const commit = (await git(['rev-parse', 'HEAD'])).trim();
  job.log(`HEAD is now at ${commit}`);
  const outputs = { ref: target.name, commit };
  if (inputs['persist-credentials'] === 'false') {
    return { outputs };
  }
  const forget = async () => {
    await git(['config', '--local', '--unset-all', header]).catch(() => '');
  };
  if (!fresh) {
    await forget();
  }
  const kept = `[http "${services.host.serverUrl}/"]\n\textraheader = ${credentials}\n`;
  await appendFile(join(folder, '.git', 'config'), kept);
  return { outputs, post: forget };
}

/** Modules, as the input `submodules` says: `false`, `true`, or `recursive` for those of modules too. */
async function checkOutModules(
  git: Git,
  inputs: Record<string, string>,
  authorized: Record<string, string>,
): Promise<void> {
  const { submodules = 'false', 'fetch-depth': depth = '1' } = inputs;
  if (submodules === '' || submodules === 'false') {
    return;
  }
  const recursive = submodules === 'recursive' ? ['--recursive'] : [];
  const shallow = depth === '0' ? [] : [`--depth=${depth}`];
  await git(['submodule', 'sync', ...recursive]);
  await git(['submodule', 'update', '--init', '--force', ...shallow, ...recursive], authorized);
}

/** Writes what `git init`, `git remote add origin` and `git config` would, without three processes. */
async function makeRepository(folder: string, url: string): Promise<void> {
  const inside = join(folder, '.git');
  for (const part of ['objects', 'refs/heads', 'refs/tags']) {
    await mkdir(join(inside, part), { recursive: true });
  }
  await writeFile(join(inside, 'HEAD'), 'ref: refs/heads/main\n');
  const settings = [
    '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true',
    `[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*:refs/remotes/origin/*`,
    '[gc]\n\tauto = 0',
    '[maintenance]\n\tauto = false\n',
  ];
  await writeFile(join(inside, 'config'), settings.join('\n'));
}

interface Target {
  /** For the log. */
  name: string;
  refspecs: string[];
  /** The ref or commit that is checked out. */
  start: string;
  branch?: string;
}

/** What to fetch and check out: the commit of the run, unless the step names another ref. */
async function targetOf({ job, inputs }: StandInCall, repository: string): Promise<Target> {
  const { event, services } = job.plan.run;
  const everything = inputs['fetch-depth'] === '0';
  const all = everything ? ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'] : [];
  const own = repository.toLowerCase() === event.repository.toLowerCase();
  refuseForkCode(job.plan.run, repository, inputs);
  const ref = await fullName(services.sources, repository, inputs.ref || (own ? event.ref : ''));
  if (ref === undefined) {
    return { name: 'its default branch', refspecs: ['HEAD'], start: 'FETCH_HEAD' };
  }
  const branch = ref.startsWith('refs/heads/') ? { branch: ref.slice('refs/heads/'.length) } : {};
  const sha = own && !inputs.ref ? event.sha : undefined;
  if (/^[0-9a-f]{40}$/.test(ref)) {
    return { name: ref, refspecs: [...all, ref], start: ref };
  }
  const local = ref.replace(/^refs\/heads\//, 'refs/remotes/origin/').replace(/^refs\/pull\//, 'refs/remotes/pull/');
  if (!everything) {
    const from = ref.startsWith('refs/tags/') ? ref : (sha ?? ref);
    return { name: ref, refspecs: [`+${from}:${local}`], start: local, ...branch };
  }
  // Branches and tags are fetched already: a second refspec must not write one of them again.
  const more = sha ?? (ref.startsWith('refs/pull/') ? `+${ref}:${local}` : undefined);
  return { name: ref, refspecs: more === undefined ? all : [...all, more], start: sha ?? local, ...branch };
}

/** The full name of a branch or tag; a branch wins. `undefined` without a ref for a repository that does not exist. */
async function fullName(sources: Sources, repository: string, ref: string): Promise<string | undefined> {
  if (ref === '') {
    return sources.has(repository) ? `refs/heads/${sources.defaultBranch(repository)}` : undefined;
  }
  if (ref.startsWith('refs/') || /^[0-9a-f]{40}$/.test(ref)) {
    return ref;
  }
  const branch = `refs/heads/${ref}`;
  const tag = `refs/tags/${ref}`;
  const isTag = (await sources.resolve(repository, branch)) === undefined && (await sources.resolve(repository, tag));
  return isTag === undefined || isTag === false ? branch : tag;
}

function fetchOptions(inputs: Record<string, string>): string[] {
  const depth = inputs['fetch-depth'] ?? '1';
  if (!/^\d+$/.test(depth)) {
    throw new Error(`Input "fetch-depth" is "${depth}", expected a whole number.`);
  }
  return [
    ...(inputs['fetch-tags'] === 'true' ? ['--tags'] : ['--no-tags']),
    ...(inputs.filter ? [`--filter=${inputs.filter}`] : []),
    ...(depth === '0' ? [] : [`--depth=${depth}`]),
  ];
}

type Git = (args: string[], more?: Record<string, string>) => Promise<string>;

/** @returns a function that runs git in a folder with the step's environment, and returns its output */
function gitIn({ job, frame, signal }: StandInCall, folder: string): Git {
  const env = { ...processEnvironment(job, frame, { env: {} }), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  return async (args, more = {}) => {
    const lines: string[] = [];
    const code = await runProcess({
      command: 'git',
      args,
      cwd: folder,
      env: { ...env, ...more },
      signal,
      onLine: (line) => lines.push(line),
    });
    if (code !== 0) {
      const shown = job.masker.mask(args.join(' '));
      throw new Error(`The process 'git ${shown}' failed with exit code ${code}: ${lines.join('\n')}`);
    }
    return lines.join('\n');
  };
}
