import * as v from 'valibot';
import { workspaceSchema } from '../../apps/config.js';
import { receiversSchema } from '../../notify/receiver.js';
import { RECONCILER_NAMES } from '../reconcilers/all.js';
import { nameField as name } from '../tree/name.js';
import { readySchema } from './ready-policy.js';
import { approvalsField, approversField, durationField as duration, freezeField } from './rule-fields.js';
import { onFailureSchema, verifySchema } from './verify-policy.js';

const repositoryField = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/, 'expected a repository as owner/name'),
);

const branchName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+)*$/, 'expected the name of a branch'),
);

const imageRuleSchema = v.strictObject({
  match: v.pipe(
    v.string(),
    v.description('Whose names fit: with the registry and without tag, * for any characters, such as ghcr.io/acme/*.'),
  ),
  from: v.pipe(
    v.optional(repositoryField),
    v.description('The apps repository that they have to be built in, as owner/name. It takes workflow, too.'),
  ),
  workflow: v.pipe(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(/^\.github\/workflows\/[^/@]+\.ya?ml$/, 'expected a path such as .github/workflows/release.yml'),
      ),
    ),
    v.description('The workflow there whose runs build them: .github/workflows/release.yml.'),
  ),
  branches: v.pipe(
    v.optional(v.union([v.string(), v.array(v.string())])),
    v.description(
      'The branches there that releases are made from, * for any text without a slash. Default: the default branch.',
    ),
  ),
  calls: v.pipe(
    v.optional(
      v.array(
        v.pipe(
          v.string(),
          v.regex(
            /^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+(\/[A-Za-z0-9._/-]+)?(@[0-9a-f]{40})?$/,
            'expected owner/name, with a path and @<commit> where that is meant',
          ),
        ),
      ),
    ),
    v.description(
      'Reusable workflows of other repositories that it may call: owner/name, with a path and @<commit> where that is meant. Default: [ostack/actions].',
    ),
  ),
  pinned: v.pipe(
    v.optional(v.boolean()),
    v.description('Whether they need a digest. With from they do. Without from, false lets in whatever fits.'),
  ),
  deny: v.pipe(v.optional(v.boolean()), v.description('Whether they are kept out. Default: false.')),
});

const imageRules = v.optional(v.array(imageRuleSchema), []);

const environmentSchema = v.strictObject({
  after: v.pipe(
    v.optional(v.union([name, v.array(name)])),
    v.description('The environment, or environments, that a version has to be in first.'),
  ),
  soak: v.pipe(v.optional(duration), v.description('How long it has to be there, for example 2h. Default: no time.')),
  cd: v.pipe(
    v.optional(v.boolean(), false),
    v.description(
      'Whether its pull requests merge by themselves, once the rules here allow: those of releases, promotions, rollbacks and ' +
        'all that our actions propose for it. Default: false.',
    ),
  ),
  freeze: v.pipe(freezeField, v.description('Times in which it takes nothing but rollbacks, for example the weekend.')),
  approvers: v.pipe(
    approversField,
    v.description(
      'Who may approve a change of it: logins, or teams as owner/team. An approval counts for the commit that it was given ' +
        'for: a push after it asks again. The author has none, and changes that an approver asks for wait until they take that back.',
    ),
  ),
  approvals: v.pipe(
    approvalsField,
    v.description('How many of the approvers have to approve a change of it. Default: 1, where approvers are named.'),
  ),
  images: v.pipe(
    imageRules,
    v.description('Which images may come into it. These rules go before those of all environments.'),
  ),
  branch: v.pipe(
    v.optional(branchName),
    v.description(
      'The branch that it lives on: read there, and changed by pull requests into it. The policy stays on the default branch. ' +
        'Default: the default branch.',
    ),
  ),
  repository: v.pipe(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(
          /^[A-Za-z0-9][A-Za-z0-9-]*\/(?:[A-Za-z0-9._-]|\{app\})+$/,
          'expected a repository as owner/name, in which {app} may stand',
        ),
      ),
    ),
    v.description(
      'The repository that it lives in, as owner/name: owner/{app} where every app has one of its own. Default: this one.',
    ),
  ),
  promotion: v.pipe(
    v.optional(v.picklist(['copy', 'merge'])),
    v.description(
      'How promotions come into it: versions are copied, or the branch of the environment before it is merged. Default: copy.',
    ),
  ),
  ready: v.pipe(
    v.optional(readySchema),
    v.description(
      'What tells whether it is live: statuses that the cluster posts on the commits of its branch. Default: nothing does, and a ' +
        'version counts as soon as it is merged.',
    ),
  ),
  verify: v.pipe(
    v.optional(verifySchema),
    v.description(
      'The workflow that Ops watch starts for each change once it is live, and that has to succeed. Default: none.',
    ),
  ),
  'on-failure': v.pipe(
    v.optional(onFailureSchema),
    v.description(
      'What Ops watch does about a version that fails within watch of its merge: rollback takes it back once, and holds it there; ' +
        'hold keeps what is there; tell only says so. Default: tell.',
    ),
  ),
  watch: v.pipe(
    v.optional(duration, '30m'),
    v.description('How long after its merge a failure is taken for that of the new version. Default: 30m.'),
  ),
});

