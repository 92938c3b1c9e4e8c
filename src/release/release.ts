import * as v from 'valibot';

/** One release as `tag-release` outputs it and the later steps read it. */
export const releaseSchema = v.object({
  app: v.string(),
  /** Semantic version without prefix, for example `1.4.0` or `1.4.0-rc.1`. */
  version: v.string(),
  tag: v.string(),
  /** The tag of the release before, `null` for the first. */
  previous: v.nullable(v.string()),
  /** What the commits asked for, `null` where an existing release was returned. */
  level: v.nullable(v.picklist(['major', 'minor', 'patch'])),
  /** Full id of the released commit. */
  sha: v.string(),
  /** Release notes, Markdown. */
  notes: v.string(),
  /** Page of the GitHub release; empty in a dry run. */
  url: v.string(),
  /** Whether this run created it. */
  created: v.boolean(),
});

export type Release = v.InferOutput<typeof releaseSchema>;
