import type { Mutation } from './mutation.js';

const REDACTED = ['test/infra/redact/redactor.test.ts'];
const FAILED = ['test/infra/plan/failure-text.test.ts'];

/** Rules of what of a plan is secret, where the tool does not mark it. */
export const INFRA_SECRETS: readonly Mutation[] = [
  {
    name: 'what the state of another root calls like a secret is one',
    file: 'src/infra/redact/sensitive-values.ts',
    text: '(name) => isSecretName(name) || secretOutputs.has(name)',
    replacement: '(name) => secretOutputs.has(name)',
    tests: REDACTED,
  },
  {
    name: 'what another root declares sensitive is so where its state is read',
    file: 'src/infra/redact/sensitive-values.ts',
    text: '(name) => isSecretName(name) || secretOutputs.has(name)',
    replacement: '(name) => isSecretName(name)',
    tests: REDACTED,
  },
  {
    name: 'a secret in a text of JSON in JSON is hidden',
    file: 'src/infra/redact/secret-forms.ts',
    text: 'level < MOST_LEVELS; level++',
    replacement: 'level < 1; level++',
    tests: REDACTED,
  },
  {
    name: 'a short line of a secret is hidden',
    file: 'src/infra/redact/secret-forms.ts',
    text: 'line.length >= SHORTEST_PART || ',
    replacement: 'line.length >= SHORTEST_PART && ',
    tests: REDACTED,
  },
  {
    name: 'a part of a secret of pairs is hidden by its name',
    file: 'src/infra/redact/secret-forms.ts',
    text: 'yield* assignmentsIn(text);',
    replacement: '',
    tests: REDACTED,
  },
  {
    name: 'names of secrets may be written in one',
    file: 'src/infra/redact/sensitive-values.ts',
    text: 'SECRET_NAME.test(name.replace(',
    replacement: "SECRET_NAME.test(name) && '' === (name.replace(",
    tests: REDACTED,
  },
  {
    name: 'a number is hidden as the tool writes it',
    file: 'src/infra/redact/secret-forms.ts',
    text: ', asNumber(value)]',
    replacement: ']',
    tests: REDACTED,
  },
  {
    name: 'where ephemeral values are read no details of a failure are shown',
    file: 'src/infra/plan/plan-root.ts',
    text: 'const isKnown = !isEphemeral && ',
    replacement: 'const isKnown = ',
    tests: FAILED,
  },
  {
    name: 'ephemeral values of modules from elsewhere are seen in the plan',
    file: 'src/infra/plan/plan-root.ts',
    text: 'sources.isEphemeral || hasEphemeral(json)',
    replacement: 'sources.isEphemeral',
    tests: FAILED,
  },
];
