import { readFile } from 'node:fs/promises';
import { connect } from '../../github/client.js';
import type { Connected } from '../../github/connected.js';
import { comparePlans } from '../../infra/history/compare-plans.js';
import { findEntries, type HistoryEntry, PARTS } from '../../infra/history/entries.js';
import type { HashLedger } from '../../infra/history/hash-ledger.js';
import { listPlans, readPart, readRecord, readSteps } from '../../infra/history/read-plan.js';
import { readHashes, recordDeletions } from '../../infra/history/record-hashes.js';
import { appliedLast, deletePlans, plansToDelete } from '../../infra/history/retain-plans.js';
import { isTouched, type Verdict, vanishedPlans, verifyPlan } from '../../infra/history/verify-plan.js';
import { openSpace, type Space } from '../../infra/space/space.js';
import { jsonIn } from '../../infra/tool/json-output.js';
import { findToken } from '../token.js';
import { type HistoryArguments, readHistoryArguments } from './arguments.js';
import { differenceLines, listLines, retainLines, type ShownPlan, showLines } from './report-history.js';

/** What a command came to. */
export interface HistoryResult {
  /** 0 fine; 1 a plan is not what git has the hashes of, or two of them differ. */
  exitCode: 0 | 1;
  value: unknown;
  lines: string[];
}

/** With what a command works. */
interface HistoryRun {
  given: HistoryArguments;
  space: Space;
  /** What git has; `undefined` where nobody said which repository it is. */
  ledger: HashLedger | undefined;
  repository: Connected | undefined;
}

/** What a token needs. */
const NEEDS = 'It has to read the contents of the infra repository, and for "retain" to write them.';

/**
 * Runs `ostack history`.
 *
 * @param args what follows `history`
 * @param now plans of which day are old
 * @throws Error for people
 */
export async function runHistory(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { server, apiUrl }: { server: string; apiUrl: string },
  now = new Date(),
): Promise<HistoryResult & { json: boolean }> {
  const given = readHistoryArguments(args, env);
  let repository: Connected | undefined;
  if (given.repository !== undefined) {
    const token = await findToken(env, server, NEEDS);
    const github = connect({ token, apiUrl, graphqlUrl: env.GITHUB_GRAPHQL_URL ?? `${apiUrl}/graphql` });
    repository = { github, repository: given.repository };
  }
  const ledger = repository && (await readHashes(repository));
  const run = { given, repository, ledger, space: openSpace(given.address, given.keys) };
  return { ...(await resultOf(run, now)), json: given.json };
}

async function resultOf(run: HistoryRun, now: Date): Promise<HistoryResult> {
  switch (run.given.command) {
    case 'list':
      return list(run);
    case 'show':
      return show(run);
    case 'compare':
      return compare(run);
    case 'retain':
      return retain(run, now);
  }
}

async function list({ given: { root, most }, space, ledger }: HistoryRun): Promise<HistoryResult> {
  const all = await listPlans(space, root);
  const shown: { entry: HistoryEntry; verdict: Verdict | undefined }[] = [];
  for (const entry of all.slice(0, most)) {
    shown.push({ entry, verdict: ledger && (await verifyPlan(space, entry, ledger)) });
  }
  // Of one root alone nobody knows whether what is missing belongs to it or to one below it.
  const vanished = ledger === undefined || root !== undefined ? [] : vanishedPlans(all, ledger);
  const isWrong = vanished.length > 0 || shown.some(({ verdict }) => isTouched(verdict));
  return {
    exitCode: isWrong ? 1 : 0,
    value: {
      plans: shown.map(({ entry: { prefix, root: of, at, steps }, verdict }) => ({
        ...{ plan: prefix, root: of, at: at.toISOString(), steps },
        verdict: verdict ?? null,
      })),
      vanished,
    },
    lines: listLines(shown, vanished, all.length - shown.length),
  };
}

/** A plan that is named, as it is in the space. @throws Error where there is none, or it is not what git has the hash of */
async function planAt({ space, ledger }: HistoryRun, prefix: string): Promise<ShownPlan> {
  const expected = ledger?.hashes.get(`${prefix}/${PARTS.record}`);
  const record = await readRecord(space, prefix, expected);
  const entry = findEntries(await space.list(`${prefix}/`)).find((each) => each.prefix === prefix);
  if (
    entry === undefined ||
    prefix !== `plans/${record.root === '.' ? '_' : record.root}/${prefix.split('/').at(-1)}`
  ) {
    throw new Error(
      `The record of ${prefix} is of the root ${JSON.stringify(record.root)}: it was changed after it was written.`,
    );
  }
  const verdict = ledger && (await verifyPlan(space, entry, ledger));
  if (isTouched(verdict)) {
    throw new Error(
      `${verdict.key} is ${verdict.state}: git has another hash of it, so somebody touched it after it was written.`,
    );
  }
  return { entry, record, verdict, steps: await readSteps(space, entry) };
}

async function show(run: HistoryRun): Promise<HistoryResult> {
  const [prefix = ''] = run.given.plans;
  const plan = await planAt(run, prefix);
  const identity = await identityOf(run);
  const text = identity && (await readPart(run.space, prefix, plan.record, 'text', identity)).toString('utf8');
  const { entry, record, verdict, steps } = plan;
  return {
    exitCode: 0,
    value: {
      plan: entry.prefix,
      record,
      verdict: verdict ?? null,
      steps: Object.fromEntries(steps),
      text: text ?? null,
    },
    lines: showLines(plan, text),
  };
}

async function compare(run: HistoryRun): Promise<HistoryResult> {
  const identity = (await identityOf(run)) ?? '';
  const plans: unknown[] = [];
  for (const prefix of run.given.plans) {
    const { record } = await planAt(run, prefix);
    plans.push(jsonIn((await readPart(run.space, prefix, record, 'json', identity)).toString('utf8')));
  }
  const differences = comparePlans(plans[0], plans[1]);
  return { exitCode: differences.length === 0 ? 0 : 1, value: { differences }, lines: differenceLines(differences) };
}

/** Git is told first: what is missing then is nobody's doing but ours. */
async function retain({ given, space, repository, ledger }: HistoryRun, now: Date): Promise<HistoryResult> {
  const { keep, root, yes } = given;
  if (keep === undefined || repository === undefined || ledger === undefined) {
    throw new Error('"history retain" needs --keep and --repo.');
  }
  const plans = await listPlans(space, root);
  const over = plansToDelete(plans, await appliedLast(space, plans), keep, now);
  if (yes && over.length > 0) {
    await recordDeletions(
      repository,
      over.map(({ prefix }) => prefix),
    );
    await deletePlans(space, over);
  }
  return {
    exitCode: 0,
    value: { deleted: yes, plans: over.map(({ prefix }) => prefix) },
    lines: retainLines(over, yes),
  };
}

async function identityOf({ given: { identity } }: HistoryRun): Promise<string | undefined> {
  return identity === undefined ? undefined : readFile(identity, 'utf8');
}
