import type { Change } from './people.js';

/** What an operations manager or a developer of Acme does, once releases are there. */
export type Operation =
  /** *Run workflow* in ops, with what is filled into its form. */
  | { does: 'dispatch'; heading: string; workflow: string; inputs: Readonly<Record<string, string>> }
  /** Merges the pull request in ops whose branch begins so. */
  | { does: 'merge'; heading: string; branch: string }
  /** Pushes to the main branch of apps. */
  | { does: 'push'; heading: string; change: Change };

function promote(heading: string): Operation {
  return {
    does: 'dispatch',
    heading,
    workflow: 'promote.yml',
    inputs: { from: 'staging', to: 'production', apps: '*' },
  };
}

function pushed(author: string, title: string, edit: (text: string) => string): Operation {
  const change = { author, title, branch: 'main', edits: { 'apps/shop/web/catalogue.js': edit } };
  return { does: 'push', heading: `${author} pushes "${title}"`, change };
}

const mergePromotion: Operation = {
  does: 'merge',
  heading: 'olga reads what it brings, and merges it',
  branch: 'ostack-promote/production',
};

/** A promotion, a bad release on its heels, its rollback, and the fix that production does not take by itself. */
export const OPERATIONS: readonly Operation[] = [
  promote('olga promotes what staging runs to production'),
  mergePromotion,
  pushed('ada', 'fix(shop): from tomorrow', (text) => text.replace('from today', 'from tomorrow')),
  promote('olga promotes it, too early as will turn out'),
  mergePromotion,
  {
    does: 'dispatch',
    heading: 'olga rolls the shop in production back',
    workflow: 'rollback.yml',
    inputs: { environment: 'production', app: 'shop', reason: 'Customers see the wrong day', direct: 'true' },
  },
  pushed('ada', 'fix(shop): from today, after all', (text) => text.replace('from tomorrow', 'from today')),
  { does: 'dispatch', heading: 'olga asks where everything stands', workflow: 'ops-status.yml', inputs: {} },
];
