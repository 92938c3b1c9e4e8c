import * as v from 'valibot';

/** An event of Flux' controllers, as they post it to their notification controller. */
export const fluxEventSchema = v.looseObject({
  involvedObject: v.looseObject({ kind: v.string(), namespace: v.string(), name: v.string(), apiVersion: v.string() }),
  severity: v.string(),
  reason: v.string(),
  message: v.string(),
  metadata: v.optional(v.record(v.string(), v.string()), {}),
});
export type FluxEvent = v.InferOutput<typeof fluxEventSchema>;

export interface CommitStatus {
  sha: string;
  state: 'success' | 'failure';
  description: string;
  context: string;
}

/** The same event within this time is dropped. */
const REPEAT_MS = 5 * 60_000;

/**
 * What the provider `github` of Flux 2.9's notification controller makes of events, by what it was seen to send: a commit status, or
 * nothing, and why. Its own module cannot be had, so that tests with real controllers play it.
 *
 * @param uid of the Provider: contexts end in its first eight letters
 */
export function githubProvider(uid: string): (event: FluxEvent, now: number) => CommitStatus | { none: string } {
  const seen = new Map<string, number>();
  return (event, now) => {
    const { involvedObject: object, metadata, severity, reason } = event;
    const [group] = object.apiVersion.split('/');
    const own = (key: string) => metadata[`${group}/${key}`];
    const common = (key: string) => metadata[`event.toolkit.fluxcd.io/${key}`];
    const key = JSON.stringify([
      object.kind,
      object.namespace,
      object.name,
      event.message,
      own('revision'),
      own('originRevision'),
      own('token'),
    ]);
    if (now - (seen.get(key) ?? -REPEAT_MS) < REPEAT_MS) {
      return { none: 'repeated' };
    }
    seen.set(key, now);
    const isError = severity === 'error';
    if (common('commit') === undefined && own('commit_status') !== 'update' && !isError) {
      return { none: 'no status is asked for' };
    }
    if (reason === 'Progressing') {
      return { none: 'not over yet' };
    }
    const revision = ['commit', 'originRevision', 'revision']
      .map((name) => common(name) ?? own(name))
      .find((one) => one !== undefined);
    const sha = /(?:^|[@:/])([0-9a-f]{40}|[0-9a-f]{64})$/.exec(revision ?? '')?.[1];
    return sha === undefined
      ? { none: 'its revision is no commit' }
      : {
          ...{ sha, state: isError ? 'failure' : 'success' },
          description: reason.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase(),
          context: [object.kind, object.name, uid.slice(0, 8)].join('/').toLowerCase(),
        };
  };
}
