/** An ops repository that workspaces share, and what the gate says of the images that come into it. */
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { changeOf, type Files } from '../../ops/judgement/support.js';
import { at, base } from './plain.js';

const rule = (match: string, from: string) =>
  `- { match: "ghcr.io/acme/${match}", from: acme/${from}, workflow: .github/workflows/release.yml }\n`;

/** Who is whose guest, and who builds what. */
export const SHARED = `environments: { production: {} }
guests: { growth: acme/growth-apps, labs: acme/labs-apps }
apps: { growth-shop: { images: [ghcr.io/acme/growth-shop, ghcr.io/acme/labs-shop] } }
images:
${rule('growth-*', 'growth-apps')}${rule('labs-*', 'labs-apps')}${rule('*', 'apps')}`;

const overlay = (app: string, image: string, digest: string) =>
  `resources: [../../../bases/${app}]\nimages: [{ name: ghcr.io/acme/${app}, newName: ghcr.io/acme/${image}, digest: "sha256:${digest.repeat(64)}" }]\n`;

const FILES: Files = {
  'ostack.yaml': SHARED,
  ...base('shop'),
  ...base('growth-shop'),
  [at('production', 'shop')]: overlay('shop', 'shop', 'a'),
  [at('production', 'growth-shop')]: overlay('growth-shop', 'growth-shop', 'a'),
};

export const FENCED = /^\S+ is built by acme\/\S+, and \S+ in production is of /;
export const LET_IN = /^comes in$/;

/** What the fence says of an app of production that takes another image. @param more what else the pull request changes */
export async function taking(app: string, image: string, more: Files = {}): Promise<string> {
  const edits = { [at('production', app)]: overlay(app, image, 'b'), ...more };
  const facts = await inspectChange(changeOf(FILES, edits), 'acme/ops');
  const messages = (facts.problems.get('production') ?? []).map(({ message }) => message);
  return messages.find((message) => message.includes('"guests"')) ?? 'comes in';
}
