/** Attacks on what proves where an image was built, and the honest way beside each. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import { type BuildRecord, writeBuildRecord } from '../../../src/images/build-record.js';
import { packed } from '../../../src/local/github/http/archive.js';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { keepProofs, keptProofs } from '../../../src/ops/evidence/kept-checks.js';
import { ruleKey } from '../../../src/ops/evidence/kept-proofs.js';
import { evidenceOf, runRecords } from '../../../src/ops/evidence/proof-reader.js';
import { type BuiltBy, imageRule } from '../../../src/ops/policy/image-rules.js';
import { at, rest, webTokenOf } from '../../local/github/support.js';
import { inSentences } from './folder.js';

export const WORKFLOW = '.github/workflows/release.yml';
export const DIGEST = `sha256:${'a'.repeat(64)}`;
const RUN = 7;
const HEAD_OF_NOTHING = '0'.repeat(40);

/** An apps repository whose release branch takes approvals. */
export interface Evidence {
  stage: Stage;
  apps: LocalRepository;
  /** Newest commit of the release branch. */
  head: string;
  /** Folder for the files of artifacts. */
  folder: string;
}

type Report = Parameters<LocalRepository['reportRun']>[0];
type Rule = Parameters<typeof imageRule>[0];

/** What of a run, of its artifact or of the policy is otherwise than in an honest release. */
export interface Otherwise {
  /** `owner/name` of the repository that has the run. */
  repository?: string;
  run?: Partial<Report>;
  record?: Partial<BuildRecord>;
  /** Digest that GitHub says the artifact has. */
  digest?: string;
  /** How many artifacts of the name there are. */
  artifacts?: number;
  rule?: Partial<Rule>;
  /** Slug of the App that keeps a proof of the image at the head in ops. */
  keptBy?: string;
  /** The text of the pull request, with the address of the run for `{run}`. */
  text?: string;
}

export interface Deed {
  attack(evidence: Evidence): Promise<Otherwise>;
  refused: string | RegExp;
  honest(evidence: Evidence): Promise<Otherwise>;
}

/** Tries attacks. @param deeds by the names of their files */
export function tryAll(folder: string, deeds: Readonly<Record<string, Deed>>): void {
  let evidence: Evidence;
  let restore: () => Promise<void>;
  beforeAll(async () => {
    evidence = await open();
    restore = await evidence.stage.github.checkpoint();
  });
  beforeEach(() => restore());
  afterAll(async () => {
    await evidence.stage.close();
    await rm(evidence.folder, { recursive: true, force: true });
  });

  describe.each(inSentences(folder, deeds))('To %s', (_name, { attack, refused, honest }) => {
    test('fails with a reason', async () => {
      expect(await proofAfter(evidence, await attack(evidence))).toEqual(expect.stringMatching(refused));
    });
    test('is done in an honest way', async () => {
      expect(await proofAfter(evidence, await honest(evidence))).toBe('proven');
    });
  });
}

async function open(): Promise<Evidence> {
  return appsOn(await startStage());
}

/** An apps repository on a stage, whose release branch takes approvals. */
export async function appsOn(stage: Stage): Promise<Evidence> {
  const apps = await stage.github.createRepository('acme/apps', { files: { 'README.md': 'Shop\n' } });
  const head = await apps.commit('main', { 'apps/shop/page': 'one\n' }, 'feat: a');
  await apps.commit('main', { 'apps/shop/page': 'two\n' }, 'feat: b');
  apps.protect('main', { requiredApprovals: 1 });
  return { stage, apps, head, folder: await mkdtemp(join(tmpdir(), 'ostack-evidence-')) };
}

