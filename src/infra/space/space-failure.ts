import { shortLine } from '../../report/short-line.js';
import type { SpaceKeys } from './signature.js';
import { readXml, textOf } from './space-xml.js';

/** A space refused a request, or did not answer. */
export class SpaceFailure extends Error {
  /** HTTP status, `0` without an answer. */
  readonly status: number;
  /** As S3 names it, `AccessDenied`; empty where the answer has none. */
  readonly code: string;

  constructor(message: string, status: number, code: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What to do, by the code of the answer. */
const ADVICE: Record<string, string> = {
  AccessDenied: 'The key may not do this: look at what it was made for, and at the policy of the bucket.',
  InvalidAccessKeyId: 'The space does not know this access key: is it of another account, or deleted?',
  // What versitygw says.
  XAdminUserNotFound: 'The space does not know this access key: is it of another account, or deleted?',
  SignatureDoesNotMatch:
    'The secret key is another than the one of this access key, or has a space or line break too much.',
  ExpiredToken: 'The temporary key has expired: take a new one in the same job.',
  RequestTimeTooSkewed: 'The clock of this machine is wrong.',
  NoSuchBucket: 'There is no bucket of that name: make it, or mend the address of the space.',
  PermanentRedirect: 'The bucket is elsewhere: mend the address and the region of the space.',
  AuthorizationHeaderMalformed: 'The bucket is in another region: mend the address or the region of the space.',
  NotImplemented: 'The server of the space does not know this.',
};

/**
 * What a failed answer says. The message has the request's method and key, the code, the server's sentence and what to do; no
 * part of the keys, even if the server repeats them.
 *
 * @param what for example `PUT plans/a.age`
 */
export function failureOf(
  what: string,
  answer: { host: string; status: number; headers: Headers; body: string },
  keys: SpaceKeys,
): SpaceFailure {
  const { code, sentence } = readError(answer.body);
  const region = answer.headers.get('x-amz-bucket-region');
  const said = [String(answer.status), code].filter(Boolean).join(' ');
  const detail = sentence === '' ? '' : ` (${withoutKeys(shortLine(sentence, 300), keys)})`;
  const advice = [ADVICE[code] ?? '', region === null ? '' : `Its region is ${JSON.stringify(region)}.`].filter(
    Boolean,
  );
  return new SpaceFailure(
    [`The space at ${answer.host} answered ${withoutKeys(said, keys)} to ${what}${detail}.`, ...advice].join(' '),
    answer.status,
    code,
  );
}

/** A request that found no answer. */
export function unanswered(what: string, host: string, error: unknown, keys: SpaceKeys): SpaceFailure {
  const causes: string[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 3; cause = cause.cause) {
    causes.push(cause.message);
  }
  const reason = withoutKeys(shortLine(causes.join(': '), 300), keys);
  return new SpaceFailure(`The space at ${host} did not answer to ${what}: ${reason}`, 0, '');
}

function readError(body: string): { code: string; sentence: string } {
  try {
    const error = readXml(body);
    const code = textOf(error, 'Code') ?? '';
    return { code: /^[A-Za-z0-9.]{1,80}$/.test(code) ? code : '', sentence: textOf(error, 'Message') ?? '' };
  } catch {
    return { code: '', sentence: '' };
  }
}

function withoutKeys(text: string, { accessKey, secretKey, sessionToken }: SpaceKeys): string {
  return [secretKey, sessionToken, accessKey].reduce<string>(
    (rest, key) => (key === undefined || key === '' ? rest : rest.replaceAll(key, '***')),
    text,
  );
}
