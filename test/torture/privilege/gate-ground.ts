/** Grounds on which pull requests into an environment are judged, before they are merged and after. */
import { createHash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import {
  type Guarded,
  guardedStage,
  PRODUCTION,
  propose,
  review,
  stepEnvironment,
} from '../../actions/gate/support.js';
import { appsOn, type Evidence, leaveRun, WORKFLOW } from '../../attacks/support/evidence.js';
import { rest } from '../../local/github/support.js';
import { type ActionResult, runAction } from '../../support/run-action.js';
import type { Ground } from './missing.js';

/** A team approves what enters production, and all of it has to be built by the release workflow. */
const POLICY = `environments: { staging: {}, production: { approvals: 1, approvers: [acme/leads] } }
images:
- { match: "ghcr.io/acme/*", from: acme/apps, workflow: ${WORKFLOW} }
`;

type World = Guarded & { evidence: Evidence } & Pick<Ground, typeof Symbol.asyncDispose>;

/** Pull requests into production with an image that a run has built, each of which one of the team has approved. */
export async function gateGround(): Promise<Ground> {
  const world = await provingStage();
  return {
    stage: world.stage,
    async run(tokens) {
      const { number, head } = await proposeImage(world);
      await review(world, number, 'grace');
      const result = await run(world, 'gate', { 'app-slug': 'ostack-ops', ...tokens });
      // Titles are cut, and the whole of a verdict is in its check.
      const { body } = await rest(world.stage, `GET /repos/acme/ops/commits/${head}/check-runs`);
      return { ...result, summary: `${result.summary}\n${JSON.stringify(body)}` };
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** A change of production that one of the team approved, and one that nobody did. */
export async function auditGround(): Promise<Ground> {
  const world = await provingStage();
  const { stage } = world;
  const audit = (tokens: Record<string, string>) => run(world, 'audit', { 'app-slug': 'acme', ...tokens });
  const all = stage.github.issueToken({ actor: 'acme[bot]' });
  // It begins with what is there.
  await audit({ token: all, 'report-token': all, 'revert-token': all, 'members-token': all });
  return {
    stage,
    async run(tokens) {
      for (const isApproved of [true, false]) {
        const { number } = await proposeImage(world);
        if (isApproved) {
          await review(world, number, 'grace');
        }
        await rest(stage, `PUT /repos/acme/ops/pulls/${number}/merge`, {});
      }
      return audit(tokens);
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** Ops, a team, and an apps repository whose runs build images. */
async function provingStage(): Promise<World> {
  const guarded = await guardedStage(POLICY);
  guarded.stage.github.setTeam('acme/leads', ['grace']);
  const evidence = await appsOn(guarded.stage);
  return {
    ...{ ...guarded, evidence },
    async [Symbol.asyncDispose]() {
      await guarded.stage.close();
      await rm(evidence.folder, { recursive: true, force: true });
    },
  };
}

/** A pull request that brings an image into production which was nowhere before, and which a run of its own has built. */
async function proposeImage(world: World): Promise<{ number: number; head: string }> {
  const { stage, evidence } = world;
  const [name, id] = [randomUUID(), stage.github.requests.length + 1];
  const digest = `sha256:${createHash('sha256').update(name).digest('hex')}`;
  const repository = 'ghcr.io/acme/shop';
  await leaveRun(evidence, { run: { id }, record: { images: [{ app: 'shop', repository, digest, tag: name }] } });
  const entry = `{ name: ${repository}, newTag: ${name}, digest: "${digest}" }`;
  const proposed = await propose(world, `change-${name}`, { [PRODUCTION]: `images:\n- ${entry}\n` });
  const body = `Ostack-Run: ${stage.serverUrl}/acme/apps/actions/runs/${id}`;
  await rest(stage, `PATCH /repos/acme/ops/pulls/${proposed.number}`, { body });
  await stage.github.passTime();
  return proposed;
}

function run(world: World, action: 'gate' | 'audit', inputs: Record<string, string>): Promise<ActionResult> {
  return runAction({ action, inputs, env: stepEnvironment(world) });
}
