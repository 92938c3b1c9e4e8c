import { connect } from '../../github/client.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { parseRepository, type RunContext } from '../../github/context.js';
import { attempt } from '../../github/errors.js';
import type { RunEvent } from '../../github/event.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { findLogin } from '../../images/find-login.js';
import type { Image } from '../../images/image.js';
import { Allowance } from '../../images/quarantine/allowance.js';
import { checkImage } from '../../images/quarantine/check-image.js';
import { pushChecked } from '../../images/quarantine/push-checked.js';
import { readArchiveList, readArchiveNumber } from '../../images/quarantine/read-archive.js';
import { parseReference, repositoryOf } from '../../images/reference.js';
import { RegistryClient } from '../../images/registry.js';
import { nameBy, namesIn } from '../../images/spaces.js';
import { POLICY_FILE, readPolicy } from '../../ops/policy/policy.js';
import { previewPolicy } from '../../ops/policy/preview-policy.js';
import { githubTree } from '../../ops/tree/github-tree.js';
import { forkProblem } from '../../ops/verbs/previews/run/forks.js';
import { type ForkRun, pullRequestsOf, readForkRun } from './fork-run.js';
import type { Inputs } from './inputs.js';
import { type KnownImages, knownImages } from './known-images.js';

/** The result for a run's images. */
export type Quarantined =
  | { head: string; number: number; images: Image[] }
  /** Nothing is wrong, and nothing was pushed. */
  | { head: string; reason: string };

/**
 * Pushes the images of a fork's run into quarantine, if a maintainer's label allows it. The pull request is looked up and
 * every image is checked before anything is pushed.
 *
 * @throws Error when the archive is not one that our workflow makes
 */
export async function run(inputs: Inputs, context: RunContext, event: RunEvent): Promise<Quarantined> {
  const { repository, sha } = context;
  const apps: Connected = {
    github: connect({ token: inputs.token }),
    repository: parseRepository(repository, 'GITHUB_REPOSITORY'),
  };
  const ended = readForkRun(event, repository);
  const { head } = ended;
  const candidates = await pullRequestsOf(apps, ended);
  if (candidates.length === 0) {
    return { head, reason: `No open pull request of ${ended.fork} is at ${head.slice(0, 7)} any more.` };
  }
  const number = await chosen(inputs.archive, candidates, ended);
  const { forks } = await previewRules(inputs);
  const problem = await forkProblem(apps, { number, head }, forks, inputs.forkLabel);
  if (problem !== undefined) {
    return { head, reason: problem };
  }
  const images = await take(inputs, await knownImages(apps, sha), `pr-${number}-${head}`);
  return { head, number, images };
}

/** The pull request that the archive names, which must be one of the candidates from GitHub. @throws Error otherwise */
async function chosen(archive: string, candidates: readonly number[], { fork, head }: ForkRun): Promise<number> {
  const number = await readArchiveNumber(archive);
  if (!candidates.includes(number)) {
    const those = candidates.map((each) => `#${each}`).join(', ');
    throw new Error(
      `The archive is refused: it says that it is for #${number}, and what ${fork} has open at ${head.slice(0, 7)} is ${those}. Nothing was pushed.`,
    );
  }
  return number;
}

async function previewRules({ opsToken, opsRepository }: Inputs) {
  const ops: Connected = { github: connect({ token: opsToken }), repository: opsRepository };
  const reader = repositoryReader(ops.github, ops.repository, 'PreviewRules');
  const tree = githubTree(reader, ops.github, ops.repository, 'HEAD');
  const operation = { doing: `read ${POLICY_FILE}`, repository: nameOf(ops), permission: 'contents: read' };
  return previewPolicy(readPolicy(await attempt(operation, () => tree.read(POLICY_FILE))));
}

/** Checks all images, then pushes all of them. */
async function take(inputs: Inputs, known: KnownImages, tag: string): Promise<Image[]> {
  const { archive, maxSize } = inputs;
  const { tokenServices } = known;
  const listed = await readArchiveList(archive, known.images);
  const allowance = new Allowance(maxSize);
  const checked = [];
  for (const each of listed) {
    checked.push({ ...each, content: await checkImage(archive, each, allowance) });
  }
  const registry = inputs.registry ?? known.registry;
  const images: Image[] = [];
  for (const { app, image, digest, content } of checked) {
    const place = parseReference(nameBy(namesIn('quarantine', registry), image));
    const { given, known: own } = await findLogin(place.registry, inputs);
    const client = new RegistryClient({ registry: place.registry, credentials: given ?? own, tokenServices });
    const platforms = await pushChecked(client, place.path, tag, content);
    const released = nameBy(namesIn('release', registry), image);
    images.push({ app, image, repository: repositoryOf(place), released, tag, digest, reused: false, platforms });
  }
  return images;
}
