import { decide, givesWay } from './decide.js';
import { changeId, type DeliveryEvent, eventId, isFinal, sentence } from './event.js';
import { type Mark, type Marks, markKey } from './marks.js';
import { type Outcome, type Outgoing, post, SENDING, type Sending } from './post.js';
import { hears, type Receiver } from './receiver.js';
import { deployOf, requestFor, type Sender } from './requests.js';

/** What became of an event and a receiver. */
export interface Told {
  event: DeliveryEvent;
  receiver: string;
  state: 'told' | 'before' | 'failed' | 'given-up' | 'unclear' | 'would';
  /** Why, where it was not told; without secrets. */
  detail: string;
}

export interface Telling {
  events: readonly DeliveryEvent[];
  receivers: readonly Receiver[];
  marks: Marks;
  sender: Sender;
  dryRun: boolean;
  sending?: Sending;
}

/**
 * Tells every receiver of the events that it hears of and was not told of, oldest first. A receiver that fails keeps back
 * no other, and is left alone for the rest of the run.
 *
 * @throws Error when GitHub fails, which keeps what was told: nothing is sent that cannot be kept
 */
export async function tell(telling: Telling): Promise<Told[]> {
  const { receivers, marks } = telling;
  const events = [...telling.events].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const failing = new Map<string, string>();
  const read = new Map<string, Promise<Mark[]>>();
  const marksOf = (commit: string) => {
    const known = read.get(commit) ?? marks.read(commit);
    read.set(commit, known);
    return known;
  };
  const told: Told[] = [];
  for (const event of events) {
    for (const receiver of receivers.filter((each) => hears(each, event))) {
      const why = failing.get(receiver.name);
      const result: Result =
        why === undefined
          ? await tellOne(telling, event, receiver, await marksOf(event.commit))
          : { state: 'failed', detail: `${receiver.name} is not tried again in this run: ${why}` };
      if (result.isFailing === true) {
        failing.set(receiver.name, result.detail);
      }
      told.push({ event, receiver: receiver.name, state: result.state, detail: result.detail });
    }
  }
  return told;
}

interface Result extends Pick<Told, 'state' | 'detail'> {
  /** Whether the receiver is left alone from here on. */
  isFailing?: boolean;
}

/** @param known the marks of the commit; what is done is added to them */
async function tellOne(telling: Telling, event: DeliveryEvent, receiver: Receiver, known: Mark[]): Promise<Result> {
  const { marks, sender, dryRun, sending = SENDING } = telling;
  const key = markKey(eventId(event), receiver.name);
  const own = known.filter((mark) => mark.key === key);
  const began = known.find((mark) => mark.key === markKey(changeId(event), receiver.name) && mark.deploy !== undefined);
  const request = requestOf(receiver, event, sender, isFinal(event) ? began?.deploy : undefined);
  if (request instanceof Error) {
    return { state: 'failed', detail: request.message };
  }
  const decision = decide(own, request.repeatable);
  if (decision !== 'tell') {
    return EARLIER[decision];
  }
  if (dryRun) {
    return { state: 'would', detail: '' };
  }
  const claim = await marks.claim(event, key, receiver.name);
  if (!request.repeatable && givesWay(claim, await withKey(marks, event, key))) {
    await marks.settle(claim, 'withdrawn', 'Another run tells it.');
    return { state: 'before', detail: 'Another run tells it.' };
  }
  const outcome = await post(request, sending);
  const settled = settledAs(outcome, receiver, event, sender);
  const deploy = outcome.state === 'taken' ? deployOf(receiver, outcome.body) : undefined;
  await marks.settle(claim, settled.state, settled.detail, deploy);
  known.push({ ...claim, state: settled.state, deploy });
  return settled.state === 'told'
    ? { state: 'told', detail: '' }
    : { ...settled, isFailing: settled.state !== 'given-up' };
}

const EARLIER: Readonly<Record<'told' | 'unclear' | 'given-up', Result>> = {
  told: { state: 'before', detail: 'An earlier run told it.' },
  unclear: {
    state: 'unclear',
    detail: 'A run was stopped while it told it, or is at it now. It is not sent again: it may have arrived.',
  },
  'given-up': { state: 'given-up', detail: 'Earlier runs failed, and it is not tried again.' },
};

async function withKey(marks: Marks, { commit }: DeliveryEvent, key: string): Promise<Mark[]> {
  return (await marks.read(commit)).filter((mark) => mark.key === key);
}

function requestOf(
  receiver: Receiver,
  event: DeliveryEvent,
  sender: Sender,
  deploy: number | undefined,
): Outgoing | Error {
  try {
    return requestFor(receiver, event, sender, deploy);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function settledAs(
  outcome: Outcome,
  receiver: Receiver,
  event: DeliveryEvent,
  { secrets }: Sender,
): { state: 'told' | 'failed' | 'given-up' | 'unclear'; detail: string } {
  if (outcome.state === 'taken') {
    return { state: 'told', detail: `${receiver.name}: ${sentence(event)}` };
  }
  const detail = hidden(`${receiver.name} was not told that ${sentence(event)}: ${outcome.detail}.`, secrets);
  if (outcome.state === 'unknown') {
    return { state: 'unclear', detail };
  }
  return { state: outcome.passes ? 'failed' : 'given-up', detail };
}

/** A text without the values of secrets, and without what is secret of an address, which an answer may repeat. */
function hidden(text: string, secrets: ReadonlyMap<string, string>): string {
  const paths = [...secrets.values()].flatMap((value) => (URL.canParse(value) ? [new URL(value).pathname] : []));
  return [...secrets.values(), ...paths]
    .filter((value) => value.length > 1)
    .sort((one, other) => other.length - one.length)
    .reduce((rest, value) => rest.replaceAll(value, '***'), text);
}
