import { connect } from '../../github/client.js';
import { parseRepository } from '../../github/context.js';
import { isTag } from '../../ops/carriers/image-reference.js';
import type { AppsSource, OnboardInput } from '../../ops/verbs/onboard/onboard.js';
import { requiredInput, secretInput, textInput } from '../../runtime/inputs.js';
import { imagesInput } from '../given-images.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs(): OnboardInput {
  return {
    app: requiredInput('app', 'Name the app.'),
    environment: requiredInput('environment', 'Name the environment that it joins, for example staging.'),
    version: readVersion(),
    images: readImages(),
    from: textInput('from'),
    group: textInput('group'),
  };
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
