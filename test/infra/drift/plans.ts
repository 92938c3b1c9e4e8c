import { differencesOf } from '../../../src/infra/drift/differences.js';
import { redactorOf } from '../../../src/infra/redact/redactor.js';

/** A resource as a plan has it. */
export const resource = (address: string, change: object, more: object = {}) => ({
  ...{ address, type: address.split('.')[0], mode: 'managed' },
  change,
  ...more,
});

export const changed = (before: object, after: object, more: object = {}) => ({
  actions: ['update'],
  before,
  after,
  ...more,
});
export const gone = (before: object) => ({ actions: ['delete'], before, after: null });
export const made = (after: object) => ({ actions: ['create'], before: null, after });

/** What differs: of what was changed outside, and of what a plan would do. */
export const differences = (
  outside: readonly object[],
  planned: readonly object[] | undefined,
  secrets: string[] = [],
) =>
  differencesOf(
    { format_version: '1.2', resource_drift: outside },
    planned === undefined ? undefined : { format_version: '1.2', resource_changes: planned },
    redactorOf(secrets.map((text) => ({ text, name: '' }))),
    { stateful: ['ledger'], wasProtected: (address) => address === 'x.kept' },
  );
