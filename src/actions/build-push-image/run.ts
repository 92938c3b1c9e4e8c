import { type Git, openGit } from '../../git/git.js';
import { readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { openArchive } from '../../images/archive.js';
import { isLoopback } from '../../images/challenge.js';
import { type Checkout, checkOut, leaveCheckout, readCheckout } from '../../images/checkout.js';
import { type Delivery, deliver } from '../../images/deliver.js';
import { type KnownBuilds, knownBuilds } from '../../images/known-builds.js';
import { openEngine } from '../../images/open-engine.js';
import type { BuildSettings } from '../../images/plan.js';
import { parseReference } from '../../images/reference.js';
import { spaceOf } from '../../images/spaces.js';
import { info, logNotice, logWarning } from '../../runtime/log.js';
import { type Batch, planBatches } from './batches.js';
import type { Inputs } from './inputs.js';
import { checkOutputSize } from './outputs.js';
import { findKnownBuilds, knownAlso, writeRecord } from './record.js';
import { openSession, type Session } from './session.js';

/** What came of a run. */
export interface Delivered extends Delivery {
  /** File of the record of what was built, where a release was. */
  record?: string | undefined;
}

/** Plans and delivers the images, and always cleans up. */
export async function run(inputs: Inputs): Promise<Delivered> {
  const context = readContext();
  const { repository, serverUrl } = context;
  const root = process.env.GITHUB_WORKSPACE ?? process.cwd();
  const git = openGit({ cwd: root, serverUrl, repository, token: inputs.token });
  if (inputs.archive !== undefined && !inputs.dryRun) {
    await openArchive(inputs.archive);
  }
  const session = await openSession();
  const extra: Checkout[] = [];
  try {
    const head = await readCheckout(git, root);
    const event = await readEvent();
    const space =
      inputs.space === 'auto' ? spaceOf({ event: event.name, releases: inputs.releases !== undefined }) : inputs.space;
    const { batches, tokenServices } = await planBatches({ inputs, git, event, space }, async (revision) => {
      if (revision === undefined || revision === head.revision) {
        return head;
      }
      const checkout = await checkOut(git, revision, session.folder);
      extra.push(checkout);
      return checkout;
    });
    checkOutputSize(
      batches.flatMap(({ images }) => images),
      inputs.platforms,
    );
    const counts = space === 'release' && inputs.archive === undefined && batches.length > 0;
    const known = counts ? await findKnownBuilds(context, inputs.token) : knownBuilds([]);
    const source = `${serverUrl}/${repository}`;
    const delivery = await deliverAll(batches, inputs, { git, session, tokenServices, space, source, known });
    const writes = counts && inputs.push && !inputs.dryRun;
    return { ...delivery, record: writes ? await writeRecord(head.revision, delivery.delivered, known) : undefined };
  } finally {
    for (const checkout of extra) {
      await leaveCheckout(git, checkout);
    }
    await session.close();
  }
}

interface Surroundings {
  git: Git;
  session: Session;
  tokenServices: readonly string[];
  space: BuildSettings['space'];
  /** Page of the repository. */
  source: string;
  known: KnownBuilds;
}

async function deliverAll(
  batches: readonly Batch[],
  inputs: Inputs,
  { git, session, tokenServices, space, source, known: before }: Surroundings,
): Promise<Delivery> {
  const all: Delivery = { delivered: [], failed: [] };
  const [first] = batches.flatMap(({ images }) => images);
  if (first === undefined) {
    return all;
  }
  const { buildArgs, platforms, cache, provenance, sbom, push, archive, dryRun } = inputs;
  const { registry, login } = await session.logIn(first, inputs, tokenServices);
  const { env, secrets } = session.secretEnvironment(inputs.secrets);
  const engine = await openEngine(inputs.engine, {
    folder: session.folder,
    env: { ...login.env, ...env },
    authFile: login.authFile,
    registryIsHere: push && isLoopback(parseReference(first.repository).registry),
  });
  session.onClose(engine.close);
  info(`Engine: ${engine.name}`);
  let known = before;
  for (const { checkout, images } of batches) {
    const { root, revision, createdAt } = checkout;
    const settings = {
      root,
      space,
      revision,
      createdAt,
      source,
      platforms,
      buildArgs,
      secrets,
      cache,
      provenance,
      sbom,
      push,
      archive,
    };
    const tools = { git, engine, registry, known, dryRun, notice: logNotice, warn: logWarning };
    const delivery = await deliver(images, settings, tools);
    known = knownAlso(known, delivery.delivered);
    all.delivered.push(...delivery.delivered);
    all.failed.push(...delivery.failed);
  }
  return all;
}
