import { utc } from '../../../../report/time.js';
import { durationOf } from '../../../../runtime/duration.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import type { Records } from '../../../preview-records/read-records.js';
import type { PreviewRecord } from '../../../preview-records/record.js';
import type { Turn } from './candidate.js';
import type { Decision } from './decision.js';
import { expiryAfter, laterOf } from './expiry.js';
import { sameRepositoryName } from './open-pull-requests.js';

export const COMMAND_VERBS = ['keep', 'redeploy', 'remove', 'sleep', 'wake'] as const;

export type CommandVerb = (typeof COMMAND_VERBS)[number];

/** What a person who may write to the apps repository asks of a preview. */
export interface PreviewCommand {
  /** Name of the preview. */
  name: string;
  /** `owner/name` of the apps repository. */
  repository: string;
  verb: CommandVerb;
  /** How long it is to be kept from `at` on, in milliseconds; `undefined` for as long as the policy allows. */
  forMs: number | undefined;
  /** When it was given. */
  at: Date;
  /** Login of the person. */
  by: string;
  /** Whether the pull request is from a fork, so that no push opens its preview. */
  fork: boolean;
  /** Why one that has gone is not opened again, for people; missing where nothing is against it. */
  problem?: string | undefined;
}

/**
 * What is told to whoever gave a command: what is so now, and never what this run did for that. So a run that was stopped and is sent
 * again says the same.
 */
export interface CommandAnswer {
  /** Whether what was asked for is so now. */
  obeyed: boolean;
  /** For people: one sentence or more, with a full stop. */
  text: string;
}

/** What a command comes to, before the preview is rendered. */
export type Obedience =
  | { kind: 'turn'; record: PreviewRecord; turn: Turn; answer: string }
  | { kind: 'removal'; reason: string; answer: string }
  /** The preview had gone, and the run requests it again with what it last had, unless that is done. */
  | { kind: 'request' }
  | { kind: 'answer'; answer: CommandAnswer };

/**
 * Obeys a command. It is given once and may be obeyed again and again: what it leads to depends on when it was given, and what
 * happened to the preview after that counts more.
 *
 * @param isRequested whether the run requests the preview, too
 */
export function obey(
  command: PreviewCommand,
  { records, broken }: Records,
  previews: PreviewPolicy,
  isRequested: boolean,
): Obedience {
  const { name, repository, verb, fork, problem } = command;
  const unreadable = broken.find((each) => each.name === name);
  const record = records.find((each) => each.name === name && sameRepositoryName(each.repository, repository));
  if (unreadable !== undefined) {
    return refused(`Its record cannot be read: ${unreadable.message}`);
  }
  if (record === undefined && problem !== undefined) {
    return refused(problem);
  }
  if (record === undefined && isRequested) {
    return { kind: 'request' };
  }
  if (record === undefined) {
    return verb === 'remove'
      ? { kind: 'answer', answer: { obeyed: true, text: removedText(command) } }
      : refused(
          `There is no ${name}. ${fork ? BY_LABEL : 'A push opens one, or the workflow of the last push run again.'}`,
        );
  }
  switch (verb) {
    case 'remove':
      return remove(command, record);
    case 'keep':
      return keep(command, record, previews);
    case 'sleep':
      return sleep(command, record);
    default:
      return wake(command, record, previews);
  }
}

/** What opens the preview of a fork's pull request. */
const BY_LABEL = 'The label for forks opens one, taken off and put on again.';

function remove(command: PreviewCommand, { createdAt, restartedAt = createdAt }: PreviewRecord): Obedience {
  if (isAfter(createdAt, command.at)) {
    return refused('It was opened after that.');
  }
  // Two commands at the same time may be obeyed in another order than that in which they were given.
  if (isAfter(restartedAt, command.at)) {
    return refused('It was deployed again after that.');
  }
  const { by, fork } = command;
  const again = fork ? BY_LABEL : 'The next push opens it again.';
  return { kind: 'removal', reason: `${by} asked for that. ${again}`, answer: removedText(command) };
}

function removedText({ name, fork }: PreviewCommand): string {
  return `There is no ${name} now. ${fork ? BY_LABEL : 'The next push opens it.'}`;
}

