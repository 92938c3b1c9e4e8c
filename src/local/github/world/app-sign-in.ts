import { verify } from 'node:crypto';
import * as v from 'valibot';
import type { AppRecord, Apps } from './apps.js';
import { Refusal } from './refusal.js';

const claimsSchema = v.object({
  iss: v.optional(v.union([v.string(), v.number()])),
  iat: v.optional(v.unknown()),
  exp: v.optional(v.unknown()),
});

/** How long a JSON web token may be good, in seconds. */
const LONGEST = 600;

/** Whether a token is a JSON web token, with which an App signs in as itself. */
export function isWebToken(token: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
}

/**
 * The App that signed a JSON web token (RS256) with one of its private keys.
 *
 * @throws Refusal 401 in GitHub's words, or 404 where no App has the id
 * @see https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function signedInApp(apps: Apps, token: string, now: Date): AppRecord {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = v.safeParse(v.object({ alg: v.literal('RS256') }), decoded(head));
  const claims = v.safeParse(claimsSchema, decoded(body));
  if (!header.success || !claims.success) {
    throw undecodable();
  }
  const { iss, iat, exp } = claims.output;
  if (iss === undefined) {
    throw new Refusal(401, "Missing 'issuer' claim ('iss') in assertion.");
  }
  const app = apps.find(iss);
  if (app === undefined) {
    throw new Refusal(404, 'Integration not found');
  }
  const bytes = Buffer.from(signature, 'base64url');
  if (!app.keys.some((key) => verify('sha256', Buffer.from(`${head}.${body}`), key, bytes))) {
    throw undecodable();
  }
  checkTimes(iat, exp, Math.floor(now.getTime() / 1000));
  return app;
}

function checkTimes(iat: unknown, exp: unknown, now: number): void {
  if (typeof iat !== 'number' || !Number.isInteger(iat) || iat > now) {
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued.",
    );
  }
  if (typeof exp !== 'number' || exp <= now) {
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires.",
    );
  }
  if (exp > now + LONGEST) {
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  }
}

/** GitHub's refusal of what is no token of an App, and of every other caller of an App's own endpoints. */
export function undecodable(): Refusal {
  return new Refusal(401, 'A JSON web token could not be decoded');
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
