import * as v from 'valibot';
import { readFailure } from '../../github/failure.js';
import { ask } from './ask.js';
import { appOf, asking, type Doing, nameOf } from './doing.js';
import { mendPreviewsRuleset } from './previews-ruleset.js';
import { readRuleset } from './read-rulesets.js';
import type { Mended, RulesetBody } from './ruleset.js';
import type { AppState, Ruleset } from './state.js';

/** Writes the ruleset of the branch of previews, and reads it back. */
export function writePreviewsRuleset(doing: Doing, id: number | undefined, body: RulesetBody): Promise<void> {
  return writeRuleset(doing, id, body, mendPreviewsRuleset, doing.state.previews.branch);
}

/**
 * Writes a ruleset with a check of the ops App. GitHub takes none of an App that is not installed on the repository, and tells only
 * the App where it is.
 *
 * @throws Error that says to install it there
 */
export async function orInstall(
  doing: Doing,
  repository: string | undefined,
  write: () => Promise<void>,
): Promise<void> {
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
export async function writeRuleset<B>(
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