/** What the gate says of the image once such a run was there. */
async function proofAfter(evidence: Evidence, otherwise: Otherwise): Promise<string> {
  const { stage } = evidence;
  const { repository = 'acme/apps', rule = {}, text = '{run}' } = otherwise;
  await leaveRun(evidence, otherwise);
  const github = connect({
    token: stage.github.issueToken({ repositories: ['acme/apps'], permissions: { actions: 'read', contents: 'read' } }),
    ...{ apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl },
  });
  const { builtBy } = imageRule({ match: '*', from: 'acme/apps', workflow: WORKFLOW, ...rule });
  const address = `${stage.serverUrl}/${repository}/actions/runs/${otherwise.run?.id ?? RUN}`;
  const kept = builtBy === undefined ? [] : await keptIn(stage, otherwise.keptBy, builtBy, address);
  const kinds = [...kept.map(({ kind }) => kind), runRecords(github, stage.serverUrl)];
  const claim = {
    repository: { owner: 'acme', name: 'ops' },
    head: kept[0]?.head ?? HEAD_OF_NOTHING,
    texts: [text.replace('{run}', address)],
  };
  const read = evidenceOf(kinds).readerFor(claim);
  const image = { repository: 'ghcr.io/acme/shop', tag: '1.4.0', digest: DIGEST };
  const [proof] = builtBy === undefined ? [] : await read('production', [{ ...image, builtBy }]);
  return proof === undefined ? 'none' : proof.state === 'proven' ? 'proven' : `${proof.state}: ${proof.reason}`;
}

/** An ops repository in which an App keeps a proof, and what the ops App reads of it. */
async function keptIn(stage: Stage, slug: string | undefined, builtBy: BuiltBy, run: string) {
  if (slug === undefined) {
    return [];
  }
  const name = 'acme/ops';
  const repository = { owner: 'acme', name: 'ops' };
  const head = await (await stage.github.createRepository(name)).commit('main', { 'README.md': 'Ops\n' }, 'feat: a');
  const connected = async (app: string) => {
    const permissions = { checks: 'write', statuses: 'read', contents: 'read' } as const;
    const { token: signIn, installation } = webTokenOf(stage, app, permissions, [name]);
    const tokens = `POST /app/installations/${installation}/access_tokens`;
    const token = at((await rest(stage, tokens, { permissions }, signIn)).body, 'token');
    return { github: connect({ token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl }), repository };
  };
  const writer = await connected(slug);
  const reader = slug === 'ostack-ops' ? writer : await connected('ostack-ops');
  const proof = { repository: 'ghcr.io/acme/shop', digest: DIGEST, run, commit: head, rule: ruleKey(builtBy) };
  expect(await keepProofs(writer, slug, head, [proof], '')).toBe(1);
  return [{ head, kind: keptProofs(reader, 'ostack-ops') }];
}

/** Leaves a run with its record, as the release workflow does, or otherwise. */
export async function leaveRun(evidence: Evidence, otherwise: Otherwise): Promise<void> {
  const { run = {}, record, artifacts = 1 } = otherwise;
  const { apps, head } = evidence;
  await apps.reportRun({
    ...{ id: RUN, number: 1, attempt: 1, title: 'feat: a', workflow: 'Release', file: WORKFLOW },
    ...{ event: 'push', actor: 'ada', triggeringActor: 'ada', status: 'completed', conclusion: 'success' },
    ...{ headBranch: 'main', headSha: head, headRepository: 'acme/apps', pulls: [], annotations: [], jobs: [] },
    referenced: [{ path: `ostack/actions/${WORKFLOW}@v1`, sha: 'c'.repeat(40), ref: 'refs/tags/v1' }],
    ...run,
  });
  const image = { app: 'shop', repository: 'ghcr.io/acme/shop', digest: DIGEST, tag: '1.4.0' };
  const content = writeBuildRecord({ version: 1, commit: run.headSha ?? head, images: [image], ...record });
  for (let index = 0; index < artifacts; index++) {
    await store(evidence, run.id ?? RUN, content, otherwise.digest);
  }
}

async function store({ apps, folder: root }: Evidence, runId: number, content: string, digest?: string): Promise<void> {
  await mkdir(root, { recursive: true });
  const folder = await mkdtemp(join(root, 'record-'));
  await writeFile(join(folder, 'images.json'), content);
  const own = createHash('sha256')
    .update(await packed(folder, ['images.json']))
    .digest('hex');
  const stored = { name: 'ostack-images', runId, size: content.length, files: ['images.json'], folder };
  apps.addArtifact({ ...stored, digest: digest ?? own }, undefined);
}
