import * as v from 'valibot';
import { isDigest, isTag, parseReference } from '../ops/carriers/image-reference.js';
import { jsonInput } from '../runtime/inputs.js';

/** An image as somebody hands it over: of an output of `build-push-image`, or written by hand. */
export interface GivenImage {
  /** `undefined` where the list does not say it. */
  app: string | undefined;
  /** The last segment of the repository. */
  image: string;
  /** Without tag and digest. */
  repository: string;
  tag: string | undefined;
  digest: string | undefined;
}

/** What is read of an entry; whatever else `build-push-image` says of an image does not matter here. */
const entrySchema = v.object({
  app: v.optional(v.string(), ''),
  repository: v.pipe(
    v.string(),
    v.check((text) => parseReference(text) !== undefined, 'expected an image such as ghcr.io/acme/my-app'),
  ),
  tag: v.optional(v.string(), ''),
  digest: v.optional(v.string(), ''),
});

const imagesSchema = v.array(
  v.pipe(
    entrySchema,
    v.transform(imageOf),
    v.check(({ tag, digest }) => (tag ?? digest) !== undefined, 'expected a "tag" or a "digest" of the image'),
    v.check(
      ({ tag }) => tag === undefined || isTag(tag),
      ({ input }) => `${JSON.stringify(input.tag)} is no tag of ${input.repository}`,
    ),
    v.check(
      ({ digest }) => digest === undefined || isDigest(digest),
      ({ input }) =>
        `${JSON.stringify(input.digest)} is no digest of ${input.repository}: expected "sha256:" and 64 hex digits`,
    ),
  ),
);

/**
 * Reads the input `images`: a list of images, each with `repository` and a tag or a digest, and with `app` where there is
 * more than one app. Tag and digest may also be a part of `repository`.
 *
 * @returns none where the input is empty
 * @throws Error naming the entry that does not fit
 */
export function imagesInput(): GivenImage[] {
  return jsonInput('images', imagesSchema) ?? [];
}

/**
 * Says whose each image is: as the list has it, else `app`, else the only app that the list or `others` name, else the
 * name of the only image.
 *
 * @param app the input `app`, where it is given
 * @param others apps that other inputs name
 * @throws Error with the entries to complete, where several apps can be meant
 */
export function withApps(
  images: readonly GivenImage[],
  app: string | undefined,
  others: readonly string[] = [],
): (GivenImage & { app: string })[] {
  const named = new Set([...images.flatMap((each) => each.app ?? []), ...others]);
  const [only] = named.size === 1 ? named : [];
  const [first] = images;
  const meant = app ?? only ?? (named.size === 0 && images.length === 1 ? first?.image : undefined);
  const open = images.filter((each) => each.app === undefined);
  if (open.length > 0 && meant === undefined) {
    const list = open.map(({ repository }) => `  { "app": "…", "repository": "${repository}", … }`).join('\n');
    throw new Error(
      `Input "images" does not say whose ${open.map(({ repository }) => repository).join(', ')} ${open.length > 1 ? 'are' : 'is'}. ` +
        `Name the app of each, or the one app of all of them with the input "app":\n\n${list}\n`,
    );
  }
  return images.map((each) => ({ ...each, app: each.app ?? meant ?? each.image }));
}

function imageOf({ app, repository, tag, digest }: v.InferOutput<typeof entrySchema>): GivenImage {
  const parts = parseReference(repository);
  const name = parts?.name ?? repository;
  return {
    app: app === '' ? undefined : app,
    image: name.split('/').at(-1) ?? name,
    repository: name,
    tag: tag === '' ? parts?.tag : tag,
    digest: digest === '' ? parts?.digest : digest,
  };
}
