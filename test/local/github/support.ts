import { createSign, generateKeyPairSync } from 'node:crypto';
import sodium from 'libsodium-wrappers';
import * as v from 'valibot';
import { type Stage, type StageOptions, startStage } from '../../../src/local/stage.js';

export interface ApiAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** A stage with one small repository, and a way to ask its REST and GraphQL API. */
export async function stageWith(
  files: Record<string, string> = { 'README.md': '# Hello\n' },
  options: StageOptions = {},
) {
  const stage = await startStage({ repositories: { 'acme/app': { files } }, ...options });
  return { stage, repository: stage.github.repository('acme/app') };
}

/** Asks the REST API. @param target method and path below the API's root, for example `GET /repos/acme/app` */
export async function rest(stage: Stage, target: string, body?: unknown, token = stage.token): Promise<ApiAnswer> {
  const [method = 'GET', path = '/'] = target.split(' ');
  const response = await fetch(`${stage.apiUrl}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token === '' ? {} : { authorization: `token ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

export interface GraphqlAnswer {
  data?: unknown;
  errors?: unknown;
  message?: string | undefined;
}

/** Asks the GraphQL API. */
export async function graphql(
  stage: Stage,
  query: string,
  variables: Record<string, unknown> = {},
  token = stage.token,
): Promise<GraphqlAnswer> {
  const response = await fetch(stage.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return answerSchema(await response.json());
}

const answerSchema = v.parser(
  v.object({ data: v.optional(v.unknown()), errors: v.optional(v.unknown()), message: v.optional(v.string()) }),
);

/** The text at a path of an answer, for example `at(body, 'object', 'sha')`. */
export function at(value: unknown, ...path: (string | number)[]): string {
  let found = value;
  for (const key of path) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined;
  }
  return String(found);
}

let pem: string | undefined;

/** The key of every App that `webTokenOf` registers. To make one takes as long as a small file of tests, and few ask for it. */
export function appKey(): string {
  pem ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ format: 'pem', type: 'pkcs1' })
    .toString();
  return pem;
}

/** A JSON web token, signed with `key`. */
export function webToken(claims: object, key: string = appKey()): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${createSign('sha256').update(text).sign(key).toString('base64url')}`;
}

/** Registers an App and installs it on `acme/app`. @returns the token with which it signs in, and its installation */
export function webTokenOf(
  stage: Stage,
  slug: string,
  permissions: Record<string, 'read' | 'write' | 'admin'>,
  repositories = ['acme/app'],
) {
  const clientId = `Iv1.${slug}`;
  stage.github.apps.register({ slug, clientId, privateKey: appKey(), repositories, permissions });
  const now = Math.floor(Date.now() / 1000);
  const installation = stage.github.apps.find(clientId)?.installations[0]?.id ?? 0;
  return { token: webToken({ iss: clientId, iat: now - 60, exp: now + 300 }), clientId, installation };
}

/** Seals a text to a public key in base64, as GitHub takes secrets. */
export async function seal(text: string, publicKey: string): Promise<string> {
  await sodium.ready;
  return Buffer.from(sodium.crypto_box_seal(text, Buffer.from(publicKey, 'base64'))).toString('base64');
}

/** Opens a page as a browser does, or posts a form to it. @returns where it leads to, if anywhere, and its text */
export async function browse(stage: Stage, path: string, form?: Record<string, string>) {
  const body = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
  const response = await fetch(new URL(path, stage.serverUrl), { redirect: 'manual', ...body });
  const location = response.headers.get('location') ?? '';
  return { status: response.status, location, text: await response.text() };
}
