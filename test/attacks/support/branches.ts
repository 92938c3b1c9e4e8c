/** Attacks on environments that live on branches of their own, and the honest way beside each. */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { RECORD, recordText } from '../../../src/materialize/manifests/record.js';
import { blobId } from '../../../src/ops/tree/blob-id.js';
import { type DeedOn, tryDeeds } from './folder.js';
import { type Guarded, guarded, merge, open, review, runGate, verdictOn } from './guarded.js';

/** Production takes what the one before it had, and what grace approves. */
const POLICY = `environments:
  dev: { branch: dev }
  stage: { branch: stage, after: dev }
  prod: { branch: prod, after: stage, approvers: [grace] }
  rend: { branch: env/rend, after: stage }
overlays: ["apps/{app}"]
`;
export const WEB = 'apps/web/kustomization.yaml';
export const web = (version: string) => `resources: []\nimages:\n- name: ghcr.io/acme/web\n  newTag: ${version}\n`;
/** The branch of what materialize writes. */
export const RENDERED = 'env/rend';
/** The check that the branch prod requires. */
export const PROD_CHECK = 'oStack / gate into prod';

/** What came of it is in GitHub's or the gate's words. */
export type BranchDeed = DeedOn<[ops: Guarded]>;

const PATIENCE_MS = 60_000;

export const tip = async ({ repository }: Guarded, branch: string) =>
  (await repository.refs())[`refs/heads/${branch}`] ?? '';

/** Starts a branch at another one. */
export async function startAt(ops: Guarded, branch: string, at: string): Promise<void> {
  await ops.repository.setRef(`refs/heads/${branch}`, await tip(ops, at));
}

/** What materialize writes of a version, made of the default branch as it is. */
export async function rendered(ops: Guarded, version: string): Promise<Record<string, string>> {
  return manifests(version, `acme/ops@${await tip(ops, 'main')}`);
}

function manifests(version: string, source: string): Record<string, string> {
  const path = 'web/deployment-web.yaml';
  const text = `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - image: ghcr.io/acme/web:${version}\n          name: web\n`;
  return { [path]: text, [RECORD]: recordText({ source, files: new Map([[path, blobId(text)]]) }) };
}

/** What the gate says of a pull request into the branch prod, and what comes of a merge. */
export async function intoProd(
  ops: Guarded,
  branch: string,
  { approved = false, judged = true }: { approved?: boolean; judged?: boolean } = {},
): Promise<string> {
  const number = await open(ops, branch, { base: 'prod' });
  if (approved) {
    await review(ops, number, 'grace');
  }
  if (judged) {
    await runGate(ops);
  }
  return `${await verdictOn(ops, await tip(ops, branch), PROD_CHECK)} | ${await merge(ops, number)}`;
}

/** The same of files that somebody changes on a branch that starts at prod. */
export async function changeProd(
  ops: Guarded,
  files: Record<string, string | null>,
  more: { approved?: boolean } = {},
): Promise<string> {
  await startAt(ops, 'topic', 'prod');
  await ops.repository.commit('topic', files, 'topic');
  return intoProd(ops, 'topic', more);
}

/**
 * Tries attacks on one stage, each of which finds it as it was at first: dev runs 1.7.0, stage 1.6.0, and prod 1.5.0 after 1.4.0; rend is
 * rendered and runs 1.5.0.
 *
 * @param deeds by the names of their files, which say what each tries
 */
export function tryBranches(folder: string, deeds: Readonly<Record<string, BranchDeed>>): void {
  let ops: Guarded;
  let restore: () => Promise<void>;
  beforeAll(async () => {
    ops = await guarded({ 'ostack.yaml': POLICY }, async (repository) => {
      for (const [branch, versions] of Object.entries({
        prod: ['1.4.0', '1.5.0'],
        stage: ['1.4.0', '1.5.0', '1.6.0'],
        dev: ['1.4.0', '1.5.0', '1.6.0', '1.7.0'],
      })) {
        for (const version of versions) {
          await repository.commit(branch, { [WEB]: web(version) }, `web ${version}`);
        }
      }
      const main = (await repository.refs())['refs/heads/main'];
      await repository.commit(RENDERED, manifests('1.5.0', `acme/ops@${main}`), 'materialize');
    });
    await runGate(ops);
    restore = await ops.stage.github.checkpoint();
  }, PATIENCE_MS);
  beforeEach(() => restore());
  afterAll(() => ops.stage.close());

  tryDeeds(folder, deeds, () => [ops]);
}
