import { nameOf } from '../../../../github/connected.js';
import { code, fenced, plain } from '../../../../report/markdown.js';
import { ONBOARD } from '../../../ledger/action-names.js';
import type { ProposalReport } from '../../../pull-requests/proposal.js';
import { proposeOne, type SingleProposalSettings } from '../../../pull-requests/single-proposal.js';
import { planReports, type ReportsPlan, type ReportsRequest } from './plan-reports.js';

/**
 * Proposes that an environment reports whether it is live, in one pull request.
 *
 * @throws Error when the repository cannot be read or written
 */
export function onboardReports(
  settings: SingleProposalSettings,
  { environment, login }: Pick<ReportsRequest, 'environment' | 'login'>,
): Promise<ProposalReport> {
  const address = `${settings.options.serverUrl}/${nameOf(settings.ops)}`;
  // A secret has to be there first, so that a person merges it.
  const merge = settings.merge === 'auto' ? 'false' : settings.merge;
  return proposeOne({ ...settings, merge }, async ({ tree, layout, policy }) => {
    const request = { environment, login, address };
    const first = await planReports(tree, layout, policy, request);
    return {
      verb: ONBOARD,
      app: '*',
      environment,
      version: 'none',
      branch: `ostack-onboard/${environment}/-reports`,
      title: `${environment} reports whether it is live`,
      key: `reports ${login}`,
      plan: async (at) => (at === tree ? first : await planReports(at, layout, policy, request)).planned,
      paragraphs: () => paragraphsOf(request, first),
    };
  });
}

function paragraphsOf({ environment, login }: ReportsRequest, { written }: ReportsPlan): string[] {
  const { open, advice, secrets } = written;
  const secret =
    secrets.length === 0
      ? ''
      : `**Before it is merged**, put a token of ${code(login)} that may write commit statuses into the Secret ${secrets.map(code).join(' and ')}, ` +
        `under ${code('token')}, or the keys of its GitHub App: nobody writes secrets here.`;
  return [
    `Lets **${plain(environment)}** report whether it is live: what ${code(login)} posts counts.`,
    secret,
    `Until its cluster has reported, ${plain(environment)} is *pending*, then *unknown*, and nothing is promoted from it.`,
    ...[
      ...open.map((each) => ({ ...each, sign: '**Not written**: ' })),
      ...advice.map((each) => ({ ...each, sign: '' })),
    ].map(({ sign, what, lines }) => `${sign}${plain(what)}\n\n${fenced('yaml', lines)}`),
  ];
}
