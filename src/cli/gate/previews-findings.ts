import { PREVIEWS_WORKFLOW } from './names.js';
import { guardsBranch, mendPreviewsRuleset, ownPreviewsRuleset } from './previews-ruleset.js';
import { includesBranch } from './ruleset.js';
import type { Bypass, GateState, Ruleset } from './state.js';

/** The same as of the gate: somebody gets past it or it does not work, or it is worth knowing. */
interface PreviewsFinding {
  weight: 'open' | 'note';
  text: string;
  mend: string | undefined;
}

const PAGE = 'https://github.com/ostack/actions/blob/main/docs/previews.md#where-ops-alone-writes-them';
const HOLDER = "Whoever gets hold of the proposer's key (every workflow of an apps repository can read it)";

/**
 * What somebody could do to the branch of previews, or what keeps previews from being written.
 *
 * @param setup the command that does what is missing
 */
export function previewsFindings(state: GateState, setup: string): PreviewsFinding[] {
  const { previews, rulesets, apps } = state;
  const { branch, isUsed } = previews;
  if (rulesets === undefined) {
    return [];
  }
  if (!rulesets.some((ruleset) => guardsBranch(ruleset, branch))) {
    const text = `${HOLDER} decides what the cluster of previews runs, because no ruleset keeps ${branch} to the ops App.`;
    const own = ownPreviewsRuleset(state);
    const isMeant = own !== undefined || previews.isServed;
    return isMeant ? [{ weight: 'open', text, mend: setup }] : isUsed ? [{ weight: 'note', text, mend: PAGE }] : [];
  }
  const own = ownPreviewsRuleset(state);
  const { ops } = apps;
  const changes =
    own === undefined || ops === undefined ? [] : mendPreviewsRuleset(own, { ...apps, ops }, branch).changes;
  return [
    ...changes.map((change) => ({
      weight: 'open' as const,
      text: `Previews are not as they should be: of the ruleset "${own?.name}" is to be true that ${change}.`,
      mend: setup,
    })),
    ...(own?.bypass ?? []).flatMap((each) => bypassFinding(each, state, own)),
    ...unwritten(state),
  ];
}

/** The repository role of administrators, in GitHub's numbers. */
const ADMIN_ROLE = 5;

function bypassFinding(
  { type, id }: Bypass,
  { apps, previews }: GateState,
  ruleset: Ruleset | undefined,
): PreviewsFinding[] {
  if (type === 'Integration' && (id === apps.ops?.id || id === apps.proposer?.id)) {
    return [];
  }
  const isAdmin = type === 'OrganizationAdmin' || (type === 'RepositoryRole' && id === ADMIN_ROLE);
  const who = isAdmin ? 'An administrator' : `Whoever is ${type} ${id ?? ''}`.trim();
  const text = `${who} decides what the cluster of previews runs, because the ruleset "${ruleset?.name ?? ''}" of ${previews.branch} lets them bypass it.`;
  return [{ weight: isAdmin ? 'note' : 'open', text, mend: ruleset?.link }];
}

/** What keeps the ops App from writing them. */
function unwritten({ previews, repository, rulesets = [], apps }: GateState): PreviewsFinding[] {
  const { branch, isServed, sources, disabled } = previews;
  const { owner, name, defaultBranch } = repository;
  const open = (why: string, mend: string | undefined): PreviewsFinding => ({
    ...{ weight: 'open', text: `No preview is written, because ${why}.`, mend },
  });
  const isBound = ({ bypass }: Ruleset) =>
    bypass !== undefined && !bypass.some(({ type, id }) => type === 'Integration' && id === apps.ops?.id);
  const others = rulesets.filter(
    (each) =>
      each.enforcement === 'active' &&
      includesBranch(each, branch, false) &&
      isBound(each) &&
      each.rules.some(isInTheWay),
  );
  return [
    ...(isServed ? [] : [open(`${defaultBranch} has no ${PREVIEWS_WORKFLOW}`, PAGE)]),
    ...(disabled === undefined
      ? []
      : [
          open(
            `${PREVIEWS_WORKFLOW} is disabled (${disabled})`,
            `gh workflow enable preview-requests.yml --repo ${owner}/${name}`,
          ),
        ]),
    ...(sources.length > 0 ? [] : [open('the policy names no apps repository that may ask for one', PAGE)]),
    ...others.map((each) =>
      open(`the ruleset "${each.name}" holds on ${branch}, too, and binds the ops App`, each.link),
    ),
  ];
}

/** Rules that keep a push away. */
function isInTheWay({ type }: { type: string }): boolean {
  return ['creation', 'update', 'pull_request', 'required_status_checks', 'merge_queue'].includes(type);
}
