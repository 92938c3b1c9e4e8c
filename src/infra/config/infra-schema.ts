import * as v from 'valibot';

/** A name becomes a part of names of checks, branches and paths in a space. */
const name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][\w-]*(?:[./][\w-]+)*$/, 'expected a name of letters, digits, ".", "/", "_" and "-"'),
);

/** A folder or file of the repository. */
const path = v.pipe(
  v.string(),
  v.check(
    (text) => text === '.' || /^(?!\/)(?:(?!\.{1,2}(?:\/|$))[^/\\\0]+(?:\/(?!$)|$))+$/.test(text),
    'expected a path inside of the repository, without "./" and "../"',
  ),
);

const rootSchema = v.strictObject({
  path: v.pipe(v.optional(path), v.description('Its folder. Default: its name.')),
  after: v.pipe(
    v.optional(v.union([name, v.array(name)])),
    v.description('The root, or roots, that are applied before it, and after which it is planned anew.'),
  ),
  approvers: v.pipe(
    v.optional(v.array(v.string()), []),
    v.description('Who may approve a plan of it: logins, or teams as owner/team.'),
  ),
  environment: v.pipe(
    v.optional(v.string()),
    v.description(
      "The environment of GitHub that its jobs run in, which holds their credentials. Default: that of the workflow's input.",
    ),
  ),
  workspace: v.pipe(v.optional(name), v.description('The workspace of the tool. Default: the default one.')),
  'var-files': v.pipe(
    v.optional(v.array(path), []),
    v.description('Files of values, relative to its folder, the strongest last.'),
  ),
  'backend-config': v.pipe(
    v.optional(v.array(v.pipe(v.string(), v.regex(/^[^-\s]/, 'expected a file, or a setting as key=value'))), []),
    v.description('What its backend block leaves open: files relative to its folder, or key=value. No secrets.'),
  ),
});

/** `ostack.yaml` of an infra repository, as it is written. */
export const infraSchema = v.strictObject({
  tool: v.pipe(
    v.optional(v.picklist(['tofu', 'terraform'])),
    v.description(
      'The program that plans and applies. Default: the one that is there; where both are, the one that made the lock files.',
    ),
  ),
  roots: v.pipe(
    v.optional(v.record(name, rootSchema), {}),
    v.description(
      'Its root modules. Default: folders with a backend or cloud block, and others with files that no module calls.',
    ),
  ),
  stateful: v.pipe(
    v.optional(
      v.array(v.pipe(v.string(), v.regex(/^!?[\w*]+$/, 'expected a type of resources, with * for any characters'))),
      [],
    ),
    v.description(
      'More types of resources whose loss is said before all else: acme_ledger*. With ! before it, such a loss is none: !aws_ebs_volume.',
    ),
  ),
});