const quantity = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform(String),
  v.regex(/^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/, 'expected an amount such as 500m, 4 or 8Gi'),
);
const label = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'expected a namespace\'s name of small letters, digits and "-"'),
);

const quotaSchema = v.strictObject({
  cpu: v.pipe(v.optional(quantity, '4'), v.description('CPUs that all pods together may request. Default: 4.')),
  memory: v.pipe(v.optional(quantity, '8Gi'), v.description('Memory they may request. Default: 8Gi.')),
  storage: v.pipe(v.optional(quantity, '20Gi'), v.description('Storage they may claim. Default: 20Gi.')),
  pods: v.pipe(v.optional(quantity, '50'), v.description('How many pods there may be. Default: 50.')),
});

const networkSchema = v.strictObject({
  ingress: v.pipe(
    v.optional(v.array(label)),
    v.description('Namespaces that may reach its pods. Default: those that common ingress controllers live in.'),
  ),
  egress: v.pipe(
    v.optional(
      v.array(v.pipe(v.string(), v.regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/, 'expected addresses such as 10.20.0.0/16'))),
      [],
    ),
    v.description(
      'Addresses outside the preview that its pods may reach, for example 10.20.0.0/16. Default: none. Of 0.0.0.0/0, the metadata services of clouds stay out of reach.',
    ),
  ),
});

/** The `previews` of a policy, as written. */
export const previewsSchema = v.strictObject({
  host: v.pipe(name, v.description('The environment whose cluster and settings previews use.')),
  branch: v.pipe(
    v.optional(branchName, 'ostack/previews'),
    v.description('The branch that previews are on, and nothing else. Default: ostack/previews.'),
  ),
  limit: v.pipe(
    v.optional(v.pipe(v.number(), v.integer('expected a whole number'), v.minValue(0, 'expected 0 or more')), 20),
    v.description('How many previews there may be at a time. Default: 20.'),
  ),
  ttl: v.pipe(v.optional(duration, '72h'), v.description('How long a preview stays without activity. Default: 72h.')),
  keep: v.pipe(
    v.optional(v.union([v.literal(false), duration], 'expected a duration such as 7d, or false'), '7d'),
    v.description('The longest that somebody may keep one by a command, from then on, or false. Default: 7d.'),
  ),
  sleep: v.pipe(
    v.optional(v.strictObject({ after: v.pipe(duration, v.description('How long without activity: 2h.')) })),
    v.description('After what time without activity a preview is scaled to zero. Default: never.'),
  ),
  url: v.pipe(v.optional(v.string()), v.description('Address of a preview, with {app} and {name} in it.')),
  reconciler: v.pipe(
    v.optional(v.picklist(RECONCILER_NAMES)),
    v.description('What deploys the repository. Default: taken from the objects of the cluster.'),
  ),
  forks: v.pipe(
    v.optional(v.union([v.literal(false), v.literal('labelled')], 'expected false or labelled'), false),
    v.description('Whether a label of a maintainer gives a pull request from a fork its preview. Default: false.'),
  ),
  from: v.pipe(
    v.optional(v.array(repositoryField)),
    v.description(
      'The apps repositories, as owner/name, whose pull requests get previews where ops alone writes them. Default: those that guests and images name.',
    ),
  ),
  images: v.pipe(
    v.optional(v.array(v.string())),
    v.description(
      'Names of the images that pull requests bring where ops alone writes previews, with the registry and * for any characters. Default: previews/* beside the images that the host has.',
    ),
  ),
  others: v.pipe(
    v.optional(v.boolean(), true),
    v.description('Whether apps that the pull request leaves as they are run in its preview too. Default: true.'),
  ),
  apps: v.pipe(v.optional(v.array(name)), v.description('Which of them run there. Default: all that the host has.')),
  quota: v.pipe(
    v.optional(v.union([v.boolean(), quotaSchema]), true),
    v.description('What a preview may use of the cluster, or false for no bounds. Default: the bounds named below.'),
  ),
  network: v.pipe(
    v.optional(v.union([v.boolean(), networkSchema]), true),
    v.description(
      'Whom its pods may talk to, or false for anybody. Default: each other, DNS, and the ingress controller.',
    ),
  ),
  'pod-security': v.pipe(
    v.optional(v.picklist(['restricted', 'baseline', 'privileged']), 'restricted'),
    v.description(
      'What pods may be in a preview, a level of Kubernetes’ Pod Security Standards: others get no pods. Default: restricted.',
    ),
  ),
  kinds: v.pipe(
    v.optional(
      v.record(
        v.pipe(v.string(), v.regex(/^[A-Z][A-Za-z0-9]*\.[a-z0-9.-]+$/, 'expected Kind.group, such as Tenant.acme.dev')),
        v.picklist(['namespace', 'cluster']),
      ),
      {},
    ),
    v.description(
      'Where objects of kinds are that neither Kubernetes nor a definition in the repository tells, as Kind.group: namespace or cluster. What belongs to the whole cluster is in no preview.',
    ),
  ),
});

