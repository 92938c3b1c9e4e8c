import * as v from 'valibot';

/** One segment of a path: no slash, no `..`, nothing a shell or a git ref would take as more than a name. */
export const NAME_PATTERN = /^(?!.*\.\.)[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;

/** The name of an environment, an app or an image in a file of an ops repository. */
export const nameField = v.pipe(
  v.string(),
  v.regex(NAME_PATTERN, 'expected a name of letters, digits, ".", "_" and "-"'),
);
