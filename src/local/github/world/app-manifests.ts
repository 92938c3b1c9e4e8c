import { generateKeyPairSync, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Account } from './accounts.js';
import type { AppRecord } from './apps.js';
import { notFound, Refusal } from './refusal.js';
import type { World } from './world.js';

const address = v.pipe(v.string(), v.url('is not a URL'));

/** What an App is made of: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
const manifestSchema = v.strictObject({
  name: v.optional(v.string(), ''),
  url: address,
  hook_attributes: v.optional(v.strictObject({ url: address, active: v.optional(v.boolean(), true) })),
  redirect_url: address,
  callback_urls: v.optional(v.pipe(v.array(address), v.maxLength(10))),
  setup_url: v.optional(address),
  description: v.optional(v.string()),
  public: v.optional(v.boolean(), false),
  default_events: v.optional(v.array(v.string()), []),
  default_permissions: v.optional(v.record(v.string(), v.picklist(['read', 'write', 'admin'])), {}),
  request_oauth_on_install: v.optional(v.boolean()),
  setup_on_update: v.optional(v.boolean()),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;

/** The longest name of an App. */
const LONGEST_NAME = 34;
const HOUR = 3_600_000;

/** Permissions that Apps may ask for: the schema `app-permissions` of GitHub's description, and those that it has been seen to lack. */
const known = new Set(
  [
    'actions administration artifact_metadata attestations checks code_quality codespaces contents dependabot_secrets',
    'deployments discussions environments issues merge_queues metadata packages pages pull_requests',
    'repository_custom_properties repository_hooks repository_projects secret_scanning_alerts secrets security_events',
    'single_file statuses vulnerability_alerts workflows members organization_administration organization_plan',
    'organization_secrets variables actions_variables organization_variables',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Reads the manifest of an App.
 *
 * @param text JSON
 * @returns the manifest, or what is wrong with it
 */
export function readManifest(text: string): { manifest: Manifest } | { problem: string } {
  const parsed = v.safeParse(manifestSchema, parsedJson(text));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return { problem: `${v.getDotPath(issue) ?? 'The manifest'}: ${issue.message}` };
  }
  const unknown = Object.keys(parsed.output.default_permissions).find((name) => !known.has(name));
  return unknown === undefined
    ? { manifest: parsed.output }
    : { problem: `Default permission records resource is not included in the list: ${unknown}` };
}

/** An App that somebody agreed to, until its keys are fetched. */
interface Pending {
  app: AppRecord;
  pem: string;
  expiresAt: Date;
}

const pending = new WeakMap<World, Map<string, Pending>>();

/**
 * Makes the App of a manifest.
 *
 * @param name what the person calls it
 * @returns the code with which its keys are fetched once, within an hour
 * @throws Refusal 422 where the name is taken or too long
 */
export async function createApp(world: World, owner: Account, manifest: Manifest, name: string): Promise<string> {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  if (slug === '' || name.length > LONGEST_NAME) {
    throw new Refusal(422, `Name is too long (maximum is ${LONGEST_NAME} characters)`);
  }
  if (world.apps.bySlug(slug)?.isImplied === false || world.accounts.find(slug) !== undefined) {
    throw new Refusal(422, 'Name is already taken');
  }
  const pem = newKey();
  const app = world.apps.register({
    slug,
    name,
    owner: owner.login,
    description: manifest.description ?? null,
    externalUrl: manifest.url,
    permissions: manifest.default_permissions,
    events: manifest.default_events,
    setupUrl: manifest.setup_url,
    webhookSecret: manifest.hook_attributes === undefined ? null : randomBytes(20).toString('hex'),
    isPublic: manifest.public,
    key: pem,
  });
  const code = randomBytes(20).toString('hex');
  const all = pending.get(world) ?? new Map<string, Pending>();
  pending.set(world, all.set(code, { app, pem, expiresAt: new Date(world.now().getTime() + HOUR) }));
  return code;
}

/** The App of a code with its private key: only once. @throws Refusal 404 */
export function takeMade(world: World, code: string): Pending {
  const all = pending.get(world);
  const found = all?.get(code);
  all?.delete(code);
  if (found === undefined || found.expiresAt <= world.now()) {
    throw notFound();
  }
  return found;
}

/** A private key as GitHub makes them: PEM. */
export function newKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return privateKey;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
