import { posix } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import type { GitHub } from '../../github/client.js';
import { readFailure } from '../../github/failure.js';
import { type AppKey, connectAs, installationOn, makeFirstCheck, whyNotItsKey } from './app-key.js';
import { APP_ROLES, type Role } from './app-roles.js';
import { type Asking, ask, askIfThere } from './ask.js';
import type { Answer, Page } from './loopback.js';
import { manifestForm, manifestOf, settingsOf } from './manifest.js';
import { CHECK, ENVIRONMENT } from './names.js';
import { nameOfHolder, type Step } from './plan-setup.js';
import { mendPreviewsRuleset, newPreviewsRuleset } from './previews-ruleset.js';
import { putSecret, putVariable } from './put-secret.js';
import { readInstallations } from './read-apps.js';
import { readRuleset } from './read-rulesets.js';
import { hasMadeCheck } from './read-state.js';
import { type Mended, mendRuleset, newRuleset, type RulesetBody } from './ruleset.js';
import type { AppState, EnvironmentState, GateState, Holder, Ruleset } from './state.js';

/** What the steps share. */
export interface Doing {
  github: GitHub;
  apiUrl: string;
  /** `https://github.com` */
  server: string;
  state: GateState;
  /** Apps as they are now: those of the state, and those made since. */
  apps: Record<Role, AppState | undefined>;
  /** Keys that passed through this process. */
  keys: Partial<Record<Role, AppKey>>;
  /** The page, opened when it is first needed. */
  page(): Promise<Page>;
}

/** Milliseconds between two looks at something that a person does: short at first. */
const LOOKS = [200, 500, 1000, 2000, 3000];

/** How long a person may take; GitHub's code lasts as long. */
const PATIENCE_MS = 3_600_000;

/** @throws Error that says what could not be done, and what to do */
export async function perform(step: Step, doing: Doing): Promise<void> {
  switch (step.do) {
    case 'allow-auto-merge':
      return allowAutoMerge(doing);
    case 'restrict-environment':
      return restrictEnvironment(doing, step.waits);
    case 'add-branch-rule':
      return addBranchRule(doing, step.branch);
    case 'remove-branch-rule':
      return removeBranchRule(doing, step.rule.id);
    case 'make-app':
      return makeApp(doing, step.role, step.holders);
    case 'give-key':
      return giveKey(doing, step.role, step.app, step.holders);
    case 'write-variables':
      return writeVariables(doing, step.role, step.app, step.holders);
    case 'install':
      return install(doing, step.role);
    case 'install-for-evidence':
      return installForEvidence(doing, step.repositories);
    case 'first-check':
      return firstCheck(doing);
    case 'enable-workflow':
      return enableWorkflow(doing, step.path);
    case 'make-ruleset':
      return orInstall(doing, step.repository, () => {
        const body = newRuleset(appOf(doing, 'ops').id, step.guarded);
        return writeRuleset(doing, undefined, body, mendRuleset, step.guarded, step.repository);
      });
    case 'mend-ruleset':
      return writeRuleset(doing, step.id, step.body, mendRuleset, step.guarded, step.repository);
    case 'make-previews-ruleset':
      return writePreviewsRuleset(doing, undefined, newPreviewsRuleset(appOf(doing, 'ops').id, step.branch));
    case 'mend-previews-ruleset':
      return writePreviewsRuleset(doing, step.id, step.body);
  }
}

function nameOf({ state }: Doing): string {
  return `${state.repository.owner}/${state.repository.name}`;
}

function asking(doing: Doing): Asking {
  return { github: doing.github, repository: nameOf(doing) };
}

function appOf({ apps }: Doing, role: Role): AppState {
  const app = apps[role];
  if (app === undefined) {
    throw new Error(`The ${APP_ROLES[role].title} is not there yet. Run it again.`);
  }
  return app;
}

/** Where the plan has none, GitHub takes the setting and leaves it off: the next look tells. */
async function allowAutoMerge(doing: Doing): Promise<void> {
  await ask(asking(doing), `PATCH /repos/${nameOf(doing)}`, v.unknown(), {
    doing: 'allow auto-merge',
    permission: 'administration: write',
    body: { allow_auto_merge: true },
  });
}

/** @see https://docs.github.com/rest/actions/workflows#enable-a-workflow */
async function enableWorkflow(doing: Doing, path: string): Promise<void> {
  await ask(
    asking(doing),
    `PUT /repos/${nameOf(doing)}/actions/workflows/${posix.basename(path)}/enable`,
    v.unknown(),
    {
      doing: `enable the workflow ${path}`,
      permission: 'actions: write',
    },
  );
}

