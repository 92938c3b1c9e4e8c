import { fullRepository, isDigest } from '../carriers/image-reference.js';
import { imageLabel } from '../carriers/named-images.js';
import { type BuiltBy, type ImageRule, ruleFor } from '../policy/image-rules.js';
import { environmentPolicy, type Policy } from '../policy/policy.js';
import type { Problem } from '../tree/problem.js';
import type { TakenImage } from './taken-images.js';

/** An image that may come in where it was built as the policy says. */
export interface UnprovenImage extends Pick<TakenImage, 'repository' | 'tag'> {
  digest: string;
  builtBy: BuiltBy;
}

/** What the policy says of the images that come into an environment. */
export interface Admission {
  /** Why some may not. */
  problems: Problem[];
  /** Those that take evidence of where they were built. */
  unproven: UnprovenImage[];
}

/**
 * Judges the images that a change lets into an environment by the rules of the policy. Without rules, all may come in.
 *
 * @param rules those of the environment, the first one that fits counts
 */
export function admitImages(
  environment: string,
  images: readonly TakenImage[],
  rules: readonly ImageRule[],
): Admission {
  const admission: Admission = { problems: [], unproven: [] };
  for (const image of rules.length === 0 ? [] : images) {
    const rule = ruleFor(rules, image.repository);
    const message = refusal(environment, image, rule);
    if (message !== undefined) {
      admission.problems.push({ level: 'error', file: image.file, line: image.line, message });
    } else if (rule?.builtBy !== undefined && image.digest !== undefined) {
      const { repository, tag, digest } = image;
      admission.unproven.push({ repository, tag, digest, builtBy: rule.builtBy });
    }
  }
  return admission;
}

/**
 * The environments that ask for the very same evidence of an image: what came into one of them was proven as it has to be. Where
 * one asks for less, what it has proves nothing.
 */
export function environmentsWithEvidence(
  policy: Policy,
  environments: readonly string[],
  { repository, builtBy }: Pick<UnprovenImage, 'repository' | 'builtBy'>,
): string[] {
  const asked = (name: string) => ruleFor(environmentPolicy(policy, name).images ?? [], repository)?.builtBy;
  return environments.filter((name) => JSON.stringify(asked(name)) === JSON.stringify(builtBy));
}

function refusal(environment: string, image: TakenImage, rule: ImageRule | undefined): string | undefined {
  const { repository, tag, digest, file, line, unclear } = image;
  const what = `${imageLabel(image)} comes into ${environment}${file === '' ? '' : ` (${file}:${line})`}`;
  if (unclear !== undefined) {
    return `${what} behind ${unclear}, so that nobody can tell which image runs, and "images" of ostack.yaml says which may: write it in clear.`;
  }
  if (rule === undefined) {
    const name = fullRepository(repository);
    return `${what}, and no rule of "images" in ostack.yaml names it: take another one, or add a rule such as { match: "${name}", pinned: true }, in a pull request of its own.`;
  }
  if (rule.deny) {
    return `${what}, which "images" of ostack.yaml keeps out ({ match: "${rule.match}", deny: true }): take an image that it lets in.`;
  }
  return rule.pinned && !isDigest(digest ?? '')
    ? `${what} without a digest, which "images" of ostack.yaml asks for (match "${rule.match}"), because whoever may push can change what a tag is: write ${imageLabel({ repository, tag, digest: undefined })}@sha256:…, with its digest.`
    : undefined;
}
