import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Question, renderPage } from './page.js';

/** What came back for a question: the fields of a form or of a redirect. */
export type Answer = URLSearchParams;

/**
 * Looks at an answer.
 *
 * @returns what is wrong with it, for the page; `undefined` when it is taken
 * @throws what ends the whole command
 */
export type Accept = (answer: Answer) => Promise<string | undefined>;

/** A page of this machine alone, on which a person is asked. One question at a time. */
export interface Page {
  /** Its address, which nobody else can guess. */
  url: string;
  /** Where an answer to a question goes: the address of a redirect or of a form. */
  answerUrl: string;
  /** Sent along with each answer, so that one that somebody else sends is refused. */
  state: string;
  /** Tells what was done. */
  say(line: string): void;
  /** Shows a question until an answer is taken. @throws what `accept` throws */
  ask(question: Question, accept: Accept): Promise<void>;
  /** Shows something to visit while `waiting` lasts. */
  show(question: Question, waiting: Promise<void>): Promise<void>;
  /** Shows what it came to, once to a browser that still looks, and closes. */
  end(text: string): Promise<void>;
}

/** The most that an answer may be long: a private key has 1.7 kB. */
const LONGEST = 20_000;

/** Milliseconds that a browser has to load the last page. */
const LAST_LOOK = 5000;

/**
 * Serves the page on 127.0.0.1, at a port of the system's choice and below a folder with a random name.
 *
 * @param repository `owner/name`, for its title
 * @param allowed where its forms may lead to, besides itself: `https://github.com`
 */
export async function openPage(repository: string, allowed: string): Promise<Page> {
  const page = new LoopbackPage(repository, allowed);
  await page.listen();
  return page;
}

class LoopbackPage implements Page {
  readonly state = randomBytes(16).toString('hex');
  readonly #folder = randomBytes(16).toString('hex');
  readonly #done: string[] = [];
  readonly #server: Server;
  #host = '';
  #question: Question | undefined;
  #problem: string | undefined;
  #end: string | undefined;
  #take: ((answer: Answer) => Promise<void>) | undefined;
  #looked = () => {};

  constructor(
    readonly repository: string,
    readonly allowed: string,
  ) {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => refuse(response, 400, 'That was not understood.'));
    });
  }

  get url(): string {
    return `http://${this.#host}/${this.#folder}/`;
  }

  get answerUrl(): string {
    return `${this.url}answer`;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.#host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}`;
  }

  say(line: string): void {
    this.#done.push(line);
  }

  ask(question: Question, accept: Accept): Promise<void> {
    this.#question = question;
    this.#problem = undefined;
    return new Promise((resolve, reject) => {
      const close = (end: () => void) => {
        this.#question = undefined;
        this.#take = undefined;
        end();
      };
      this.#take = async (answer) => {
        try {
          this.#problem = await accept(answer);
          if (this.#problem === undefined) {
            close(resolve);
          }
        } catch (error) {
          close(() => reject(error));
        }
      };
    });
  }

  async show(question: Question, waiting: Promise<void>): Promise<void> {
    this.#question = question;
    this.#problem = undefined;
    try {
      await waiting;
    } finally {
      this.#question = undefined;
    }
  }

  async end(text: string): Promise<void> {
    this.#end = text;
    await new Promise<void>((resolve) => {
      this.#looked = resolve;
      setTimeout(resolve, LAST_LOOK).unref();
    });
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    // The name in the request, too: a page of somebody else may have had its own name lead to this machine.
    if (request.headers.host !== this.#host || !isSame(url.pathname.split('/')[1] ?? '', this.#folder)) {
      refuse(response, 404, 'Nothing is here.');
    } else if (url.pathname === `/${this.#folder}/answer`) {
      await this.#answer(request, response, url);
    } else {
      this.#show(response);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const answer = request.method === 'POST' ? new URLSearchParams(await bodyOf(request)) : url.searchParams;
    if (!isSame(answer.get('state') ?? '', this.state)) {
      refuse(response, 400, 'This is no answer to a question of this page.');
      return;
    }
    await this.#take?.(answer);
    response.writeHead(303, { location: `/${this.#folder}/`, 'referrer-policy': 'no-referrer' }).end();
  }

  #show(response: ServerResponse): void {
    const nonce = randomBytes(16).toString('base64');
    const { repository } = this;
    response.writeHead(200, headers(nonce, this.allowed));
    const shown = { repository, done: this.#done, question: this.#question, problem: this.#problem, end: this.#end };
    const isLast = this.#end !== undefined;
    response.end(renderPage({ ...shown, nonce }), () => {
      if (isLast) {
        this.#looked();
      }
    });
  }
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`);
}

function headers(nonce: string, allowed: string): Record<string, string> {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'; form-action 'self' ${allowed}; frame-ancestors 'none'; base-uri 'none'`;
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > LONGEST) {
      throw new Error('too long');
    }
  }
  return body;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
