import type { ConfigFile } from '../../config/read-config.js';
import { fullRepository } from '../carriers/image-reference.js';
import { fitsWildcards } from '../tree/wildcards.js';
import type { ImageRuleText, PolicyText } from './policy-schema.js';

/** Where an image has to be built, so that it may come in. */
export interface BuiltBy {
  /** `owner/name` of the apps repository. */
  repository: string;
  /** Path of the workflow there. */
  workflow: string;
  /** Branches that releases are made from; none for the default branch. */
  branches: readonly string[];
  /** Reusable workflows of others that it may call: `owner/name`, with a path and `@` a commit where that is meant. */
  calls: readonly string[];
}

/** What the policy says of images whose names fit. */
export interface ImageRule {
  /** Name with registry and without tag, with `*` for any characters. */
  match: string;
  /** Whether they are kept out. */
  deny: boolean;
  /** Whether they need a digest. */
  pinned: boolean;
  /** Where they have to be built; `undefined` for anywhere. */
  builtBy: BuiltBy | undefined;
}

/** Whose reusable workflows may be called where the policy does not say. */
const OUR_WORKFLOWS = ['ostack/actions'];

/** The rules of `images` as written, of one list. @throws ConfigError with file and line for a rule that says nothing or too much */
export function imageRulesOf(
  config: ConfigFile<PolicyText>,
  path: readonly (string | number)[],
  rules: readonly ImageRuleText[],
): ImageRule[] {
  return rules.map((rule, index) => {
    const problem = ruleProblem(rule);
    if (problem !== undefined) {
      throw config.error(problem.key === '' ? [...path, index] : [...path, index, problem.key], problem.message);
    }
    return imageRule(rule);
  });
}

/** A rule with its defaults. */
export function imageRule({ match, deny, pinned, from, workflow, branches, calls }: ImageRuleText): ImageRule {
  const builtBy =
    from === undefined || workflow === undefined
      ? undefined
      : { repository: from, workflow, branches: [branches ?? []].flat(), calls: calls ?? OUR_WORKFLOWS };
  return { match, deny: deny === true, pinned: pinned === true || builtBy !== undefined, builtBy };
}

/**
 * The rule for an image: the first whose pattern fits. Where there are rules, an image that none of them names is kept out.
 *
 * @param repository without tag and digest, however it is spelled: `nginx` is `docker.io/library/nginx`
 */
export function ruleFor(rules: readonly ImageRule[], repository: string): ImageRule | undefined {
  const name = usualName(fullRepository(repository));
  return rules.find(({ match }) => fitsWildcards(match, name));
}

/** Other names of Docker Hub, from which the same images come. */
const HUB = new Set(['registry-1.docker.io', 'registry.hub.docker.com']);

/** A name by which a registry is usually called: a rule is about what comes from there, whatever name leads to it. */
function usualName(name: string): string {
  const slash = name.indexOf('/');
  const host = name.slice(0, slash).replace(/:443$/, '');
  return HUB.has(host) ? fullRepository(`docker.io${name.slice(slash)}`) : `${host}${name.slice(slash)}`;
}

/** Whether nothing comes into an environment that was neither built where the policy says, nor is pinned. */
export function provesImages(rules: readonly ImageRule[]): boolean {
  return rules.some(({ builtBy }) => builtBy !== undefined) && rules.every(({ deny, pinned }) => deny || pinned);
}

function ruleProblem(rule: ImageRuleText): { key: string; message: string } | undefined {
  const { match, deny, pinned, from, workflow, branches, calls } = rule;
  return (
    matchProblem(match) ??
    (deny === true && (pinned ?? from ?? workflow ?? branches ?? calls) !== undefined
      ? { key: 'deny', message: 'what is kept out needs nothing else: remove the other keys, or "deny".' }
      : undefined) ??
    (deny !== true && pinned === undefined && from === undefined
      ? {
          key: '',
          message:
            'expected what an image needs to come in: "from" and "workflow", "pinned: true" for a digest, "pinned: false" for nothing, or "deny: true".',
        }
      : undefined) ??
    (from !== undefined && pinned === false
      ? { key: 'pinned', message: 'what has to be built somewhere needs a digest: remove "pinned: false", or "from".' }
      : undefined) ??
    builtByProblem(rule)
  );
}

function builtByProblem({
  from,
  workflow,
  branches,
  calls,
}: ImageRuleText): { key: string; message: string } | undefined {
  if (from === undefined) {
    const [key] = Object.entries({ workflow, branches, calls }).find(([, value]) => value !== undefined) ?? [];
    return key === undefined
      ? undefined
      : { key, message: `expected "from" beside it: the repository of the ${key === 'branches' ? key : 'workflow'}.` };
  }
  return workflow === undefined
    ? { key: 'from', message: 'expected "workflow" beside it, such as .github/workflows/release.yml.' }
    : undefined;
}

/** What is wrong with a pattern of names. @returns the key of a rule that is wrong, and a message; `undefined` where nothing is */
export function matchProblem(match: string): { key: string; message: string } | undefined {
  const [host = '', ...rest] = match.split('/');
  if (match === '*') {
    return undefined;
  }
  if (rest.length === 0 || rest.some((segment) => segment === '') || /[@\s]/.test(match)) {
    return {
      key: 'match',
      message: `expected an image's name with its registry, without tag, such as docker.io/library/*, found "${match}".`,
    };
  }
  if (host.includes('*') && host !== '*') {
    return {
      key: 'match',
      message: `"${match}" would fit registries of others: write the registry out, such as ghcr.io/*.`,
    };
  }
  const spelled = /[*]/.test(match) ? host : match;
  const known = spelled === host ? hostOf(host) : usualName(fullRepository(match));
  return known === spelled
    ? undefined
    : {
        key: 'match',
        message: `it would fit nothing: names are compared as ${spelled === host ? `${known}/…` : known}.`,
      };
}

/** A registry as full names have it. */
function hostOf(host: string): string {
  return host === '*' ? host : (usualName(fullRepository(`${host}/library/x`)).split('/')[0] ?? host);
}
