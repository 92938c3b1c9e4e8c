import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { StandInWorld } from '../infra/stand-in/world.js';
import type { InfraPullRequest } from '../infra-tools/support/infra-repository.js';
import { at, rest } from '../local/github/support.js';
import { git } from '../support/git.js';

/** The branch that has the hashes of what is kept. */
const LEDGER = 'ostack-plans';

/** What hashes on the branch break: it is one line of commits, whose files only grow, and says of an object what the space has. */
export async function ledgerProblems({ infra, space }: StandInWorld): Promise<string[]> {
  const { gitDir } = infra.repository;
  if (!(`refs/heads/${LEDGER}` in (await infra.repository.refs()))) {
    return [];
  }
  const problems: string[] = [];
  const log = await git(gitDir, ['log', '--reverse', '--format=%H %P', LEDGER]);
  let before = new Map<string, string>();
  for (const [commit = '', ...parents] of log.split('\n').map((line) => line.trim().split(' '))) {
    const names = (await git(gitDir, ['ls-tree', '-r', '--name-only', commit])).split('\n');
    const now = new Map<string, string>();
    for (const name of names) {
      now.set(name, (await infra.repository.read(commit, name)) ?? '');
    }
    const lost = [...before].filter(([name, text]) => now.get(name)?.startsWith(text) !== true);
    problems.push(...lost.map(([name]) => `${commit} has lost or rewritten a line of ${name}`));
    problems.push(...(parents.length > 1 ? [`${commit} joins ${parents.join(' and ')}`] : []));
    before = now;
  }
  const lines = [...before.values()].flatMap((text) => text.split('\n').filter((line) => line !== ''));
  const keys = lines.map((line) => line.split('  ')[1] ?? '');
  problems.push(...keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `two hashes of ${key}`));
  const others = lines.filter((line) => {
    const [sha256, key = ''] = line.split('  ');
    const bytes = space.objects.get(key);
    return bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== sha256;
  });
  return [...problems, ...others.map((line) => `the space has something else than ${line}`)];
}

/** What of plans that were begun to be applied is not in git. */
export async function missingHashes({ infra, space }: StandInWorld): Promise<string[]> {
  const refs = await infra.repository.refs();
  const { gitDir } = infra.repository;
  const text =
    `refs/heads/${LEDGER}` in refs ? await git(gitDir, ['grep', '-h', '-e', 'plans/', `refs/heads/${LEDGER}`]) : '';
  const prefixes = [...space.objects.keys()].flatMap((key) =>
    key.endsWith('/apply-started.json') ? [key.slice(0, key.lastIndexOf('/'))] : [],
  );
  const wanted = prefixes.flatMap((prefix) =>
    ['record', 'approved', 'applied'].map((name) => `${prefix}/${name}.json`),
  );
  return wanted
    .filter((key) => space.objects.has(key) && !text.includes(key))
    .map((key) => `git has no hash of ${key}`);
}

/** Starts of whose end the space knows nothing. */
export function openStarts({ space }: StandInWorld): string[] {
  return [...space.objects.keys()].filter(
    (key) => key.endsWith('/apply-started.json') && !space.objects.has(key.replace('apply-started', 'applied')),
  );
}

/** What is wrong although every run has ended: something was made twice or not at all, or people are told twice or wrongly. */
export async function endProblems(
  world: StandInWorld,
  { pull, merged, root, made }: { pull: InfraPullRequest; merged: string; root: string; made: readonly string[] },
): Promise<string[]> {
  const { infra } = world;
  const found = await world.madeOf(root);
  const issues = (await infra.issues()).map(({ state }) => state);
  const comments = (await infra.comments(pull)).map((text) => /### (Plan|Apply)/.exec(text)?.[1] ?? text);
  const { body } = await rest(infra.stage, `GET /repos/acme/infra/commits/${merged}/check-runs`);
  const runs: string[] = Array.from(
    { length: Number(at(body, 'total_count')) },
    (_, index) => `${at(body, 'check_runs', index, 'status')} ${at(body, 'check_runs', index, 'conclusion')}`,
  );
  const open = openStarts(world);
  return [
    ...(isDeepStrictEqual(found, made) ? [] : [`made: ${found.join(', ')}`]),
    ...(issues.length > 1 || issues.includes('open') ? [`issues: ${issues.join(', ')}`] : []),
    ...(isDeepStrictEqual(comments.sort(), ['Apply', 'Plan']) ? [] : [`comments: ${comments.join(', ')}`]),
    ...(runs.length > 0 && runs.every((run) => run === 'completed success') ? [] : [`checks: ${runs.join(', ')}`]),
    ...open.map((key) => `without an end: ${key}`),
    ...(await ledgerProblems(world)),
  ];
}
