import * as v from 'valibot';

/**
 * The name of an environment, an app or an image. It can be a segment of a path and a part of a git ref: no slash, no
 * `..`, and nothing that means more than a name to a shell.
 *
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export const NAME_PATTERN = /^(?!.*\.\.)[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;

/** A field for the name of an environment, an app or an image in a file of an ops repository. */
export const nameField = v.pipe(
  v.string(),
  v.regex(NAME_PATTERN, 'expected a name of letters, digits, ".", "_" and "-"'),
);
