import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { failureText, hiddenIn, knownSecrets, type MadePlan, type PlanRun, placeOf } from '../plan/plan-root.js';
import { redactorOf } from '../redact/redactor.js';
import { sensitiveValues } from '../redact/sensitive-values.js';
import type { Root } from '../roots/find-roots.js';
import { diagnosticsIn } from '../tool/diagnostics.js';
import { printedJson } from '../tool/json-output.js';
import type { ApplyReport, ApplyResult, StateLock } from './apply-report.js';

/** How the tool's apply ended. Its texts are without secrets. */
export interface ApplyEnd {
  result: Extract<ApplyResult, 'applied' | 'failed' | 'interrupted' | 'locked'>;
  /** The tool's words; empty where it went well. */
  problem: string;
  /** What it said while it worked. */
  log: string;
  did: ApplyReport['did'];
  lock: StateLock | undefined;
  /** The state that the tool could not write to its backend, in clear: for the space alone. */
  errored: Buffer | undefined;
}

const eventSchema = v.object({
  type: v.string(),
  '@message': v.string(),
  changes: v.optional(
    v.object({
      ...{ operation: v.string(), add: v.number(), change: v.number(), remove: v.number() },
      import: v.optional(v.number(), 0),
    }),
  ),
});

/** Events whose messages people are shown; that of outputs has values in it. */
const SHOWN = /^(?:apply_|provision_|refresh_|change_summary$)/;

/**
 * Applies a saved plan. A cancelled run interrupts the tool once, which then ends what it is at, and writes its state.
 *
 * @param plan the one that was made in this run: it says what is secret
 * @returns how it ended; throws only where the tool does not start
 */
export async function applyPlan(root: Root, run: PlanRun, file: string, plan: MadePlan): Promise<ApplyEnd> {
  const at = placeOf(root, run, run.checkout);
  const hidden = hiddenIn(root, run.roots);
  const { secretOutputs } = hidden;
  const known = [...(await knownSecrets(root, run)), ...sensitiveValues(plan.json, secretOutputs)];
  // One that is committed is no state of ours.
  await rm(join(at.cwd, ERRORED), { force: true, recursive: true });
  const end = await run.tool.run(['apply', '-json', '-input=false', '-no-color', file], at);
  // The state is read although the run was cancelled.
  const shown = await run.tool.run(['show', '-no-color', '-json'], { ...at, signal: undefined });
  const state = printedJson(shown.stdout);
  const { redact } = redactorOf([...known, ...sensitiveValues(state, secretOutputs)]);
  const events = eventsIn(end.stdout);
  const did = events.find(({ changes }) => changes?.operation === 'apply')?.changes;
  const errored = await erroredState(at.cwd);
  const messages = state === undefined ? [] : events.filter(({ type }) => SHOWN.test(type));
  const base = {
    log: redact(messages.map((event) => event['@message']).join('\n')),
    did: did && { add: did.add, change: did.change, import: did.import, remove: did.remove },
    errored,
  };
  if (end.exitCode === 0 && errored === undefined) {
    return { ...base, result: 'applied', problem: '', lock: undefined };
  }
  const problem = await failureText(end, {
    json: plan.json,
    known,
    readState: () => Promise.resolve(shown),
    ...hidden,
  });
  const lock = lockIn(end.stdout);
  const result = lock !== undefined ? 'locked' : run.signal?.aborted === true ? 'interrupted' : 'failed';
  return { ...base, result, problem, lock: lock && redactedLock(lock, redact) };
}

function eventsIn(stdout: string): v.InferOutput<typeof eventSchema>[] {
  return stdout.split('\n').flatMap((line) => {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), eventSchema), line);
    return parsed.success ? [parsed.output] : [];
  });
}

/** What the tool calls the state that it could not write. */
const ERRORED = 'errored.tfstate';

/** The state that the tool left in the folder, because its backend did not take it. It is taken away from there. */
async function erroredState(folder: string): Promise<Buffer | undefined> {
  const path = join(folder, ERRORED);
  const bytes = await readFile(path).catch(() => undefined);
  await rm(path, { force: true });
  return bytes;
}

/**
 * Who holds the lock, where the tool failed because somebody does.
 *
 * @param stdout what the tool prints with `-json`
 */
export function lockIn(stdout: string): StateLock | undefined {
  const found = diagnosticsIn(stdout).find(
    ({ summary, detail }) => /acquiring the state lock/i.test(summary) && /^[ \t]*ID:/m.test(detail),
  );
  if (found === undefined) {
    return undefined;
  }
  const fields = new Map(
    found.detail.split('\n').map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.trim(), value.join(':').trim()];
    }),
  );
  const field = (name: string) => fields.get(name) ?? '';
  return { id: field('ID'), who: field('Who'), operation: field('Operation'), created: field('Created') };
}

function redactedLock({ id, who, operation, created }: StateLock, redact: (text: string) => string): StateLock {
  return { id: redact(id), who: redact(who), operation: redact(operation), created: redact(created) };
}
