import type { Change } from './people.js';

/** One step of an operations manager or a developer of Acme after the first releases. */
export type Operation =
  /** Starts *Run workflow* in ops with these inputs. */
  | { does: 'dispatch'; heading: string; workflow: string; inputs: Readonly<Record<string, string>> }
  /** Merges the pull request in ops whose branch begins so. */
  | { does: 'merge'; heading: string; branch: string }
  /** Pushes to the main branch of apps. */
  | { does: 'push'; heading: string; change: Change }
  /** Sets the gate up in ops. */
  | { does: 'guard'; heading: string; by: string }
  /** Opens a pull request in ops that the policy does not permit, and tries to merge it. */
  | { does: 'attempt'; heading: string; change: Change }
  /** Opens a pull request in ops that the policy does not permit, and merges it past the rules, as an administrator can. */
  | { does: 'bypass'; heading: string; change: Change };

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

/** Another version in production, by hand. */
const byHand = (author: string, branch: string): Change => ({
  author,
  title: 'chore: quick fix',
  branch,
  edits: {
    'overlays/production/mailer/kustomization.yaml': (text) => text.replace(/newTag: .*/, 'newTag: 9.9.9'),
  },
});

/** Somebody with write access to ops takes a short cut. */
const shortCut: Operation = {
  does: 'attempt',
  heading: 'mallory writes another version into production by hand, and tries to merge it',
  change: byHand('mallory', 'quick-fix'),
};

/** An administrator does what nobody can be kept from who may change the rules. */
const bypass: Operation = {
  does: 'bypass',
  heading: 'ada, an administrator, switches the rules off and merges such a change, and the audit finds it',
  change: byHand('ada', 'quick-fix-again'),
};

/** The gate, a promotion, then a bad release, its rollback, and the fix, which production does not get automatically. */
export const OPERATIONS: readonly Operation[] = [
  { does: 'guard', heading: 'ada sets the gate up, with "ostack gate setup"', by: 'ada' },
  shortCut,
  promote('olga promotes what staging runs to production'),
  mergePromotion,
  pushed('ada', 'fix(shop): from tomorrow', (text) => text.replace('from today', 'from tomorrow')),
  promote('olga promotes it, too early as will turn out'),
  mergePromotion,
  {
    does: 'dispatch',
    heading: 'olga rolls the shop in production back',
    workflow: 'rollback.yml',
    inputs: { environment: 'production', app: 'shop', reason: 'Customers see the wrong day' },
  },
  { does: 'merge', heading: 'olga merges that, which the gate lets in at once', branch: 'ostack-rollback/production' },
  pushed('ada', 'fix(shop): from today, after all', (text) => text.replace('from tomorrow', 'from today')),
  bypass,
  {
    does: 'merge',
    heading: 'olga merges what the audit opened, and production has its version again',
    branch: 'ostack-audit/revert-',
  },
  { does: 'dispatch', heading: 'olga asks where everything stands', workflow: 'ops-status.yml', inputs: {} },
];
