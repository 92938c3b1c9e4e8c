import { distinctLabel, MAX_LABEL } from './dns-label.js';

/** What a preview is for: a pull request, or one run of a workflow (its id, with `-<attempt>` where it is not the first). */
export type PreviewSubject = { pullRequest: number } | { run: string };

/**
 * The names that previews may have. Paths, a namespace and objects of the cluster are named so, and the ending shows that
 * they are short-lived: no record can claim `kube-system` or `staging`.
 */
export const PREVIEW_NAME = /^(?=.{1,63}$)(?:[a-z0-9][a-z0-9-]*-)?(?:pr-[1-9]\d*|run-[1-9]\d*(?:-[1-9]\d*)?)$/;

/**
 * The name of a preview: `growth-pr-35`, `pr-35` in the default workspace, `run-1234` for a run. It is a DNS label, since it
 * names a namespace and a Flux Kustomization and is the value of labels. A workspace that is too long, or no DNS label
 * itself, is cut or respelled and gets a hash, so that two workspaces never share a name.
 *
 * @param workspace `undefined` or empty for the default workspace
 * @throws Error when the number of the pull request or the id of the run is none
 */
export function previewName(workspace: string | undefined, subject: PreviewSubject): string {
  const end = subjectName(subject);
  if (workspace === undefined || workspace === '') {
    return end;
  }
  return `${distinctLabel(workspace, MAX_LABEL - end.length - 1)}-${end}`;
}

/** The number of the pull request that a preview is for, from its name; `undefined` for the environment of a run. */
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
