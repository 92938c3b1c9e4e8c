import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { hostOf, urlOf } from '../../../preview-records/address.js';
import type { Decision } from '../plan/decision.js';

/** One app in the comment of a preview. */
export interface AppDetails {
  app: string;
  /** Tag of its image, or what else sets its version. */
  version: string;
  /** `sha256:…`, empty where it is not known. */
  digest: string;
  /** Its address, empty where it has none. */
  url: string;
  /** Whether the pull request changes it. */
  changed: boolean;
}

/** What comments, summaries and deployments show of one preview, apart from its status. */
export interface PreviewDetails {
  name: string;
  /** Full id of the commit that it runs. */
  head: string;
  /** Full id of the pull request's last commit, where a maintainer decides whether the preview is updated to it. */
  newerHead: string | undefined;
  apps: readonly AppDetails[];
  /** ISO 8601, empty unless it is active. */
  expiresAt: string;
  /** What a person should know, a sentence each. */
  notices: readonly string[];
  /** Page of the commit in the ops repository, empty where there is none. */
  commitUrl: string;
  /** Page of the workflow run. */
  runUrl: string;
  /** How long it took from asking ops to its commit, in milliseconds; missing where nobody had to ask. */
  opsTookMs?: number | undefined;
}

/** Pages that the details of a preview link to, and its commit where it has no record. */
export interface DetailsContext {
  head: string;
  commitUrl: string;
  runUrl: string;
}

/** The details of a preview after a decision. */
export function previewDetails(
  decision: Decision,
  previews: PreviewPolicy,
  { head, commitUrl, runUrl }: DetailsContext,
): PreviewDetails {
  const { name, record, preview, state, newerHead } = decision;
  return {
    name,
    head: record?.head ?? head,
    newerHead,
    apps: preview === undefined ? recordedApps(decision, previews.url) : renderedApps(decision, preview.apps),
    expiresAt: state === 'active' ? (record?.expiresAt ?? '') : '',
    notices: preview?.notices ?? [],
    commitUrl,
    runUrl,
  };
}

/** The address that people open first: of an app that the pull request changes, else of any; empty where there is none. */
export function mainUrl(apps: readonly AppDetails[]): string {
  return apps.find(({ url }) => url !== '')?.url ?? '';
}

/** The apps of a preview that was not rendered: those that the pull request changes, by its record. */
function recordedApps({ name, record, state }: Decision, template: string | undefined): AppDetails[] {
  return (record?.apps ?? []).map(({ app, images: [image] }) => ({
    app,
    ...versionOf(image?.tag, image?.digest),
    url: template === undefined || state !== 'active' ? '' : urlOf(template, hostOf(template, app, name)),
    changed: true,
  }));
}

/** The apps of a preview that was rendered, first those that the pull request changes. */
function renderedApps({ record }: Decision, rendered: NonNullable<Decision['preview']>['apps']): AppDetails[] {
  const built = new Map((record?.apps ?? []).map(({ app, images }) => [app, images[0]]));
  const apps = rendered.map(({ app, affected, images, url }): AppDetails => {
    const own = affected ? built.get(app) : undefined;
    const version = versionOf(own?.tag ?? images[0]?.newTag, own?.digest ?? images[0]?.digest);
    return { app, ...version, url: url ?? '', changed: affected };
  });
  return [...apps.filter(({ changed }) => changed), ...apps.filter(({ changed }) => !changed)];
}

function versionOf(tag: string | undefined, digest: string | undefined): Pick<AppDetails, 'version' | 'digest'> {
  return { version: tag ?? (digest === undefined ? 'set by its base' : 'by digest'), digest: digest ?? '' };
}
