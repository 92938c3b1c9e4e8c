import { approvedBy } from '../support/approved.js';
import { TEMPLATE, template } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

/** An image that a template of a chart puts together, approved as a change of labels would be. */
export const attack: Attack = {
  attack: {
    files: { [TEMPLATE]: template('{{ printf "%s:%s" "ghcr.io/evil/x" "6" }}') },
    afterwards: approvedBy('grace'),
  },
  refused: /ghcr\.io\/evil\/x comes into production as a part of an image that a template makes/,
  honest: {
    files: { [TEMPLATE]: template('{{ .Values.image.repository }}:{{ .Values.image.tag }}', 'level: {{ "debug" }}') },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
