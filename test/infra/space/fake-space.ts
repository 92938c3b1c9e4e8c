import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { openSpace, type Space } from '../../../src/infra/space/space.js';
import { parseSpaceAddress } from '../../../src/infra/space/space-address.js';
import { Faults, type Fault as Trouble } from '../../../src/local/github/http/faults.js';

export const KEYS = {
  accessKey: 'THE-ACCESS-KEY',
  secretKey: 'the-secret-key/with+signs',
  sessionToken: 'the-session-token',
};

/** What the server does instead of answering a request as it should. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A server with one bucket that lies, fails and breaks off as a test says. What a real one does is in `test/infra-tools`. */
export class FakeSpace implements AsyncDisposable {
  readonly objects = new Map<string, Buffer>();
  readonly requests: string[] = [];
  heedsConditions = true;
  settings: Record<string, string> = {};
  pageSize = 1000;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  /** Before it is handled, and after it took effect. */
  before: Fault[] = [];
  after: Fault[] = [];
  /** What goes wrong as on the stage's GitHub, for tests that know no order of requests. */
  readonly faults = new Faults();
  /** Waited for before a request is handled. */
  gate: (request: IncomingMessage) => Promise<void> = () => Promise.resolve();
  space!: Space;
  url!: string;

  static async start(): Promise<FakeSpace> {
    const fake = new FakeSpace();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    const address = fake.#server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('The server has no port.');
    }
    fake.url = `http://127.0.0.1:${address.port}/bucket`;
    fake.space = openSpace(parseSpaceAddress(fake.url), KEYS, [0, 0]);
    return fake;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const url = new URL(request.url ?? '', 'http://bucket');
    this.requests.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`);
    await this.gate(request);
    if (this.before.shift()?.(request, response) === true) {
      return;
    }
    const sent = Buffer.concat(chunks);
    const seen = { method: request.method ?? '', path: request.url ?? '', body: sent.toString('base64') };
    const trouble = this.faults.take(seen);
    if (trouble !== undefined && trouble.kind !== 'latency' && trouble.when !== 'after') {
      answerTrouble(trouble, response);
      return;
    }
    const [status, body] = this.#handle(request, url, sent);
    if (trouble !== undefined && trouble.kind !== 'latency') {
      answerTrouble(trouble, response);
    } else if (this.after.shift()?.(request, response) !== true) {
      response.writeHead(status, { etag: '"e"' }).end(body);
    }
  }

  #handle(request: IncomingMessage, url: URL, body: Buffer): [status: number, body: string | Buffer] {
    const key = decodeURIComponent(url.pathname.replace(/^\/bucket\/?/, ''));
    if (key === '') {
      return this.#ofBucket(url);
    }
    const there = this.objects.get(key);
    switch (request.method) {
      case 'PUT':
        if (request.headers['if-none-match'] === '*' && this.heedsConditions && there !== undefined) {
          return [412, errorXml('PreconditionFailed')];
        }
        this.objects.set(key, body);
        return [200, ''];
      case 'DELETE':
        this.objects.delete(key);
        return [204, ''];
      default:
        return there === undefined ? [404, errorXml('NoSuchKey')] : [200, there];
    }
  }

  #ofBucket(url: URL): [status: number, body: string] {
    const setting = ['versioning', 'object-lock'].find((name) => url.searchParams.has(name));
    if (setting !== undefined) {
      const text = this.settings[setting];
      return text === undefined ? [403, errorXml('AccessDenied')] : [200, text];
    }
    const prefix = url.searchParams.get('prefix') ?? '';
    const from = url.searchParams.get('continuation-token') ?? '';
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > from).sort();
    const page = keys.slice(0, this.pageSize);
    const contents = page.map(
      (key) =>
        `<Contents><Key>${key.replaceAll('&', '&amp;')}</Key><Size>${this.objects.get(key)?.length}</Size></Contents>`,
    );
    const isCut = keys.length > page.length;
    const next = isCut ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    return [200, `<ListBucketResult><IsTruncated>${isCut}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** As S3 answers: it has no secondary limits, but asks to be slower. */
function answerTrouble({ kind, status = 502 }: Trouble, response: ServerResponse): void {
  if (kind === 'reset') {
    response.destroy();
  } else if (kind === 'status') {
    response.writeHead(status).end(errorXml(`Error${status}`));
  } else if (kind === 'secondary-limit') {
    response.writeHead(503).end(errorXml('SlowDown'));
  }
}

export function errorXml(code: string, message = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}

/** Answers with an error. */
export const refuse =
  (status: number, code: string, message = '', headers: Record<string, string> = {}): Fault =>
  (_request, response) => {
    response.writeHead(status, headers).end(errorXml(code, message));
    return true;
  };

/** Ends the connection without an answer. */
export const breakOff: Fault = (request) => {
  request.socket.destroy();
  return true;
};

/** Does as it should. */
export const pass: Fault = () => false;
