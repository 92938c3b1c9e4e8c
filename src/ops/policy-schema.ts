import * as v from 'valibot';
import { DURATION } from './duration.js';

/** One segment of a path: no slash, no `..`, nothing a shell or a git ref would take as more than a name. */
export const NAME = /^(?!.*\.\.)[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;

const duration = v.pipe(v.string(), v.regex(DURATION, 'expected a duration such as 30m, 2h or 3d'));
const name = v.pipe(v.string(), v.regex(NAME, 'expected a name of letters, digits, ".", "_" and "-"'));

const freezeSchema = v.strictObject({
  cron: v.pipe(v.string(), v.description('When it begins: minute, hour, day of month, month, day of week.')),
  for: v.pipe(duration, v.description('How long it lasts, for example 64h.')),
  timezone: v.pipe(v.optional(v.string(), 'UTC'), v.description('IANA name, for example Europe/Berlin. Default: UTC.')),
});

const environmentSchema = v.strictObject({
  after: v.pipe(
    v.optional(v.union([name, v.array(name)])),
    v.description('The environment, or environments, that a version has to be in first.'),
  ),
  soak: v.pipe(v.optional(duration), v.description('How long it has to be there, for example 2h. Default: no time.')),
  cd: v.pipe(
    v.optional(v.boolean(), false),
    v.description('Whether the pull requests of new releases merge by themselves. Default: false.'),
  ),
  freeze: v.pipe(
    v.optional(v.array(freezeSchema), []),
    v.description('Times in which nothing merges by itself, for example the weekend.'),
  ),
  approvers: v.pipe(
    v.optional(v.array(v.string()), []),
    v.description('Who may approve a promotion into it: logins, or teams as owner/team.'),
  ),
});

const previewsSchema = v.strictObject({
  host: v.pipe(name, v.description('The environment whose cluster and settings previews use.')),
  limit: v.pipe(
    v.optional(v.pipe(v.number(), v.integer('expected a whole number'), v.minValue(0, 'expected 0 or more')), 20),
    v.description('How many previews there may be at a time. Default: 20.'),
  ),
  ttl: v.pipe(v.optional(duration, '72h'), v.description('How long a preview stays without activity. Default: 72h.')),
  url: v.pipe(v.optional(v.string()), v.description('Address of a preview, with {app} and {name} in it.')),
  reconciler: v.pipe(
    v.optional(v.picklist(['flux', 'argocd'])),
    v.description('What deploys the repository. Default: told from the repository.'),
  ),
  forks: v.pipe(
    v.optional(v.boolean(), false),
    v.description('Whether pull requests from forks get previews. Default: false.'),
  ),
});

/** The policy of an ops repository, `ostack.yaml`, as written. Every key is optional, and so is the file. */
export const policySchema = v.strictObject({
  environments: v.pipe(
    v.optional(v.record(v.string(), v.nullable(environmentSchema)), {}),
    v.description('The long-lived environments, by name. Default: the folders of the overlays.'),
  ),
  overlay: v.pipe(
    v.optional(v.string()),
    v.description(
      'Where overlays are, with {environment} and, where every app has a folder, {app}. Default: told from the tree.',
    ),
  ),
  previews: v.pipe(v.optional(previewsSchema), v.description('Environments for open pull requests.')),
});
