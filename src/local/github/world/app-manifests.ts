import { generateKeyPairSync, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Account } from './accounts.js';
import type { AppRecord } from './apps.js';
import { notFound, Refusal } from './refusal.js';
import type { World } from './world.js';

/** What GitHub makes an App of: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
const manifestSchema = v.object({
  name: v.optional(v.string()),
  url: v.pipe(v.string(), v.url()),
  description: v.optional(v.string()),
  public: v.optional(v.boolean(), false),
  redirect_url: v.pipe(v.string(), v.url()),
  setup_url: v.optional(v.string()),
  hook_attributes: v.optional(v.object({ url: v.pipe(v.string(), v.url()), active: v.optional(v.boolean(), true) })),
  default_permissions: v.optional(v.record(v.string(), v.picklist(['read', 'write', 'admin'])), {}),
  default_events: v.optional(v.array(v.string()), []),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

/** What the page says where a name is not allowed. */
const LONGEST_NAME = 34;

/** An App that was made, and whose key nobody has taken yet. */
interface Made {
  app: AppRecord;
  privateKey: string;
}

const waiting = new WeakMap<World, Map<string, Made>>();

/** @throws Refusal 422 naming what is missing */
export function readManifest(text: string): Manifest {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), manifestSchema), text);
  if (parsed.success) {
    return parsed.output;
  }
  throw new Refusal(
    422,
    `Invalid GitHub App configuration: ${v.getDotPath(parsed.issues[0]) ?? parsed.issues[0].message}`,
  );
}

/**
 * Makes the App that a person agrees to.
 *
 * @param name what the person left or put into the field
 * @returns the code for which its key is given, once
 * @throws Refusal 422 where the name is taken or too long
 */
export function makeFromManifest(world: World, manifest: Manifest, owner: Account, name: string): string {
  const slug = name.toLowerCase().replace(/[^a-z0-9_-]+/g, '-');
  if (name === '' || name.length > LONGEST_NAME) {
    throw new Refusal(422, `Name is too long (maximum is ${LONGEST_NAME} characters)`);
  }
  if (world.apps.bySlug(slug) !== undefined) {
    throw new Refusal(422, 'Name is already taken');
  }
  const privateKey = newKey();
  const app = world.apps.register({
    slug,
    name,
    owner: owner.login,
    description: manifest.description ?? null,
    externalUrl: manifest.url,
    permissions: manifest.default_permissions,
    events: manifest.default_events,
    setupUrl: manifest.setup_url,
    webhookSecret: randomBytes(20).toString('hex'),
    key: privateKey,
  });
  const code = randomBytes(20).toString('hex');
  const codes = waiting.get(world) ?? new Map<string, Made>();
  waiting.set(world, codes.set(code, { app, privateKey }));
  return code;
}

/** Gives the App and its key for a code, once. @throws Refusal 404 */
export function takeMade(world: World, code: string): Made {
  const made = waiting.get(world)?.get(code);
  if (made === undefined) {
    throw notFound();
  }
  waiting.get(world)?.delete(code);
  return made;
}

/** A private key as GitHub makes them. */
export function newKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();
}
