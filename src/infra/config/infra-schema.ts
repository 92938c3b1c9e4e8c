import * as v from 'valibot';
import { workspaceSchema } from '../../apps/config.js';
import { approvalsField, approversField, freezeField } from '../../ops/policy/rule-fields.js';
import { nameField } from '../../ops/tree/name.js';

/** What a root may be called: it becomes a part of names of checks, branches, issues and paths in a space. */
export const ROOT_NAME = /^[A-Za-z0-9][\w-]*(?:[./][\w-]+)*$/;

const name = v.pipe(v.string(), v.regex(ROOT_NAME, 'expected a name of letters, digits, ".", "/", "_" and "-"'));

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
    approversField,
    v.description('Who may approve a plan of it, beside those of its environment: logins, or teams as owner/team.'),
  ),
  approvals: v.pipe(
    approvalsField,
    v.description('How many of them have to approve one. Default: 1, where approvers are named.'),
  ),
  environment: v.pipe(
    v.optional(v.string()),
    v.description(
      "The environment of GitHub that its jobs run in, which holds their credentials, and whose rules it has. Default: that of the workflow's input, and the rules of all.",
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

const environmentSchema = v.strictObject({
  freeze: v.pipe(freezeField, v.description('Times in which none of its roots is changed, for example the weekend.')),
  approvers: v.pipe(
    approversField,
    v.description(
      'Who may approve a change of it: logins, or teams as owner/team. An approval counts for the commit and the plans that it was ' +
        'given for: a push or another plan after it asks again. The author has none.',
    ),
  ),
  approvals: v.pipe(
    approvalsField,
    v.description('How many of the approvers have to approve a change of it. Default: 1, where approvers are named.'),
  ),
});

const lossesSchema = v.strictObject({
  approvers: v.pipe(
    v.pipe(v.array(v.string()), v.minLength(1, 'expected one login or team, or more')),
    v.description('Who may approve them: logins, or teams as owner/team.'),
  ),
  approvals: v.pipe(approvalsField, v.description('How many of them have to. Default: 1.')),
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
  environments: v.pipe(
    v.optional(v.record(nameField, v.nullable(environmentSchema)), {}),
    v.description('The rules of environments that roots name, by name. Roots that name none have the rules of all.'),
  ),
  losses: v.pipe(
    v.optional(v.union([v.literal(false), lossesSchema])),
    v.description(
      'Who has to approve what loses something for good, also where a change without losses takes nobody; false for nobody. ' +
        'Default: the approvers of the root or its environment, and where none are named, such a change is refused.',
    ),
  ),
  free: v.pipe(
    v.optional(v.array(v.string()), []),
    v.description(
      'Patterns of files that change nothing, beside *.md, LICENSE and docs/**. A file that a root takes in counts all the same.',
    ),
  ),
  paths: v.pipe(
    v.optional(v.record(v.string(), v.union([nameField, v.array(nameField)])), {}),
    v.description(
      'Whose files are that no root takes in: patterns, each with its environment or environments. Default: those of every environment.',
    ),
  ),
  workspace: v.pipe(
    v.optional(workspaceSchema),
    v.description('The workspace that the repository belongs to, for people who read this file.'),
  ),
});
