import { setTimeout as sleep } from 'node:timers/promises';
import { connectAs, installationOn, makeFirstCheck } from './app-key.js';
import { APP_ROLES, type Role } from './app-roles.js';
import { appOf, asking, type Doing, nameOf } from './doing.js';
import { handOut, takeKey } from './make-app.js';
import { CHECK } from './names.js';
import { readInstallations } from './read-apps.js';
import { hasMadeCheck } from './read-state.js';
import type { AppState } from './state.js';

/** Milliseconds between two looks at something that a person does: short at first. */
const LOOKS = [200, 500, 1000, 2000, 3000];

/** How long a person may take; GitHub's code lasts as long. */
const PATIENCE_MS = 3_600_000;

/** @throws Error when nobody has installed the App on the ops repository within an hour */
export async function install(doing: Doing, role: Role): Promise<void> {
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
export async function installForEvidence(doing: Doing, names: readonly string[]): Promise<void> {
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

/**
 * Makes the check of the gate once, on the newest commit: GitHub lets a ruleset require what it has seen.
 *
 * @throws Error where the App is not there, or its check is not
 */
export async function firstCheck(doing: Doing): Promise<void> {
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
