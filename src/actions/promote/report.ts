import * as core from '@actions/core';
import type { PromotionProposal } from '../../ops/promotion/prepare.js';
import type { ProposalReport } from '../../ops/propose/proposal.js';
import { code, plain, table } from '../../report/markdown.js';

type Report = ProposalReport<PromotionProposal>;

/** The output `promotions`: what became of each app in each environment. */
export function writeOutputs({ results }: Report): void {
  core.setOutput(
    'promotions',
    results.flatMap(({ proposal: { decision }, number, url }) => {
      const place = { environment: decision.environment.name, from: decision.source.label };
      return [
        ...decision.going.map(({ app, moved }) => ({
          ...place,
          ...{ app, previous: moved.previous, version: moved.version, state: 'proposed', reason: '', number, url },
        })),
        ...decision.same.map(({ app, version }) => ({
          ...place,
          ...{ app, previous: version, version, state: 'there', reason: '', number: null, url: '' },
        })),
        ...decision.left.map(({ app, message, held }) => ({
          ...place,
          ...{ app, previous: null, version: null, state: held ? 'held' : 'refused', reason: message },
          ...{ number: null, url: '' },
        })),
      ];
    }),
  );
}

/** Apps and versions of each environment, for the job summary. */
export function notesOf({ results }: Report): string[] {
  const rows = results.flatMap(({ proposal: { decision } }) => [
    ...decision.going.map(({ app, moved }) => [
      plain(app),
      plain(decision.environment.name),
      `${moved.previous === null ? '' : `${code(moved.previous)} → `}${moved.version === null ? '' : code(moved.version)}`,
      moved.isNew ? 'new' : '',
    ]),
    ...decision.left.map(({ app, message }) => [plain(app), plain(decision.environment.name), '', plain(message)]),
  ]);
  return rows.length === 0 ? [] : [table(['app', 'environment', 'version', ''], rows)];
}
