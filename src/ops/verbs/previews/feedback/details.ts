import type { LeftOut } from '../../../judgement/left-out.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { hostOf, urlOf } from '../../../preview-records/address.js';
import { previewFolder } from '../../../preview-records/paths.js';
import type { Decision } from '../plan/decision.js';

/** One app in the comment of a preview. */
export interface AppDetails {
  app: string;
  /** Its images: those that were built for it, else the first that the host environment runs; never empty. */
  images: readonly ImageDetails[];
  /** Its address, empty where it has none. */
  url: string;
  /** Whether the pull request changes it. */
  changed: boolean;
}

/** One image of an app. */
export interface ImageDetails {
  /** As the app's settings call it; empty where it has only one. */
  image: string;
  /** Its tag, or what else sets its version. */
  version: string;
  /** `sha256:…`, empty where it is not known. */
  digest: string;
}

/** What comments, summaries and deployments show of one preview, apart from its status. */
export interface PreviewDetails {
  name: string;
  /** Full id of the commit that it runs. */
  head: string;
  /** Full id of the pull request's last commit, where a maintainer decides whether the preview is updated to it. */
  newerHead: string | undefined;
  apps: readonly AppDetails[];
  /** The environment that the versions of all other apps are from. */
  host: string;
  /** ISO 8601, empty unless it is active. */
  expiresAt: string;
  /** Until when somebody asked to keep it, ISO 8601; empty where nobody did. */
  keptUntil: string;
  /** Whether its pull request is from a fork, so that pushes neither change nor keep it. */
  fork?: boolean | undefined;
  /** What people may ask of it by comments and labels; `undefined` where nothing listens to them. */
  commands: CommandsOffered | undefined;
  /** Objects of its apps that it does not have. */
  leftOut: readonly LeftOut[];
  /** What a person should know, a sentence each. */
  notices: readonly string[];
  /** Page of the commit in the ops repository, empty where there is none. */
  commitUrl: string;
  /** Page of what it has on the branch of previews, whenever somebody looks; empty where it has nothing there. */
  filesUrl: string;
  /** Page of the workflow run. */
  runUrl: string;
  /** How long it took from asking ops to its commit, in milliseconds; missing where nobody had to ask. */
  opsTookMs?: number | undefined;
}

/** Commands that somebody listens to. */
export interface CommandsOffered {
  /** The longest that somebody may keep it, in milliseconds; `undefined` where nobody may. */
  keepMs: number | undefined;
}

/** Pages that the details of a preview link to, and its commit where it has no record. */
export interface DetailsContext {
  head: string;
  commitUrl: string;
  /** Page of the branch of previews. */
  branchUrl: string;
  runUrl: string;
}

/** The details of a preview after a decision. */
export function previewDetails(
  decision: Decision,
  previews: PreviewPolicy,
  { head, commitUrl, branchUrl, runUrl }: DetailsContext,
): PreviewDetails {
  const { name, record, preview, state, newerHead, commands } = decision;
  return {
    name,
    head: record?.head ?? head,
    newerHead,
    fork: record?.pullRequest?.fork === true,
    apps: preview === undefined ? recordedApps(decision, previews.url) : renderedApps(decision, preview.apps),
    host: record?.host ?? previews.host,
    expiresAt: state === 'active' ? (record?.expiresAt ?? '') : '',
    leftOut: preview?.leftOut ?? [],
    keptUntil: record?.keptUntil ?? '',
    commands: commands === true ? { keepMs: previews.keepMs } : undefined,
    notices: preview?.notices ?? [],
    commitUrl,
    filesUrl: state === 'active' ? `${branchUrl}/${previewFolder(name)}` : '',
    runUrl,
  };
}

/** The address that people open first: of an app that the pull request changes, else of any; empty where there is none. */
export function mainUrl(apps: readonly AppDetails[]): string {
  return apps.find(({ url }) => url !== '')?.url ?? '';
}

/** The apps of a preview that was not rendered: those that the pull request changes, by its record. */
function recordedApps({ name, record, state }: Decision, template: string | undefined): AppDetails[] {
  return (record?.apps ?? []).map(({ app, images }) => ({
    app,
    images: imagesOf(images),
    url: template === undefined || state !== 'active' ? '' : urlOf(template, hostOf(template, app, name)),
    changed: true,
  }));
}

/** The apps of a preview that was rendered, first those that the pull request changes. */
function renderedApps({ record }: Decision, rendered: NonNullable<Decision['preview']>['apps']): AppDetails[] {
  const built = new Map((record?.apps ?? []).map(({ app, images }) => [app, images]));
  const apps = rendered.map(({ app, affected, images: [first], url }): AppDetails => {
    const own = affected ? (built.get(app) ?? []) : [];
    const host = [{ image: app, tag: first?.newTag, digest: first?.digest }];
    return { app, images: imagesOf(own.length > 0 ? own : host), url: url ?? '', changed: affected };
  });
  return [...apps.filter(({ changed }) => changed), ...apps.filter(({ changed }) => !changed)];
}

function imagesOf(
  images: readonly { image: string; tag: string | undefined; digest: string | undefined }[],
): ImageDetails[] {
  const all = images.length === 0 ? [{ image: '', tag: undefined, digest: undefined }] : images;
  return all.map(({ image, tag, digest }) => ({
    image: all.length === 1 ? '' : image,
    version: tag ?? (digest === undefined ? 'set by its base' : 'by digest'),
    digest: digest ?? '',
  }));
}