const appSchema = v.strictObject({
  overlay: v.pipe(
    v.optional(v.string()),
    v.description('Where its overlays are, with {environment}, instead of where those of all apps are.'),
  ),
  images: v.pipe(
    v.optional(v.array(v.string()), []),
    v.description('Its images whose names do not begin with its own, without tags: ghcr.io/acme/web.'),
  ),
});

const carrierSchema = v.strictObject({
  file: v.pipe(
    v.string(),
    v.description('Its file: a path, or a pattern with {environment}, {app} and * for any one name.'),
  ),
  path: v.pipe(
    v.string(),
    v.description('Where it is in the file: spec.values.web.version, images[0].newTag, data["web.tag"].'),
  ),
  image: v.pipe(
    v.string(),
    v.description('The image whose version it is, without tag and digest: ghcr.io/acme/web. It may have {app}.'),
  ),
  object: v.pipe(
    v.optional(v.string()),
    v.description('Kind/name of its object, where several objects of the file have the path. Default: the only one.'),
  ),
});

/** The schema of the policy of an ops repository, `ostack.yaml`. Every key is optional, and so is the file. */
export const policySchema = v.strictObject({
  environments: v.pipe(
    v.optional(v.record(v.string(), v.nullable(environmentSchema)), {}),
    v.description('The long-lived environments, by name. Default: the folders of the overlays.'),
  ),
  overlay: v.pipe(v.optional(v.string()), v.description('Short form of overlays with one pattern.')),
  overlays: v.pipe(
    v.optional(v.pipe(v.array(v.string()), v.minLength(1, 'expected one pattern or more'))),
    v.description(
      'Where overlays are: folders or files with {environment} and, where every app has its own, {app}; * is any one name. ' +
        'For example apps/{environment}/{app} or charts/{app}/values-{environment}.yaml. Default: taken from the folders of the repository.',
    ),
  ),
  apps: v.pipe(
    v.optional(v.record(name, v.nullable(appSchema)), {}),
    v.description('What the tree cannot tell of an app, by the name of the app.'),
  ),
  carriers: v.pipe(
    v.optional(v.array(carrierSchema), []),
    v.description(
      'Values that carry the version of an image and do not look like it. Default: those that are told from the files.',
    ),
  ),
  free: v.pipe(
    v.optional(v.array(v.string()), []),
    v.description(
      'Patterns of files that change no cluster, beside *.md, LICENSE and docs/**. A file that a cluster takes in counts all the same.',
    ),
  ),
  paths: v.pipe(
    v.optional(v.record(v.string(), v.union([name, v.array(name)])), {}),
    v.description(
      'Whose files are that nothing else tells of: patterns, each with its environment or environments. Default: those of every environment.',
    ),
  ),
  images: v.pipe(
    imageRules,
    v.description(
      'Which images may come into environments. The first rule that fits counts, and what none fits stays out. Default: whatever the policy lets in otherwise.',
    ),
  ),
  workspace: v.pipe(
    v.optional(workspaceSchema),
    v.description('The workspace that the repository belongs to. Default: growth of growth-ops, else none.'),
  ),
  guests: v.pipe(
    v.optional(v.union([v.array(workspaceSchema), v.record(workspaceSchema, repositoryField)]), []),
    v.description(
      'Other workspaces that keep apps here, with their apps repositories as owner/name: whatever those say themselves, their apps carry the name in front (shop of growth is growth-shop), and of images with a from they take those of that repository alone. A list of names fences nothing.',
    ),
  ),
  previews: v.pipe(v.optional(previewsSchema), v.description('Environments for open pull requests.')),
  notify: v.pipe(
    v.optional(receiversSchema, {}),
    v.description(
      'Who is told of releases, promotions, rollbacks and what runs, by a name of one’s own. Default: nobody.',
    ),
  ),
});

export type ImageRuleText = v.InferOutput<typeof imageRuleSchema>;

/** The policy as written, checked and with the schema's defaults. */
export type PolicyText = v.InferOutput<typeof policySchema>;
