import { posix } from 'node:path';
import * as v from 'valibot';
import { ask } from './ask.js';
import { appOf, asking, type Doing, nameOf } from './doing.js';
import { firstCheck, install, installForEvidence } from './install-app.js';
import { giveKey, makeApp, writeVariables } from './make-app.js';
import type { Step } from './plan-setup.js';
import { newPreviewsRuleset } from './previews-ruleset.js';
import { addBranchRule, removeBranchRule, restrictEnvironment } from './restrict-environment.js';
import { mendRuleset, newRuleset } from './ruleset.js';
import { orInstall, writePreviewsRuleset, writeRuleset } from './write-rulesets.js';

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
