import { parseArgs } from 'node:util';
import { connect } from '../../github/client.js';
import { parseRepository, type RepositoryName } from '../../github/context.js';
import { type PreviewsSetUp, setUpPreviews } from '../../ops/verbs/previews/run/set-up.js';
import { findToken } from '../token.js';

export const PREVIEWS_USAGE = `  ostack previews setup --ops owner/name [--dry-run]

  setup   makes the branch of previews, and prints the file that makes the cluster take them and
          confines each to its namespace. Safe to repeat.`;

interface PreviewsArguments {
  ops: RepositoryName;
  dryRun: boolean;
}

/**
 * Reads what follows `previews` on the command line.
 *
 * @throws Error that names what is wrong
 */
export function readPreviewsArguments(args: readonly string[]): PreviewsArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ops: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  if (positionals.join(' ') !== 'setup') {
    throw new Error(`Expected "setup" after "previews", found "${positionals.join(' ')}".`);
  }
  if (values.ops === undefined) {
    throw new Error('Say which the ops repository is: --ops owner/name.');
  }
  return { ops: parseRepository(values.ops, '--ops'), dryRun: values['dry-run'] };
}

/**
 * Runs `ostack previews setup`. Standard output has the file alone, so that it can be saved as it is.
 *
 * @param server address of GitHub in a browser
 * @throws Error for people
 */
export async function runPreviewsSetUp(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  server: string,
  apiUrl: string,
) {
  const { ops, dryRun } = readPreviewsArguments(args);
  const token = await findToken(env, server);
  const github = connect({ token, apiUrl, graphqlUrl: env.GITHUB_GRAPHQL_URL ?? `${apiUrl}/graphql` });
  const name = `${ops.owner}/${ops.name}`;
  const result = await setUpPreviews({ github, repository: ops }, `${server}/${name}`, dryRun);
  process.stderr.write(`${stepsOf(result, name, dryRun).join('\n')}\n`);
  process.stdout.write(result.text);
}

/** What was done and what is left to do, a sentence each. */
export function stepsOf(
  { branch, missing, file, there, isConfined, also }: PreviewsSetUp,
  ops: string,
  dryRun: boolean,
): string[] {
  const made = !missing ? 'is there' : dryRun ? 'would be made' : 'is made';
  return [
    `The branch ${branch} of ${ops} ${made}.`,
    there && isConfined
      ? `Objects in ${ops} point the cluster to it and confine previews already; ${file} would be this:`
      : there
        ? `Objects in ${ops} point the cluster to it, and do not confine previews as ostack.yaml says: have this as ${file}, and merge it:`
        : `Save this as ${file} in ${ops}, and merge it:`,
    ...also,
    `With it, whoever may write ${branch} decides what runs in the namespaces of previews, and nowhere else in this cluster.`,
    'It takes Kubernetes 1.30 or newer, which has ValidatingAdmissionPolicy.',
  ];
}
