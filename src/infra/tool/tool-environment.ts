import { withoutStep } from '../../runtime/step-environment.js';
import { isSecretName, type SecretValue } from '../redact/sensitive-values.js';

/** What the tool gets of the step's environment, and what of it is secret. */
export interface ToolEnvironment {
  env: Record<string, string>;
  secrets: readonly SecretValue[];
}

/** Variables that the tool always gets. @see https://opentofu.org/docs/cli/config/environment-variables/ */
const OURS = { TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1', NO_COLOR: '1' };

/**
 * Variables whose values say where something is, and are no secrets although they come with them, unless what follows tells of one:
 * `TF_HTTP_PASSWORD`, `PROJECT_TOKEN`.
 */
const PUBLIC_NAME =
  /^(?:TF_(?!VAR_|TOKEN_|ENCRYPTION)|.*(?:REGION|ZONE|LOCATION|ENDPOINT|PROJECT|HOST|PORT|PROFILE)(?:_|$))(.*)$/;

/** An address with a password in it. */
const WITH_PASSWORD = /:\/\/[^/\s:@]*:[^/\s@]+@/;

/** Variables that add arguments which no plan shows. */
const ARGUMENTS = /^TF_CLI_ARGS/;

/** What writes everything to the log, requests with their keys among it. */
const TRACES = /^TF_LOG/;

/** The way to a token of the workflow's identity. */
const IDENTITY = /^ACTIONS_ID_TOKEN_/;

/**
 * The environment of the tool: that of the step without what only the step may use, and what is given for the tool alone.
 *
 * @param given lines of `NAME=value`; a value goes to the end of its line
 * @param options whether the tool may ask for the workflow's identity, and whether plans of parts are allowed
 * @throws Error naming a line that is no such thing, or a variable that a plan would not show
 */
export function toolEnvironment(
  env: NodeJS.ProcessEnv,
  given: string | undefined,
  options: { withIdentity: boolean; allowsPart: boolean },
): ToolEnvironment {
  const own = variablesIn(given ?? '');
  const all: Record<string, string> = { ...withoutStep(env), ...own };
  const extra = Object.keys(all).find((name) => ARGUMENTS.test(name) && all[name] !== '');
  if (extra !== undefined && !options.allowsPart) {
    throw new Error(
      `${extra} is set. It adds arguments such as -target, which the plan does not show, so nobody could see that it is of a part. Remove it, and give arguments by the input "arguments".`,
    );
  }
  const identity = Object.entries(env).filter(([name]) => options.withIdentity && IDENTITY.test(name));
  const kept = Object.entries({ ...all, ...OURS }).filter(([name]) => !TRACES.test(name));
  const isPublic = (name: string) => {
    const [, rest] = PUBLIC_NAME.exec(name) ?? [];
    return rest !== undefined && !isSecretName(rest);
  };
  const isSecret = (name: string) => !isPublic(name) && (Object.hasOwn(own, name) || isSecretName(name));
  const secrets = Object.entries(all).flatMap(([name, text]) =>
    isSecret(name) || WITH_PASSWORD.test(text) ? [{ text, name }] : [],
  );
  return {
    env: Object.fromEntries([...kept, ...identity.map(([name, value]) => [name, value ?? ''])]),
    secrets,
  };
}

function variablesIn(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return Object.fromEntries(
    lines.map((line, index) => {
      const [, name, value] = /^\s*([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) {
        throw new Error(
          `Input "env" has in line ${index + 1} something that is no NAME=value. It is not shown, since it may be a secret.`,
        );
      }
      return [name, value];
    }),
  );
}
