import type { Fault, FaultRequest } from '../../src/local/github/http/faults.js';

/** A request of a verb's run. */
export interface OwnRequest {
  /** The same text for the same request, but for the token. */
  text: string;
  writes: boolean;
  /** Git's own and not the API's, which alone has secondary limits. */
  ofGit: boolean;
}

/** What goes wrong with one request. */
export interface Trouble {
  name: string;
  /** The process ends with that request; nothing that it sends afterwards gets through. Others a run survives by itself. */
  kills: boolean;
  fault: Omit<Fault, 'match'>;
  /** Which requests it is tried at. */
  strikes(request: OwnRequest): boolean;
}

/**
 * A read changes nothing. So whether it was answered in vain or not at all, the state is the same, and the client is told
 * the same: only a write can be disturbed after it took effect in another way than before. For the same reason who is
 * killed at a read leaves what he would have left right after the write before it.
 */
const writes = (request: OwnRequest) => request.writes;
const all = () => true;

/** The kill that leaves most behind. */
export const KILLED_AFTER: Trouble = {
  ...{ name: 'killed after it took effect', kills: true, strikes: writes },
  fault: { kind: 'reset', when: 'after' },
};

/** Every kind of trouble that passes. */
export const TROUBLES: readonly Trouble[] = [
  KILLED_AFTER,
  { name: 'killed before it', kills: true, fault: { kind: 'reset' }, strikes: writes },
  { name: '502', kills: false, fault: { kind: 'status', status: 502 }, strikes: all },
  {
    ...{ name: '504 after it took effect', kills: false, strikes: writes },
    fault: { kind: 'status', status: 504, when: 'after' },
  },
  { name: 'connection reset', kills: false, fault: { kind: 'reset' }, strikes: all },
  {
    ...{ name: 'connection reset after it took effect', kills: false, strikes: writes },
    fault: { kind: 'reset', when: 'after' },
  },
  {
    ...{ name: 'secondary rate limit', kills: false, strikes: ({ ofGit }) => !ofGit },
    fault: { kind: 'secondary-limit', retryAfter: 1 },
  },
  { name: 'timeout', kills: false, fault: { kind: 'timeout' }, strikes: all },
  {
    ...{ name: 'timeout after it took effect', kills: false, strikes: writes },
    fault: { kind: 'timeout', when: 'after' },
  },
];

/** Answers that are final: the token is no good, a right is missing, there is no such thing, it makes no sense. */
const FINAL = [401, 403, 404, 422];
export const REFUSED = 'refused for good';

/** A request that is refused for good, at each number in another of the ways. */
function refusal(at: number): Trouble {
  const status = FINAL[at % FINAL.length] ?? 403;
  return { name: REFUSED, kills: false, fault: { kind: 'status', status }, strikes: all };
}

/** A trouble at one request of a run, or one at each of its reads. */
export interface Case {
  /** `<verb>/<trouble>/<request>`, the request by its number from 0 or as `every read`. */
  name: string;
  at: number | 'every read';
  trouble: Trouble;
}

/**
 * The cases of a verb. Trouble that passes strikes each write by itself. At reads each kind strikes in one run, every read
 * once; and since one strike might hide another, each read is struck by itself too, by one of the kinds in turn.
 *
 * @param wanted the name of the only case to try; any request may be struck by any trouble then
 */
export function casesOf(verb: string, requests: readonly OwnRequest[], wanted?: string): Case[] {
  const numbered = [...requests.entries()];
  if (wanted !== undefined) {
    const anywhere = TROUBLES.flatMap((trouble) => [
      ...numbered.map(([at]) => caseOf(verb, trouble, at)),
      caseOf(verb, trouble, 'every read'),
    ]);
    const refused = numbered.map(([at]) => caseOf(verb, refusal(at), at));
    return [...anywhere, ...refused].filter(({ name }) => name === wanted);
  }
  const reads = numbered.filter(([, request]) => !request.writes);
  const alone = TROUBLES.flatMap((trouble) =>
    numbered
      .filter(([, request]) => request.writes && trouble.strikes(request))
      .map(([at]) => caseOf(verb, trouble, at)),
  );
  const passing = TROUBLES.filter(({ strikes }) => reads.some(([, read]) => strikes(read)));
  const together = passing.map((trouble) => caseOf(verb, trouble, 'every read'));
  const inTurn = reads.flatMap(([at, read], index) => {
    const kinds = passing.filter(({ strikes }) => strikes(read));
    const trouble = kinds[index % kinds.length];
    return trouble === undefined ? [] : [caseOf(verb, trouble, at)];
  });
  const final = numbered.filter(([at, request]) => request.writes || at === 0);
  return [...alone, ...together, ...inTurn, ...final.map(([at]) => caseOf(verb, refusal(at), at))];
}

function caseOf(verb: string, trouble: Trouble, at: Case['at']): Case {
  return { name: `${verb}/${trouble.name}/${at}`, at, trouble };
}

/** Where the bucket of a space is. */
const SPACE = '/bucket';

/** A request as a run's own, `undefined` for one of the tests'. */
export function ownRequest({ method, path, body }: FaultRequest): OwnRequest | undefined {
  const ofApi = path.includes('/api/');
  const ofGit = !ofApi && /\/(info\/refs|git-upload-pack|git-receive-pack)/.test(path);
  if (path.startsWith(SPACE)) {
    return { text: `${method} ${path} ${body}`, writes: method !== 'GET', ofGit: false };
  }
  if (!ofApi && !ofGit) {
    return undefined;
  }
  const isRead = path.includes('/api/graphql')
    ? !/^\{"query":"\s*mutation\b/.test(body)
    : ofApi
      ? method === 'GET' || method === 'HEAD'
      : !path.includes('git-receive-pack');
  return { text: `${method} ${path} ${body}`, writes: !isRead, ofGit };
}
