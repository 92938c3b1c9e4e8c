import * as v from 'valibot';
import { readConfigFile } from '../../config/read-config.js';
import type { RunContext } from '../../github/context.js';
import { type DeliveryEvent, EVENT_TYPES, eventSchema } from '../../notify/event.js';
import { type Receiver, receiversOf, receiversSchema } from '../../notify/receiver.js';
import { watchedSchema } from '../../notify/watched.js';
import { isoSeconds } from '../../report/time.js';
import {
  booleanInput,
  choiceInput,
  durationInput,
  jsonInput,
  requiredInput,
  secretInput,
  secretPairsInput,
  textInput,
} from '../../runtime/inputs.js';

/**
 * Reads the inputs.
 *
 * @param now when an event happens that is given without a time
 * @throws Error naming the input that is missing or malformed
 */
export function readInputs(context: RunContext, now: Date) {
  const api = textInput('rollbar-api') ?? 'https://api.rollbar.com/api/1';
  if (!URL.canParse(api)) {
    throw new Error(`Input "rollbar-api" is "${api}", expected an address.`);
  }
  return {
    /** `undefined` where the history of this repository tells. */
    events: jsonInput('events', v.array(eventSchema)) ?? oneEvent(context, now),
    /** What watch has seen, beside the history. */
    live: jsonInput('live', v.array(watchedSchema)) ?? [],
    /** `undefined` where the policy of this repository tells. */
    receivers: receiversInput(),
    secrets: new Map(Object.entries(secretPairsInput('secrets'))),
    sinceMs: durationInput('since', '6h'),
    token: secretInput('token') ?? requiredInput('token', 'Pass the token of the workflow, "github.token".'),
    app: textInput('app-slug') ?? 'github-actions',
    rollbarApi: api.replace(/\/$/, ''),
    dryRun: booleanInput('dry-run', false),
  };
}

function oneEvent({ sha, actor, runUrl }: RunContext, now: Date): DeliveryEvent[] | undefined {
  if (textInput('event') === undefined) {
    return undefined;
  }
  const part = (name: string) => requiredInput(name, 'Input "event" takes it.');
  const reason = textInput('reason');
  return [
    {
      type: choiceInput('event', EVENT_TYPES, 'changed'),
      environment: part('environment'),
      app: part('app'),
      version: part('version'),
      commit: sha,
      at: isoSeconds(now),
      ...(actor === '' ? {} : { by: actor }),
      ...(runUrl === '' ? {} : { url: runUrl }),
      ...(reason === undefined ? {} : { reason }),
    },
  ];
}

function receiversInput(): Receiver[] | undefined {
  const text = textInput('receivers');
  if (text === undefined) {
    return undefined;
  }
  const config = readConfigFile(receiversSchema, text, 'Input "receivers"');
  return receiversOf(config, [], config.value);
}
