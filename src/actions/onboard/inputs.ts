import { connect } from '../../github/client.js';
import { parseRepository } from '../../github/context.js';
import { isTag } from '../../ops/carriers/image-reference.js';
import type { AppsSource, OnboardInput } from '../../ops/verbs/onboard/onboard.js';
import { requiredInput, secretInput, textInput } from '../../runtime/inputs.js';
import { imagesInput } from '../given-images.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs(): OnboardInput {
  return {
    app: requiredInput('app', 'Name the app, or with "reports" who posts what an environment reports.'),
    environment: requiredInput('environment', 'Name the environment that it joins, for example staging.'),
    version: readVersion(),
    images: readImages(),
    from: textInput('from'),
    group: textInput('group'),
  };
}

/** By whom statuses are posted: a login, or an App's as GitHub writes it. */
const LOGIN = /^[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?$/;

/**
 * The environment that is to report whether it is live, and who posts it; `undefined` where an app is to join.
 *
 * @throws Error naming the input that is missing or malformed, or that is one too many
 */
export function readReports(): { environment: string; login: string } | undefined {
  const login = textInput('reports');
  if (login === undefined) {
    return undefined;
  }
  if (!LOGIN.test(login)) {
    throw new Error(
      `Input "reports" is "${login}", expected the login that the cluster posts with, that of a GitHub App as name[bot].`,
    );
  }
  if (textInput('app') !== undefined) {
    throw new Error('Inputs "app" and "reports" are two pull requests: give one of them.');
  }
  return { environment: requiredInput('environment', 'Name the environment that is to report.'), login };
}

/**
 * The apps repository; `undefined` where none is named.
 *
 * @param token the token of the ops repository, for where the apps repository has none of its own
 * @throws Error naming the input that is malformed
 */
export function readApps(token: string): AppsSource | undefined {
  const name = textInput('apps-repository');
  if (name === undefined) {
    return undefined;
  }
  const repository = parseRepository(name, 'Input "apps-repository"');
  const github = connect({ token: secretInput('apps-token') ?? token });
  return { apps: { github, repository }, ref: textInput('apps-ref') ?? 'HEAD' };
}

function readVersion(): string | undefined {
  const version = textInput('version');
  if (version !== undefined && !isTag(version)) {
    throw new Error(`Input "version" is "${version}", expected the tag of its images, for example 1.4.0.`);
  }
  return version;
}

function readImages(): OnboardInput['images'] {
  return imagesInput().map(({ app, ...image }) => ({ app, target: { kind: 'image', ...image } }));
}
