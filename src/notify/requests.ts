import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import { type DeliveryEvent, eventId, isFinal, sentence } from './event.js';
import type { Outgoing } from './post.js';
import type { Receiver } from './receiver.js';

/** Where a message is from, and what it takes to send it. */
export interface Sender {
  /** Page of the repository: `https://github.com/acme/ops`. */
  page: string;
  /** Values of secrets, by their names. */
  secrets: ReadonlyMap<string, string>;
  /** `https://api.rollbar.com/api/1`, or another one. */
  rollbarApi: string;
}

/**
 * The request that tells a receiver of an event.
 *
 * @param deploy Rollbar's number of the deploy whose end this is, where it is known
 * @throws Error where a secret is missing or is no address; it does not show it
 */
export function requestFor(receiver: Receiver, event: DeliveryEvent, sender: Sender, deploy?: number): Outgoing {
  const { to } = receiver;
  if (to.kind === 'slack') {
    return slackRequest(addressIn(receiver, to.secret, sender), event);
  }
  if (to.kind === 'rollbar') {
    return rollbarRequest(receiver, to, event, sender, deploy);
  }
  const url = to.url ?? addressIn(receiver, to.secret ?? '', sender);
  return cloudEventRequest(url, to.key === undefined ? undefined : secretIn(receiver, to.key, sender), event, sender);
}

/** @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
function slackRequest(url: string, event: DeliveryEvent): Outgoing {
  const { by, reason, url: page } = event;
  const who = by === undefined ? '' : `, by ${escaped(by)}`;
  const why = reason === undefined || reason === '' ? '' : `: ${escaped(reason).slice(0, 1000)}`;
  const more = page === undefined ? '' : ` <${escaped(page).replaceAll('|', '%7C')}|More>`;
  const body = JSON.stringify({ text: `${escaped(sentence(event))}${who}${why}${more}`, unfurl_links: false });
  return { method: 'POST', url, headers: JSON_CONTENT, body, repeatable: false };
}

/** Nothing in a text of ours mentions or links: Slack reads `<!channel>` and `<https://…>` as such. */
function escaped(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

const JSON_CONTENT = { 'content-type': 'application/json' };

/**
 * A CloudEvent in structured mode. Whoever gets it twice sees that by source and id.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
function cloudEventRequest(url: string, key: string | undefined, event: DeliveryEvent, { page }: Sender): Outgoing {
  const { type, environment, app, at, occasion: _, ...data } = event;
  const body = JSON.stringify({
    ...{ specversion: '1.0', id: eventId(event), source: page, type: `io.github.ostack.${type}` },
    ...{ subject: `${environment}/${app}`, time: at, datacontenttype: 'application/json' },
    data: { environment, app, ...data },
  });
  const signature = key === undefined ? undefined : createHmac('sha256', key).update(body).digest('hex');
  return {
    ...{ method: 'POST', url, body, repeatable: true },
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      ...(signature === undefined ? {} : { 'x-signature': `sha256=${signature}` }),
    },
  };
}

/** Rollbar takes so many characters. */
const ROLLBAR_CHARACTERS = 255;

/**
 * A deploy: it begins with the change, and ends with what was heard of it. Where this receiver hears of no end, the change
 * is one.
 *
 * @see https://docs.rollbar.com/reference/post-deploy
 */
function rollbarRequest(
  receiver: Receiver,
  { secret, user, users }: Extract<Receiver['to'], { kind: 'rollbar' }>,
  event: DeliveryEvent,
  sender: Sender,
  deploy: number | undefined,
): Outgoing {
  const { app, version, environment, source, by, url } = event;
  const headers = { ...JSON_CONTENT, 'x-rollbar-access-token': secretIn(receiver, secret, sender) };
  const hearsEnd = receiver.events === undefined || receiver.events.includes('live');
  const status = isFinal(event) ? (event.type === 'live' ? 'succeeded' : 'failed') : hearsEnd ? 'started' : 'succeeded';
  if (isFinal(event) && deploy !== undefined) {
    const body = JSON.stringify({ status });
    return { method: 'PATCH', url: `${sender.rollbarApi}/deploy/${deploy}`, headers, body, repeatable: true };
  }
  const rollbarUser = by === undefined ? user : (users[by] ?? user);
  const body = JSON.stringify({
    environment: environment.slice(0, ROLLBAR_CHARACTERS),
    // The commit, with which Rollbar links errors to code; `owner/name@sha` in front of it is ours.
    revision: (source?.split('@').at(-1) ?? `${app} ${version}`).slice(0, ROLLBAR_CHARACTERS),
    status,
    ...(rollbarUser === undefined ? {} : { rollbar_username: rollbarUser }),
    ...(by === undefined ? {} : { local_username: by.slice(0, ROLLBAR_CHARACTERS) }),
    comment: `${sentence(event)}${url === undefined ? '' : `\n${url}`}`,
  });
  return { method: 'POST', url: `${sender.rollbarApi}/deploy/`, headers, body, repeatable: false };
}

const deploySchema = v.object({ data: v.object({ deploy_id: v.number() }) });

/** The number of the deploy that Rollbar answers with; `undefined` where it does not. */
export function deployOf(receiver: Receiver, body: string): number | undefined {
  if (receiver.to.kind !== 'rollbar') {
    return undefined;
  }
  try {
    const parsed = v.safeParse(deploySchema, JSON.parse(body));
    return parsed.success ? parsed.output.data.deploy_id : undefined;
  } catch {
    return undefined;
  }
}

function secretIn({ name }: Receiver, secret: string, { secrets }: Sender): string {
  const value = secrets.get(secret) ?? '';
  if (value === '') {
    throw new Error(
      `${name} takes the secret ${secret}, which nobody gives: add it to "secrets" of notify, a line ${secret}=….`,
    );
  }
  return value;
}

/** The address that a secret has. */
function addressIn(receiver: Receiver, secret: string, sender: Sender): string {
  const value = secretIn(receiver, secret, sender);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isLocal = url?.protocol === 'http:' && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname);
  if (url?.protocol !== 'https:' && !isLocal) {
    throw new Error(`The secret ${secret} of ${receiver.name} is no https address.`);
  }
  return value;
}
