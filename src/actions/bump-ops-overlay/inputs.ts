import * as v from 'valibot';
import { workspaceSchema } from '../../apps/config.js';
import { parseRepository } from '../../github/context.js';
import { type Release, releaseSchema } from '../../release/release.js';
import { booleanInput, jsonInput, listInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';
import { imagesInput, withApps } from '../given-images.js';
import { mergeInput, mergeTimeoutInput, readMergeMethod, readReviewer } from '../propose-inputs.js';
import { readChart } from './chart-input.js';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export type { GivenImage } from '../given-images.js';

/** One image given by hand, for teams that build elsewhere. */
export interface SingleImage {
  /** Repository without tag and digest. */
  repository: string;
  /** One of the two is there at least. */
  tag: string | undefined;
  digest: string | undefined;
  app: string | undefined;
}

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  const ops = textInput('ops-repository');
  return {
    token: secretInput('token') ?? requiredInput('token', 'Pass a token that may write to the ops repository.'),
    appsToken: secretInput('apps-token'),
    opsRepository: ops === undefined ? undefined : parseRepository(ops, 'Input "ops-repository"'),
    ...readImages(),
    chart: readChart(),
    app: textInput('app'),
    workspace: readWorkspace(),
    environments: listInput('environments'),
    labels: listInput('labels', ['ostack']),
    reviewers: listInput('reviewers').map((entry) => readReviewer(entry)),
    assignees: listInput('assignees').map((login) => login.replace(/^@/, '')),
    merge: mergeInput(),
    mergeMethod: readMergeMethod(),
    mergeTimeoutMs: mergeTimeoutInput(),
    dryRun: booleanInput('dry-run', false),
  };
}

export type Inputs = ReturnType<typeof readInputs>;
export type { Release };

function readWorkspace(): string | undefined {
  const workspace = textInput('workspace');
  const parsed = v.safeParse(v.optional(workspaceSchema), workspace);
  if (!parsed.success) {
    throw new Error(`Input "workspace" is "${workspace}": ${parsed.issues[0].message}.`);
  }
  return parsed.output;
}

/** What is to be deployed: images, releases, or one image. */
function readImages() {
  const app = textInput('app');
  const given = imagesInput();
  const releases = jsonInput('releases', v.array(releaseSchema)) ?? [];
  const images = withApps(
    given,
    app,
    releases.map((release) => release.app),
  );
  return { images, releases, single: readSingle(given.length > 0) };
}

/** `image`, `tag`, `digest` and `app`; the image may carry tag and digest itself: `ghcr.io/acme/web:1.4.0@sha256:…`. */
function readSingle(hasList: boolean): SingleImage | undefined {
  const image = textInput('image');
  if (image === undefined) {
    // Of a list, `app` says whose the images are, and of a chart, whose that is.
    const needsNoImage = hasList || textInput('chart') !== undefined;
    const stray = ['tag', 'digest', ...(needsNoImage ? [] : ['app'])].find((name) => textInput(name) !== undefined);
    if (stray !== undefined) {
      throw new Error(`Input "${stray}" is given without "image". Name the image it belongs to: ghcr.io/acme/my-app.`);
    }
    return undefined;
  }
  const match = /^([^\s@]+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image);
  const repository = match?.[1];
  if (repository === undefined || !/^[a-z0-9]/i.test(repository)) {
    throw new Error(`Input "image" is "${image}", expected an image such as ghcr.io/acme/my-app.`);
  }
  const tag = textInput('tag') ?? match?.[2];
  const digest = textInput('digest') ?? match?.[3];
  if (tag === undefined && digest === undefined) {
    throw new Error('Inputs "tag" and "digest" are missing: say which version of the image is to be deployed.');
  }
  if (digest !== undefined && !DIGEST.test(digest)) {
    throw new Error(`Input "digest" is "${digest}", expected "sha256:" and 64 hex digits.`);
  }
  return { repository, tag, digest, app: textInput('app') };
}
