import type { Sharing } from '../../../repository/workspaces.js';
import { appInApps } from '../../../repository/workspaces.js';
import { mainUrl } from '../feedback/details.js';
import type { PreviewResult } from '../feedback/preview-result.js';

/** One entry of the output `previews`. */
export interface PreviewOutput {
  name: string;
  /** `owner/name` of the apps repository. */
  repository: string;
  pullRequest: number | null;
  /** What the run did: `opened`, `updated`, `kept`… */
  action: string;
  /** How far the preview is: `queued`, `deploying`, `live`, `failed`, `removed`… */
  state: string;
  position: number | null;
  /** Its main address, empty where it has none. */
  url: string;
  /** Addresses by app, as the apps repository calls it. */
  urls: Record<string, string>;
  /** ISO 8601, empty unless it is active. */
  expiresAt: string;
  reason: string;
}

/** A preview as later steps of the workflow get it. */
export function previewOutput({ decision, details, status }: PreviewResult, { guests }: Sharing): PreviewOutput {
  const { name, repository, pullRequest, action, position, reason } = decision;
  const apps = decision.state === 'active' ? details.apps.filter(({ url }) => url !== '') : [];
  return {
    name,
    repository,
    pullRequest: pullRequest ?? null,
    action,
    state: status.stage,
    position: position ?? null,
    url: mainUrl(apps),
    urls: Object.fromEntries(apps.map(({ app, url }) => [appInApps(app, guests), url])),
    expiresAt: details.expiresAt,
    reason,
  };
}
