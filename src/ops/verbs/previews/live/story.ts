import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { hostOf, urlOf } from '../../../preview-records/address.js';
import type { Decision } from '../decision.js';
import type { ShownApp, ShownPreview, Standing } from './comment.js';
import type { Probe, VersionSource } from './probe.js';

/** How a preview stands by what was decided, before anybody looked at the cluster. */
export function standingOf(decision: Decision, { limit }: PreviewPolicy): Standing {
  if (decision.action === 'failed') {
    return { stage: 'failed', reason: withoutDot(decision.reason) };
  }
  if (decision.state === 'gone') {
    return { stage: 'removed', reason: withoutDot(decision.reason) };
  }
  return decision.state === 'queued'
    ? { stage: 'queued', position: decision.position ?? 1, limit }
    : { stage: 'deploying' };
}

/** What is shown of a preview. */
export function shownPreview(
  decision: Decision,
  previews: PreviewPolicy,
  pages: { head: string; commitUrl: string; runUrl: string },
): ShownPreview {
  const { name, record, preview, state } = decision;
  return {
    name,
    head: record?.head ?? pages.head,
    newerHead: decision.newerHead,
    apps: shownApps(decision, previews),
    expiresAt: state === 'active' ? (record?.expiresAt ?? '') : '',
    notices: preview?.notices ?? [],
    commitUrl: pages.commitUrl,
    runUrl: pages.runUrl,
  };
}

/** The apps of a preview: as rendered, else those its record names. */
export function shownApps({ name, record, preview, state }: Decision, { url: template }: PreviewPolicy): ShownApp[] {
  const built = new Map((record?.apps ?? []).map(({ app, images }) => [app, images]));
  if (preview === undefined) {
    return [...built].map(([app, images]) => ({
      app,
      ...versionOf(images[0]?.tag, images[0]?.digest),
      url: template === undefined || state !== 'active' ? '' : urlOf(template, hostOf(template, app, name)),
      changed: true,
    }));
  }
  const shown = preview.apps.map(({ app, affected, images, url }): ShownApp => {
    const own = affected ? built.get(app)?.[0] : undefined;
    return {
      app,
      ...versionOf(own?.tag ?? images[0]?.newTag, own?.digest ?? images[0]?.digest),
      url: url ?? '',
      changed: affected,
    };
  });
  return [...shown.filter(({ changed }) => changed), ...shown.filter(({ changed }) => !changed)];
}

function versionOf(tag: string | undefined, digest: string | undefined) {
  return { version: tag ?? (digest === undefined ? 'as its base says' : 'by digest'), digest: digest ?? '' };
}

/** The address people open first: of an app that the pull request changes, else of any. */
export function mainUrl(apps: readonly ShownApp[]): string {
  return apps.find(({ url }) => url !== '')?.url ?? '';
}

/** How addresses are probed. */
export interface ProbeSettings {
  path: string;
  statuses: readonly number[];
  version: VersionSource | undefined;
}

/** What has to answer before a preview is live: the apps that the pull request changes; where none has an address, any. */
export function probesOf(decision: Decision, apps: readonly ShownApp[], settings: ProbeSettings): Probe[] {
  const addressed = apps.filter(({ url }) => url !== '');
  const changed = addressed.filter(({ changed: own }) => own);
  return (changed.length > 0 ? changed : addressed).map(({ app, url, changed: own }) => {
    const images = decision.record?.apps.find((each) => each.app === app)?.images ?? [];
    const accepted = [...images.flatMap(({ tag, digest }) => [tag, digest]), decision.record?.head ?? ''];
    const version = settings.version === undefined || !own ? undefined : { source: settings.version, accepted };
    return { url: new URL(settings.path, url).href, statuses: settings.statuses, version };
  });
}

function withoutDot(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
