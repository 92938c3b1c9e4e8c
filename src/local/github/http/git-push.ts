import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Account, Caller } from '../world/accounts.js';
import { refusedTip } from '../world/mergeability.js';
import type { RefChange } from '../world/ref-change.js';
import type { Repository } from '../world/repository.js';
import { rulesetsOf } from '../world/rulesets.js';
import { allows } from '../world/world.js';

const zero = '0'.repeat(40);

/**
 * The `update` hook of every repository. It refuses refs that the server has refused (`STAGE_REFUSED`, lines of ref, tab,
 * reason), force-pushes to protected branches, and workflow files from a token without that permission. It runs in git's
 * quarantine, where the pushed objects can be read before they are accepted.
 */
const updateHook = `#!/bin/sh
ref=$1 old=$2 new=$3
zero=${zero}
tab=$(printf '\\t')
printf '%s\\n' "$STAGE_REFUSED" | while IFS="$tab" read -r refused reason; do
  if [ "$refused" = "$ref" ]; then
    echo "error: GH006: Protected branch update failed for $ref."
    echo "error: $reason"
    exit 1
  fi
done || exit 1
[ "$new" = "$zero" ] && exit 0
case "$tab$STAGE_PROTECTED$tab" in
  *"$tab$ref$tab"*)
    if [ "$old" != "$zero" ] && ! git merge-base --is-ancestor "$old" "$new"; then
      echo "error: GH006: Protected branch update failed for $ref."
      echo "error: Cannot force-push to this branch"
      exit 1
    fi ;;
esac
if [ "$STAGE_NO_WORKFLOWS" = 1 ]; then
  files=$(git rev-parse --verify --quiet "$new:.github/workflows") || exit 0
  for known in $(git for-each-ref --format='%(objectname)' refs/heads); do
    [ "$(git rev-parse --verify --quiet "$known:.github/workflows")" = "$files" ] && exit 0
  done
  echo "refusing to allow a GitHub App to create or update workflow files under \\\`.github/workflows\\\` without \\\`workflows\\\` permission"
  exit 1
fi
exit 0
`;

/** Writes the hooks of all repositories. @returns their folder */
export async function writeHooks(stateDir: string): Promise<string> {
  const folder = join(stateDir, 'hooks');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'update'), updateHook, { mode: 0o755 });
  return folder;
}

/** Variables for the hook: what this push must not do. */
export function hookEnvironment(repository: Repository, caller: Caller, commands: RefChange[]): Record<string, string> {
  const refused = commands.flatMap((command) => {
    const reason = refusalOf(repository, command, caller.account);
    return reason === undefined ? [] : [`${command.name}\t${reason}`];
  });
  const names = [
    ...[...repository.protections.keys()].map((branch) => `refs/heads/${branch}`),
    ...commands.map(({ name }) => name).filter((name) => keepsHistory(repository, name, caller.account)),
  ];
  return {
    STAGE_REFUSED: refused.join('\n'),
    STAGE_PROTECTED: names.join('\t'),
    STAGE_NO_WORKFLOWS: allows(caller, repository, ['workflows'], 'write') ? '0' : '1',
  };
}

function keepsHistory(repository: Repository, name: string, account: Account): boolean {
  return rulesetsOf(repository, name, account).some(({ rules }) => rules.nonFastForward === true);
}

function refusalOf(repository: Repository, { name, before, after }: RefChange, account: Account): string | undefined {
  const branch = name.replace(/^refs\/heads\//, '');
  const step = before === undefined ? 'creation' : after === undefined ? 'deletion' : 'update';
  if (rulesetsOf(repository, name, account).some(({ rules }) => rules[step] === true)) {
    return `GH013: Repository rule violations found for ${name}. Cannot ${step.replace('ion', 'e')} this ref.`;
  }
  if (name === branch) {
    return name.startsWith('refs/pull/') ? 'refs/pull is hidden' : undefined;
  }
  if (after === undefined) {
    return repository.protections.has(branch) ? 'Cannot delete this protected branch' : undefined;
  }
  const reasons = refusedTip(repository, branch, after, account);
  return reasons.length === 0 ? undefined : reasons.join(' ');
}

/**
 * Reads the commands at the head of a push.
 * Format: https://git-scm.com/docs/pack-protocol (reference update request)
 */
export function readPushCommands(body: Buffer, encoding: string | undefined): RefChange[] {
  const bytes = encoding === 'gzip' ? gunzipSync(body) : body;
  const commands: RefChange[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16);
    if (!(length > 4)) {
      break;
    }
    const line = bytes.toString('utf8', at + 4, at + length).split('\0')[0] ?? '';
    const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) (\S+)/.exec(line);
    if (match !== null) {
      const [, before = zero, after = zero, name = ''] = match;
      commands.push({ name, before: before === zero ? undefined : before, after: after === zero ? undefined : after });
    }
    at += length;
  }
  return commands;
}