function keep({ forMs, at, by }: PreviewCommand, record: PreviewRecord, { keepMs }: PreviewPolicy): Obedience {
  if (keepMs === undefined) {
    return refused('The policy lets nobody keep a preview longer: previews.keep in ostack.yaml of ops.');
  }
  if (forMs !== undefined && forMs > keepMs) {
    const most = durationOf(keepMs);
    return refused(`The policy lets nobody keep a preview for more than ${most} from now on: "/preview keep ${most}".`);
  }
  const until = new Date(at.getTime() + (forMs ?? keepMs)).toISOString();
  const keptUntil = record.keptUntil === undefined ? until : laterOf(until, record.keptUntil);
  const expiresAt = laterOf(keptUntil, record.expiresAt);
  const text = `It is kept until ${utc(new Date(keptUntil))}.`;
  return {
    kind: 'turn',
    record: { ...record, keptUntil, expiresAt, updatedAt: laterOf(at.toISOString(), record.updatedAt) },
    turn: { to: 'kept', reason: `${by} keeps it until ${utc(new Date(keptUntil))}.` },
    answer: expiresAt === keptUntil ? text : `It is there until ${utc(new Date(expiresAt))} anyway.`,
  };
}

function sleep({ at, by }: PreviewCommand, record: PreviewRecord): Obedience {
  if (record.state !== 'active') {
    return refused('It waits for a place, and nothing of it runs.');
  }
  const { asleepAt = at.toISOString() } = record;
  // The same command that is sent again tells why once more, and changes nothing.
  if (Date.parse(asleepAt) !== at.getTime()) {
    return { kind: 'answer', answer: { obeyed: true, text: ASLEEP } };
  }
  // A push or a command that came after this one has woken it.
  return record.asleepAt === undefined && isAfter(record.updatedAt, at)
    ? refused('Something was pushed, or asked of it, after that.')
    : {
        kind: 'turn',
        record: { ...record, asleepAt },
        turn: { to: 'sleep', reason: `${by} put it to sleep.` },
        answer: ASLEEP,
      };
}

const ASLEEP = 'It sleeps.';
const AWAKE = 'It is awake as soon as the cluster has it.';

/** `wake` and `redeploy`: it is rendered anew with what the host environment runs now, as after a push. */
function wake(
  { verb, at, by }: PreviewCommand,
  { asleepAt, ...record }: PreviewRecord,
  { ttlMs }: PreviewPolicy,
): Obedience {
  // One that was opened in the same second is as new as it can be: asked again, the command that opened it changes nothing.
  if (verb === 'redeploy' && asleepAt === undefined && secondOf(record.createdAt) >= secondOf(at.toISOString())) {
    return { kind: 'request' };
  }
  if (record.state !== 'active') {
    return refused('It waits for a place, and opens by itself.');
  }
  // It is given once, and may be sent again: what was put to sleep since stays asleep.
  if (asleepAt !== undefined && isAfter(asleepAt, at)) {
    return refused('It went to sleep after that.');
  }
  const restartedAt = laterOf(at.toISOString(), record.restartedAt ?? at.toISOString());
  const asked = {
    ...record,
    updatedAt: laterOf(at.toISOString(), record.updatedAt),
    expiresAt: laterOf(expiryAfter(at, ttlMs), record.expiresAt),
  };
  // Nothing of what is awake changes. But it is idle from now on only, and no command to sleep of before comes after this one.
  if (verb === 'wake' && asleepAt === undefined) {
    return { kind: 'turn', record: asked, turn: { to: 'kept', reason: `${by} wants it awake.` }, answer: AWAKE };
  }
  return {
    kind: 'turn',
    record: { ...asked, ...(verb === 'redeploy' ? { restartedAt } : {}) },
    turn: { to: 'anew', reason: verb === 'wake' ? `${by} woke it.` : `${by} asked to deploy it again.` },
    answer: verb === 'wake' ? AWAKE : 'It is deployed again.',
  };
}

/** Whether something happened after a command. GitHub has times of whole seconds; in the same one, nobody knows, and the command counts. */
function isAfter(time: string, at: Date): boolean {
  return secondOf(time) > secondOf(at.toISOString());
}

function secondOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

function refused(text: string): Obedience {
  return { kind: 'answer', answer: { obeyed: false, text } };
}

/** What is told in the end: where the preview could not be rendered, or is gone for another reason, that. */
export function answerTo(obedience: Obedience, decision: Decision | undefined): CommandAnswer {
  if (obedience.kind === 'answer') {
    return decision?.state === 'gone' ? { obeyed: false, text: decision.reason } : obedience.answer;
  }
  if (obedience.kind === 'removal') {
    return { obeyed: true, text: obedience.answer };
  }
  if (decision === undefined || ['failed', 'skipped'].includes(decision.action) || decision.state === 'gone') {
    return { obeyed: false, text: decision?.reason ?? 'It is gone.' };
  }
  return { obeyed: true, text: obedience.kind === 'turn' ? obedience.answer : opened(decision) };
}

function opened({ state, position }: Decision): string {
  return state === 'queued' ? `It waits for a place, as number ${position ?? 1}.` : 'It is opened again.';
}