const environmentPath = (doing: Doing) => `/repos/${nameOf(doing)}/environments/${ENVIRONMENT}` as const;

/** What is not said would be reset: reviewers and the time to wait are handed back as they are. */
async function restrictEnvironment(doing: Doing, waits: EnvironmentState['waits']): Promise<void> {
  await ask(asking(doing), `PUT ${environmentPath(doing)}`, v.unknown(), {
    doing: `write the environment ${ENVIRONMENT}`,
    permission: 'administration: write',
    body: {
      ...(waits.minutes > 0 ? { wait_timer: waits.minutes } : {}),
      ...(waits.reviewers.length > 0
        ? { reviewers: waits.reviewers, prevent_self_review: waits.preventSelfReview }
        : {}),
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    },
  });
}

async function addBranchRule(doing: Doing, branch: string): Promise<void> {
  await ask(asking(doing), `POST ${environmentPath(doing)}/deployment-branch-policies`, v.unknown(), {
    doing: `let the environment ${ENVIRONMENT} admit ${branch}`,
    permission: 'administration: write',
    body: { name: branch, type: 'branch' },
  });
}

async function removeBranchRule(doing: Doing, id: number): Promise<void> {
  const how = { doing: `take a rule off the environment ${ENVIRONMENT}`, permission: 'administration: write' };
  await askIfThere(
    asking(doing),
    `DELETE ${environmentPath(doing)}/deployment-branch-policies/${id}`,
    v.unknown(),
    how,
  );
}

const conversionSchema = v.object({
  id: v.number(),
  slug: v.string(),
  client_id: v.string(),
  pem: v.string(),
  owner: v.object({ login: v.string() }),
});

