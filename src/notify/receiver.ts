import * as v from 'valibot';
import type { ConfigFile } from '../config/read-config.js';
import { type DeliveryEvent, EVENT_TYPES, type EventType } from './event.js';

const secret = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of a secret, of letters, digits and "_"'),
);
const text = v.pipe(v.string(), v.minLength(1, 'expected a text'));

const receiverSchema = v.strictObject({
  slack: v.pipe(v.optional(secret), v.description('Slack: the secret that has the address of an incoming webhook.')),
  webhook: v.pipe(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(/^(https:\/\/\S+|[A-Za-z_][A-Za-z0-9_]*)$/, 'expected an https address, or the name of a secret'),
      ),
    ),
    v.description('Anything that takes CloudEvents: its https address, or the secret that has it.'),
  ),
  key: v.pipe(
    v.optional(secret),
    v.description('The secret that messages to a webhook are signed with, by HMAC and SHA-256. Default: no signature.'),
  ),
  rollbar: v.pipe(
    v.optional(secret),
    v.description("Rollbar: the secret that has a project's access token with the scope post_server_item."),
  ),
  user: v.pipe(v.optional(text), v.description('The user of Rollbar for whoever users does not name. Default: none.')),
  users: v.pipe(v.optional(v.record(v.string(), text)), v.description('Users of Rollbar, by the login on GitHub.')),
  events: v.pipe(
    v.optional(v.array(v.picklist(EVENT_TYPES))),
    v.description('Which events it hears of. Default: all.'),
  ),
  environments: v.pipe(v.optional(v.array(text)), v.description('Which environments it hears of. Default: all.')),
});

/** Who hears of what happens, by a name of one's own. */
export const receiversSchema = v.record(
  v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, 'expected a name of letters, digits, "_" and "-"')),
  receiverSchema,
);

export type ReceiversText = v.InferOutput<typeof receiversSchema>;

/** Who hears of what. What is secret is named, and never here. */
export interface Receiver {
  name: string;
  to:
    | { kind: 'slack'; secret: string }
    | { kind: 'webhook'; url: string; secret?: undefined; key: string | undefined }
    | { kind: 'webhook'; url?: undefined; secret: string; key: string | undefined }
    | { kind: 'rollbar'; secret: string; user: string | undefined; users: Readonly<Record<string, string>> };
  /** `undefined` for all. */
  events: readonly EventType[] | undefined;
  environments: readonly string[] | undefined;
}

/**
 * The receivers of a configuration, in its order.
 *
 * @param config for errors, with the path of the receivers in it
 * @throws ConfigError where one is of several kinds or of none, or has a key of another kind
 */
export function receiversOf(
  config: Pick<ConfigFile<unknown>, 'error'>,
  path: readonly string[],
  written: ReceiversText,
): Receiver[] {
  return Object.entries(written).map(([name, each]) => {
    const kinds = [each.slack, each.webhook, each.rollbar].filter((kind) => kind !== undefined);
    if (kinds.length !== 1) {
      throw config.error([...path, name], `expected one of slack, webhook and rollbar, found ${kinds.length} of them.`);
    }
    if (each.key !== undefined && each.webhook === undefined) {
      throw config.error([...path, name, 'key'], 'expected it beside "webhook": nothing else is signed.');
    }
    const ofRollbar = each.users === undefined ? 'user' : 'users';
    if (each[ofRollbar] !== undefined && each.rollbar === undefined) {
      throw config.error([...path, name, ofRollbar], 'expected it beside "rollbar": nothing else has users.');
    }
    return { name, to: targetOf(each), events: each.events, environments: each.environments };
  });
}

function targetOf({ slack, webhook = '', key, rollbar, user, users = {} }: ReceiversText[string]): Receiver['to'] {
  if (slack !== undefined) {
    return { kind: 'slack', secret: slack };
  }
  if (rollbar !== undefined) {
    return { kind: 'rollbar', secret: rollbar, user, users };
  }
  return webhook.startsWith('https:')
    ? { kind: 'webhook', url: webhook, key }
    : { kind: 'webhook', secret: webhook, key };
}

/** Whether a receiver hears of an event. */
export function hears({ events, environments }: Receiver, { type, environment }: DeliveryEvent): boolean {
  return events?.includes(type) !== false && environments?.includes(environment) !== false;
}

/** The secrets that receivers name. */
export function secretsOf({ to }: Receiver): string[] {
  const key = to.kind === 'webhook' ? to.key : undefined;
  return [to.secret, key].filter((name) => name !== undefined);
}
