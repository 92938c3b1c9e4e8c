/** An app that both environments had several versions of, with a soak time that the newest is not through, and a hold. */
import { at, base, overlay } from './plain.js';

const POLICY = `environments:
  staging: {}
  production: { after: staging, soak: 2h, approvers: [grace] }
`;
export const HOLDS = '.ostack/holds.yaml';
export const hold = (app: string, version: string, environment = 'production') =>
  `- { environment: ${environment}, app: ${app}, version: ${version}, since: 2026-11-01T10:00:00Z, by: ada }\n`;

export const CLAIMED = [
  {
    'ostack.yaml': POLICY,
    ...base('shop'),
    ...base('mailer'),
    [at('staging')]: overlay('1.3.0'),
    [at('production')]: overlay('1.3.0'),
    [at('staging', 'mailer')]: overlay('0.4.0', 'mailer'),
    [at('production', 'mailer')]: overlay('0.4.0', 'mailer'),
    [HOLDS]: hold('mailer', '0.4.0'),
  },
  { [at('staging')]: overlay('1.4.0') },
  { [at('production')]: overlay('1.4.0') },
  { [at('staging')]: overlay('1.5.0') },
];
