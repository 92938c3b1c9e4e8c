import type { Change } from './people.js';

/** One pull request of a developer of Acme. */
export interface PullRequestStep {
  change: Change;
  /** What is said in a comment on it, after its environment is up, and what comes of it. */
  says?: { by: string; body: string; so: string };
  /** A second push to the pull request after that. */
  second?: Change;
}

const freeShipping: Change = {
  author: 'ada',
  title: 'feat(shop): free shipping above 50 euros',
  branch: 'free-shipping',
  edits: {
    'packages/ui/page.js': (text) =>
      `${text}\n/** A short line that a customer should not miss. */\nexport function banner(text) {\n  return \`<p role="status">\${escapeHtml(text)}</p>\`;\n}\n`,
    'apps/shop/web/catalogue.js': (text) =>
      text.replace('import { escapeHtml, page, price }', 'import { banner, escapeHtml, page, price }').replace(
        '`<ul>${items',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source code
        "`${banner('Free shipping above €50')}<ul>${items",
      ),
  },
};

/** What Acme's developers merge today: a feature that reaches the shop through a shared package, and a small fix. */
export const PULL_REQUESTS: readonly PullRequestStep[] = [
  {
    change: freeShipping,
    says: { by: 'grace', body: '/preview keep 6d', so: 'who tests it until next week, keeps its environment' },
    second: {
      ...freeShipping,
      title: 'fix(shop): say from when',
      edits: { 'apps/shop/web/catalogue.js': (text) => text.replace('above €50', 'above €50, from today') },
    },
  },
  {
    change: {
      author: 'grace',
      title: 'fix(mailer): one blank line before the total',
      branch: 'receipt-total',
      edits: {
        'apps/mailer/src/receipt.js': (text) => text.replace('[...items, `Total', "[...items, '', `Total"),
        'apps/mailer/test/receipt.test.js': (text) => text.replace('\\nTotal:', '\\n\\nTotal:'),
      },
    },
  },
];
