import { createHash } from 'node:crypto';

/** Most characters of one DNS label, and so of a namespace and of a label's value (RFC 1123, section 2.1). */
export const MAX_LABEL = 63;

/** What an environment is for: a pull request, or one run of a workflow. */
export type PreviewSubject = { pullRequest: number } | { run: string };

/**
 * A name that an environment of ours may have, of which a path, a namespace and objects of the cluster are made. Its end
 * says that it is short-lived: no record can lay claim to `kube-system` or `staging`.
 */
export const PREVIEW_NAME = /^(?=.{1,63}$)(?:[a-z0-9][a-z0-9-]*-)?(?:pr-[1-9]\d*|run-[1-9]\d*(?:-[1-9]\d*)?)$/;

const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** How names end that carry a hash, so that no other name can look like one. */
const HASHED = /-h[0-9a-f]{8}$/;

/**
 * The name of a short-lived environment: `growth-pr-35`, `pr-35` in the default workspace, `run-1234` for a run. It is a
 * DNS label as it is, for it names a namespace, a Flux Kustomization and labels' values; a workspace that is too long or
 * no DNS label is cut or spelled otherwise and gets a hash, so that two workspaces never share a name.
 *
 * @param workspace `undefined` or empty for the default workspace
 * @throws Error when the number or the run's id is none
 */
export function previewName(workspace: string | undefined, subject: PreviewSubject): string {
  const end = subjectName(subject);
  if (workspace === undefined || workspace === '') {
    return end;
  }
  return `${distinctLabel(workspace, MAX_LABEL - end.length - 1)}-${end}`;
}

/** The number of the pull request that a preview is for, by its name; `undefined` for the environment of a run. */
export function pullRequestOfName(name: string): number | undefined {
  const number = PREVIEW_NAME.test(name) ? /(?:^|-)pr-(\d+)$/.exec(name)?.[1] : undefined;
  return number === undefined ? undefined : Number(number);
}

function subjectName(subject: PreviewSubject): string {
  if ('run' in subject) {
    if (!/^[1-9]\d{0,19}(-[1-9]\d{0,3})?$/.test(subject.run)) {
      throw new Error(
        `Expected the id of a workflow run such as 1234 or 1234-2 (with its attempt), found "${subject.run}".`,
      );
    }
    return `run-${subject.run}`;
  }
  if (!Number.isSafeInteger(subject.pullRequest) || subject.pullRequest < 1) {
    throw new Error(`Expected the number of a pull request, found ${subject.pullRequest}.`);
  }
  return `pr-${subject.pullRequest}`;
}

/**
 * A DNS label for a text: the text itself where it is one, else what is left of it and a hash. Different texts give
 * different labels (as far as 32 bits of SHA-256 do).
 *
 * @param max most characters, at least 11
 */
export function distinctLabel(text: string, max = MAX_LABEL): string {
  if (DNS_LABEL.test(text) && text.length <= max && !HASHED.test(text)) {
    return text;
  }
  const hash = `h${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
  const plain = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const kept = plain
    .replace(/^-+/, '')
    .slice(0, max - hash.length - 1)
    .replace(/-+$/, '');
  return kept === '' ? hash : `${kept}-${hash}`;
}
