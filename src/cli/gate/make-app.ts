import * as v from 'valibot';
import { type AppKey, whyNotItsKey } from './app-key.js';
import { APP_ROLES, type Role } from './app-roles.js';
import { askIfThere } from './ask.js';
import { appOf, asking, type Doing } from './doing.js';
import type { Answer } from './loopback.js';
import { manifestForm, manifestOf, settingsOf } from './manifest.js';
import { nameOfHolder } from './plan-setup.js';
import { putSecret, putVariable } from './put-secret.js';
import type { AppState, Holder } from './state.js';

const conversionSchema = v.object({
  id: v.number(),
  slug: v.string(),
  client_id: v.string(),
  pem: v.string(),
  owner: v.object({ login: v.string() }),
});

/**
 * Has a person make the App on GitHub's own page, and gives its key to who needs it.
 *
 * @see https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 */
export async function makeApp(doing: Doing, role: Role, holders: readonly Holder[]): Promise<void> {
  const { repository } = doing.state;
  const { title, purpose, permissions } = APP_ROLES[role];
  const page = await doing.page();
  const manifest = manifestOf(role, repository, page.answerUrl);
  const accept = async (answer: Answer) => {
    const code = answer.get('code') ?? '';
    const how = { doing: 'take the App that was made', permission: 'metadata: read' };
    const made = await askIfThere(
      asking(doing),
      `POST /app-manifests/${encodeURIComponent(code)}/conversions`,
      conversionSchema,
      how,
      [404, 422],
    );
    if (made === undefined) {
      return 'GitHub does not know this answer, or not any more. Make the App once more, or run the command again.';
    }
    if (made.owner.login.toLowerCase() !== repository.owner.toLowerCase()) {
      return `The App ${made.slug} is of ${made.owner.login}, expected one of ${repository.owner}. Delete it, and make it there.`;
    }
    const { id, slug, client_id: clientId, pem: privateKey } = made;
    doing.apps[role] = { id, slug, clientId, permissions, installed: 'nowhere' };
    doing.keys[role] = { id, slug, clientId, privateKey };
    return undefined;
  };
  await page.ask(
    {
      kind: 'make-app',
      title: `Make the ${title}`,
      text: `${purpose} GitHub shows its name and makes it; its key goes from there into secrets, and nowhere else.`,
      action: manifestForm(repository, doing.server, page.state),
      manifest: JSON.stringify(manifest),
      button: `Make ${manifest.name} on GitHub`,
    },
    accept,
  );
  await handOut(doing, role, holders);
}

/**
 * Writes the key of an App as a secret, then what else is said of it, to each of its holders. The key first: all else can be told
 * again from GitHub.
 *
 * @throws Error where no key is at hand
 */
export async function handOut(doing: Doing, role: Role, holders: readonly Holder[]): Promise<void> {
  const key = doing.keys[role];
  if (key === undefined) {
    throw new Error(`There is no key of the ${APP_ROLES[role].title} to hand out. Run it again.`);
  }
  for (const holder of holders) {
    await putSecret(doing.github, holder, APP_ROLES[role].secret, key.privateKey);
  }
  await writeVariables(doing, role, appOf(doing, role), holders);
}

/** Writes which App it is, its client ID and its name, as variables of each holder. */
export async function writeVariables(
  doing: Doing,
  role: Role,
  app: AppState,
  holders: readonly Holder[],
): Promise<void> {
  const { clientId, slug } = APP_ROLES[role];
  for (const holder of holders) {
    await putVariable(doing.github, holder, clientId, app.clientId);
    await putVariable(doing.github, holder, slug, app.slug);
  }
}

/** Takes a key that a person makes on GitHub's page of the App, and gives it to its holders. */
export async function giveKey(doing: Doing, role: Role, app: AppState, holders: readonly Holder[]): Promise<void> {
  await takeKey(doing, role, app, `It goes to ${holders.map(nameOfHolder).join(', ')}.`);
  await handOut(doing, role, holders);
}

/**
 * Takes a key that a person makes on GitHub's page of the App, once it is known to be of that App.
 *
 * @param why told to the person
 */
export async function takeKey(doing: Doing, role: Role, app: AppState, why: string): Promise<void> {
  const { id, slug, clientId } = app;
  const page = await doing.page();
  const accept = async (answer: Answer) => {
    const key: AppKey = { id, slug, clientId, privateKey: answer.get('key') ?? '' };
    const wrong = await whyNotItsKey(key, doing.apiUrl);
    if (wrong === undefined) {
      doing.keys[role] = key;
    }
    return wrong;
  };
  await page.ask(
    {
      kind: 'give-key',
      title: `A key of the ${APP_ROLES[role].title}`,
      text:
        `GitHub gives a key once. Make a new one under "Private keys" of ${slug}, choose the file that it saves, and delete ` +
        `that file afterwards. ${why} Then delete the older keys on GitHub's page: they stay good until somebody does.`,
      link: `${settingsOf(slug, doing.state.repository, doing.server)}#private-key`,
      linkText: `Keys of ${slug}`,
      action: page.answerUrl,
      hidden: page.state,
    },
    accept,
  );
}