async function makeApp(doing: Doing, role: Role, holders: readonly Holder[]): Promise<void> {
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

/** The key first: all else can be told again from GitHub. */
async function handOut(doing: Doing, role: Role, holders: readonly Holder[]): Promise<void> {
  const key = doing.keys[role];
  if (key === undefined) {
    throw new Error(`There is no key of the ${APP_ROLES[role].title} to hand out. Run it again.`);
  }
  for (const holder of holders) {
    await putSecret(doing.github, holder, APP_ROLES[role].secret, key.privateKey);
  }
  await writeVariables(doing, role, appOf(doing, role), holders);
}

async function writeVariables(doing: Doing, role: Role, app: AppState, holders: readonly Holder[]): Promise<void> {
  const { clientId, slug } = APP_ROLES[role];
  for (const holder of holders) {
    await putVariable(doing.github, holder, clientId, app.clientId);
    await putVariable(doing.github, holder, slug, app.slug);
  }
}

/** Takes a key that a person makes on GitHub's page of the App. */
async function giveKey(doing: Doing, role: Role, app: AppState, holders: readonly Holder[]): Promise<void> {
  await takeKey(doing, role, app, `It goes to ${holders.map(nameOfHolder).join(', ')}.`);
  await handOut(doing, role, holders);
}

async function takeKey(doing: Doing, role: Role, app: AppState, why: string): Promise<void> {
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

async function install(doing: Doing, role: Role): Promise<void> {
  const app = appOf(doing, role);
  const { repository } = doing.state;
  const isThere = async () => isInstalled(doing, role, app);
  if (await isThere()) {
    return;
  }
  const page = await doing.page();
  const link = `${doing.server}/apps/${app.slug}/installations/new`;
  await page.show(
    {
      kind: 'visit',
      title: `Install the ${APP_ROLES[role].title}`,
      text: `Choose "Only select repositories" and ${repository.owner}/${repository.name}. This page goes on by itself then.`,
      link,
      linkText: `Install ${app.slug}`,
    },
    until(isThere, `${app.slug} was not installed within an hour: ${link}`),
  );
}

/** @throws Error where the App cannot be installed there, and when nobody has within an hour */
async function installForEvidence(doing: Doing, names: readonly string[]): Promise<void> {
  const app = appOf(doing, 'ops');
  const key = doing.keys.ops;
  if (key === undefined) {
    throw new Error(
      `There is no key of ${app.slug} to ask with where it is installed. Run it again with --new-key ops.`,
    );
  }
  const isThere = async (name: string) => {
    const [owner = '', repository = ''] = name.split('/');
    return (await installationOn(connectAs(key, doing.apiUrl), { owner, name: repository })) !== undefined;
  };
  for (const name of names) {
    if (await isThere(name)) {
      continue;
    }
    const page = await doing.page();
    const link = `${doing.server}/apps/${app.slug}/installations/new`;
    await page.show(
      {
        kind: 'visit',
        title: `Install the ops App on ${name}`,
        text: `The policy lets images in that ${name} builds, and the App reads its runs where it is installed. Add ${name} to its repositories, and leave those that are there. This page goes on by itself then.`,
        link,
        linkText: `Install ${app.slug}`,
      },
      until(() => isThere(name), `${app.slug} was not installed on ${name} within an hour: ${link}`),
    );
  }
}

/** By the App's own key where it is at hand; without it an owner is told of organisations, and nobody of a person. */
async function isInstalled(doing: Doing, role: Role, { id }: AppState): Promise<boolean> {
  const key = doing.keys[role];
  if (key !== undefined) {
    return (await installationOn(connectAs(key, doing.apiUrl), doing.state.repository)) !== undefined;
  }
  const installations = await readInstallations(asking(doing), doing.state.repository);
  return installations?.some(({ appId }) => appId === id) ?? true;
}

async function until(isTrue: () => Promise<boolean>, late: string): Promise<void> {
  const start = Date.now();
  for (let look = 0; !(await isTrue()); look++) {
    if (Date.now() - start > PATIENCE_MS) {
      throw new Error(`${late}. Run it again: it goes on from here.`);
    }
    await sleep(LOOKS[Math.min(look, LOOKS.length - 1)]);
  }
}

async function firstCheck(doing: Doing): Promise<void> {
  const { repository } = doing.state;
  const { head } = repository;
  if (head === undefined) {
    throw new Error(`${nameOf(doing)} has no commit yet: push one, and run it again.`);
  }
  const app = appOf(doing, 'ops');
  if (doing.keys.ops === undefined) {
    await takeKey(doing, 'ops', app, 'The first check is made with it, and it replaces the one in the environment.');
    await handOut(doing, 'ops', doing.state.holders.ops);
  }
  await install(doing, 'ops');
  const key = doing.keys.ops;
  const github = key === undefined ? undefined : connectAs(key, doing.apiUrl);
  const installation = github === undefined ? undefined : await installationOn(github, repository);
  if (github === undefined || installation === undefined) {
    throw new Error(`${app.slug} is not installed on ${nameOf(doing)}. Run it again.`);
  }
  await makeFirstCheck(github, doing.apiUrl, { installation, repository, head });
  if (!(await hasMadeCheck(asking(doing), repository, app.id))) {
    throw new Error(`The check "${CHECK}" of ${app.slug} is not on ${head}, though GitHub took it. Run it again.`);
  }
}

function writePreviewsRuleset(doing: Doing, id: number | undefined, body: RulesetBody): Promise<void> {
  return writeRuleset(doing, id, body, mendPreviewsRuleset, doing.state.previews.branch);
}

/** GitHub takes no check of an App that is not installed on the repository, and tells only the App where it is. */
async function orInstall(doing: Doing, repository: string | undefined, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (repository === undefined || !(error instanceof Error) || readFailure(error.cause)?.status !== 422) {
      throw error;
    }
    const { slug } = appOf(doing, 'ops');
    throw new Error(
      `${error.message} Install the ops App on ${repository}, beside those that it is on already (${doing.server}/apps/${slug}/installations/new), and run it again. All else is done.`,
      { cause: error },
    );
  }
}

/**
 * Writes a ruleset and reads it back.
 *
 * @param id of the ruleset to change; a new one is made without it
 * @param mend says what is not as it should be on a branch
 */
async function writeRuleset<B>(
  doing: Doing,
  id: number | undefined,
  body: RulesetBody,
  mend: (ruleset: Ruleset, apps: { ops: AppState; proposer: AppState | undefined }, branch: B) => Mended,
  branch: B,
  repository = nameOf(doing),
): Promise<void> {
  const at = { ...asking(doing), repository };
  const path = `/repos/${repository}/rulesets` as const;
  const how = { doing: 'write the ruleset', permission: 'administration: write', body: { ...body } };
  const written = v.object({ id: v.number() });
  const made = await (id === undefined
    ? ask(at, `POST ${path}`, written, how)
    : ask(at, `PUT ${path}/${id}`, written, how));
  const found = await readRuleset(at, made.id);
  const apps = { ops: appOf(doing, 'ops'), proposer: doing.apps.proposer };
  const { changes } = mend(found, apps, branch);
  if (changes.length > 0) {
    throw new Error(
      `The ruleset "${found.name}" is not what was written: ${changes.join('; ')}. Look at ${found.link}`,
    );
  }
}
