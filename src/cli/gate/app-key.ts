import { createPrivateKey, sign } from 'node:crypto';
import * as v from 'valibot';
import { connect, type GitHub } from '../../github/client.js';
import type { RepositoryName } from '../../github/context.js';
import { type Asking, ask, askIfThere } from './ask.js';
import { CHECK } from './names.js';

/** An App and its private key, in memory alone. */
export interface AppKey {
  id: number;
  slug: string;
  clientId: string;
  /** PEM, as GitHub gives it. */
  privateKey: string;
}

/** Seconds that a sign-in as an App lasts; GitHub takes ten minutes at most. */
const LASTS = 540;

/** Seconds that clocks may differ by. */
const DRIFT = 60;

/**
 * @param now seconds since 1970
 * @returns a token by which GitHub knows the App itself, for some minutes
 * @throws Error when the key is no private key
 * @see https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function signIn({ clientId, privateKey }: Pick<AppKey, 'clientId' | 'privateKey'>, now: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iat: now - DRIFT, exp: now + LASTS, iss: clientId };
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), createPrivateKey(privateKey)).toString('base64url')}`;
}

/** A connection as the App itself. */
export function connectAs(key: AppKey, apiUrl: string): GitHub {
  return connect({ token: signIn(key, Math.floor(Date.now() / 1000)), apiUrl, graphqlUrl: `${apiUrl}/graphql` });
}

/**
 * Whether a text is a private key of an App.
 *
 * @returns what is wrong with it, in a sentence; `undefined` when GitHub knows the App by it
 */
export async function whyNotItsKey(key: AppKey, apiUrl: string): Promise<string | undefined> {
  let github: GitHub;
  try {
    github = connectAs(key, apiUrl);
  } catch {
    return 'That is no private key. It is the file that GitHub saved, from "-----BEGIN" to the end.';
  }
  const how = { doing: 'ask whose key it is', permission: 'metadata: read' };
  const asking = { github, repository: key.slug };
  // Signed in under its own name with another's key, an App is unknown.
  const found = await askIfThere(asking, 'GET /app', v.object({ id: v.literal(key.id) }), how, [401, 404]);
  return found === undefined ? `That is no key of ${key.slug}, or not any more: GitHub does not know it.` : undefined;
}

const installationSchema = v.object({ id: v.number() });

/** @returns the installation of the App that reaches a repository; `undefined` when there is none */
export async function installationOn(github: GitHub, { owner, name }: RepositoryName): Promise<number | undefined> {
  const repository = `${owner}/${name}`;
  const how = { doing: 'read whether the App is installed', permission: 'metadata: read' };
  const found = await askIfThere(
    { github, repository },
    `GET /repos/${repository}/installation`,
    installationSchema,
    how,
  );
  return found?.id;
}

/**
 * Makes the check that tells GitHub where it comes from. It is on a commit that is in the default branch already, so it lets
 * nothing in, and it says that it judges nothing.
 */
export async function makeFirstCheck(
  github: GitHub,
  apiUrl: string,
  { installation, repository, head }: { installation: number; repository: RepositoryName; head: string },
): Promise<void> {
  const name = `${repository.owner}/${repository.name}`;
  const { token } = await ask(
    { github, repository: name },
    `POST /app/installations/${installation}/access_tokens`,
    v.object({ token: v.string() }),
    {
      doing: 'take a token of the ops App',
      permission: 'checks: write',
      body: { repositories: [repository.name], permissions: { checks: 'write' } },
    },
  );
  const asking: Asking = { github: connect({ token, apiUrl, graphqlUrl: `${apiUrl}/graphql` }), repository: name };
  await ask(asking, `POST /repos/${name}/check-runs`, v.object({ id: v.number() }), {
    doing: 'make the first check',
    permission: 'checks: write',
    body: {
      name: CHECK,
      head_sha: head,
      status: 'completed',
      conclusion: 'neutral',
      output: { title: 'The gate is set up', summary: 'Nothing is judged here: pull requests are, from now on.' },
    },
  });
}
