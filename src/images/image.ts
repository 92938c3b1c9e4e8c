import * as v from 'valibot';

/** One pushed image as `build-push-image` outputs it and `bump-ops-overlay` reads it. */
export const imageSchema = v.object({
  app: v.string(),
  /** Image name, `<app>` or `<app>-<part>`: the last path segment of `repository`. */
  image: v.string(),
  /** Repository without tag or digest, for example `ghcr.io/acme/my-app-web`. */
  repository: v.string(),
  /** The repository that it goes to as a release, where that is another one. */
  released: v.optional(v.string()),
  /** The version tag. */
  tag: v.string(),
  /** `sha256:` and 64 hex digits, as the registry reports it. */
  digest: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'expected "sha256:" and 64 hex digits')),
  /** Whether an image with the same content was in the registry and got the new tags instead of a build. */
  reused: v.boolean(),
  platforms: v.array(v.string()),
});

export type Image = v.InferOutput<typeof imageSchema>;
