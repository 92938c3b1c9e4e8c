import { type Connected, nameOf } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { code, link, plain } from '../../../report/markdown.js';
import { codeVersion, shortVersion } from '../../../report/short-version.js';
import type { ImageTarget } from '../../carriers/carrier.js';
import { withClusters } from '../../layouts/named-apps.js';
import { ONBOARD } from '../../ledger/action-names.js';
import type { ProposalReport } from '../../pull-requests/proposal.js';
import { proposeOne, type SingleProposalSettings } from '../../pull-requests/single-proposal.js';
import { appInApps } from '../../repository/workspaces.js';
import { githubTree } from '../../tree/github-tree.js';
import { commitOf } from './commit-of.js';
import { readDeployFolder } from './deploy-folder.js';
import { leftBehindText } from './left-behind.js';
import type { OnboardRequest } from './onboarding.js';
import { planOnboard } from './plan.js';

/** The apps repository that an app's manifests are read from, for a base that the ops repository does not have. */
export interface AppsSource {
  apps: Connected;
  /** Branch, tag or commit. */
  ref: string;
}

/** The inputs of a request, before the app's own repository is read. */
export type OnboardInput = Omit<OnboardRequest, 'manifests' | 'images'> & {
  /** Images of a release, each with its app's name in the apps repository; without one, they are of the app. */
  images: readonly { app: string | undefined; target: ImageTarget }[];
};

/**
 * Adds an app to an environment, in one pull request.
 *
 * @param source `undefined` where no apps repository is named
 *
 * @throws Error when a repository cannot be read or written
 */
export async function onboard(
  settings: SingleProposalSettings,
  input: OnboardInput,
  source: AppsSource | undefined,
): Promise<ProposalReport> {
  const { app, environment } = input;
  let reading: ReturnType<typeof readManifestsOf> | undefined;
  return proposeOne(settings, async ({ tree, layout: located, policy }) => {
    const layout = await withClusters(tree, located, policy);
    const name = appInApps(app, policy.guests);
    reading ??= source && readManifestsOf(source, name);
    const deploy = await reading;
    const images = input.images.filter((each) => (each.app ?? name) === name).map(({ target }) => target);
    if (images.length === 0 && input.images.length > 0) {
      const others = [...new Set(input.images.map((each) => each.app))].join(', ');
      throw new Error(`Input "images" has no image of ${name}, only of ${others}. Name the app as its images do.`);
    }
    const request: OnboardRequest = { ...input, images, manifests: deploy?.files };
    const first = await planOnboard(tree, layout, policy, request);
    const version = first.version ?? 'none';
    const files = first.state === 'change' ? [...first.change.files.keys()] : [];
    const isNewBase = files.some((path) => /(^|\/)bases?\//.test(path));
    const taken = isNewBase ? deploy : undefined;
    return {
      verb: ONBOARD,
      app,
      environment,
      version,
      source: taken && `${taken.repository}@${taken.oid}`,
      branch: `ostack-onboard/${environment}/${app}`,
      title: `${app} ${version === 'none' ? '' : `${shortVersion(version)} `}joins ${environment}`,
      key: `${app} ${version}`,
      plan: async (at) => (at === tree ? first : planOnboard(at, layout, policy, request)),
      paragraphs: () => [
        `Lets **${plain(app)}** join **${plain(environment)}**${version === 'none' ? '' : ` with ${codeVersion(version)}`}.`,
        taken === undefined
          ? ''
          : `Its base is a copy of ${code(taken.folder)} of ${plain(taken.repository)} at ${link(taken.oid.slice(0, 7), `${settings.options.serverUrl}/${taken.repository}/commit/${taken.oid}`)}.`,
        leftBehindText(first.leftBehind),
        ...(first.notes ?? []).map(plain),
        'Check what is particular to the environment: hosts, secrets, replicas.',
      ],
    };
  });
}

/** Reads the folder with the app's manifests at the commit of the ref; `undefined` where there is no such folder. */
function readManifestsOf({ apps, ref }: AppsSource, app: string) {
  const { github, repository } = apps;
  const name = nameOf(apps);
  const reader = repositoryReader(github, repository, 'ReadDeploy');
  const operation = { doing: `read the manifests of ${app}`, repository: name, permission: 'contents: read' };
  return attempt(operation, async () => {
    const oid = await commitOf(reader, ref);
    if (oid === undefined) {
      throw new Error(`${name} has no branch, tag or commit "${ref}". Check the input "apps-ref".`);
    }
    const deploy = await readDeployFolder(githubTree(reader, github, repository, oid), app);
    return deploy && { ...deploy, repository: name, oid };
  });
}
