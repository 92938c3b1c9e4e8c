/** Production takes what one of three people approves; frank was one of them once. */
import { at, base, overlay } from './plain.js';

export const RULES = 'environments:\n  staging: {}\n  production: { approvers: [grace, heidi, ivan] }\n';

export const APPROVED = [
  {
    'ostack.yaml': RULES.replace('grace', 'frank, grace'),
    ...base('shop'),
    [at('staging')]: overlay('1.5.0'),
    [at('production')]: overlay('1.4.0'),
  },
  { 'ostack.yaml': RULES },
];
