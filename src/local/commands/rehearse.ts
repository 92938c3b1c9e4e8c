/** `npm run rehearse`: runs what an event starts on a stage that is up, and shows it as GitHub's log would. */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { didYouMean } from '../../config/nearest.js';
import { type RehearsalRequest, type RehearsalResult, rehearsePath } from '../rehearsals.js';
import { events, isEvent } from '../runner/event-names.js';
import type { RunnerEvent } from '../runner/events.js';
import { isObject, type JsonObject, toJson } from '../runner/json.js';
import { ConsoleReporter } from '../runner/reporter/console.js';
import { paintFor } from '../runner/reporter/paint.js';
import { findStage, type StageAddress } from './stage-file.js';

/**
 * Rehearses one event.
 *
 * @returns 0 when every run succeeded or nothing started, 1 when one failed, 2 when the event could not be
 */
export async function rehearse(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      event: { type: 'string' },
      repo: { type: 'string' },
      ref: { type: 'string' },
      payload: { type: 'string' },
      inputs: { type: 'string' },
      workflow: { type: 'string' },
      stage: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const { event, repo: repository, ref, workflow } = values;
  if (event === undefined || repository === undefined) {
    throw new Error('A rehearsal needs --event EVENT and --repo owner/name.');
  }
  if (!isEvent(event)) {
    throw new Error(`"${event}" is no event that starts workflows.${didYouMean(event, events)}`);
  }
  const payload =
    values.payload === undefined ? undefined : parseObject(await readFile(values.payload, 'utf8'), '--payload');
  const inputs = values.inputs === undefined ? undefined : parseObject(values.inputs, '--inputs');
  const request = { event, repository, ref, workflow, payload, inputs };
  const reporter = new ConsoleReporter({
    write: (line) => process.stdout.write(`${line}\n`),
    paint: paintFor(process.stdout),
    unfold: values.verbose,
  });
  const result = await ask(await findStage(values.stage, process.env), request, reporter);
  if (result.error !== undefined) {
    throw new Error(result.error);
  }
  if (result.conclusions.length === 0) {
    process.stdout.write(
      `No workflow of ${repository} starts on "${event}"${ref === undefined ? '' : ` at ${ref}`}.\n`,
    );
  }
  return result.conclusions.every((conclusion) => conclusion === 'success' || conclusion === 'skipped') ? 0 : 1;
}

async function ask(
  stage: StageAddress,
  request: RehearsalRequest,
  reporter: ConsoleReporter,
): Promise<RehearsalResult> {
  const url = `${stage.serverUrl}${rehearsePath}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  }).catch(() => undefined);
  if (response === undefined || !response.ok || response.body === null) {
    const answer = response === undefined ? 'nothing' : String(response.status);
    throw new Error(
      `No stage with a runner answers at ${stage.serverUrl} (${answer}). Start one with "npm run local".`,
    );
  }
  let result: RehearsalResult | undefined;
  for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
    const message: RunnerEvent | RehearsalResult = JSON.parse(line);
    if (message.type === 'result') {
      result = message;
    } else {
      reporter.report(message);
    }
  }
  if (result === undefined) {
    throw new Error('The stage ended before the rehearsal did.');
  }
  return result;
}

function parseObject(text: string, option: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${option} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const json = toJson(value);
  if (!isObject(json)) {
    throw new Error(`${option} must be a JSON object.`);
  }
  return json;
}
