import { describe, expect, test } from '@jest/globals';
import { readForkRun } from '../../../src/actions/quarantine-images/fork-run.js';

const HEAD = 'a'.repeat(40);
const ended = {
  event: 'pull_request',
  head_branch: 'topic',
  head_sha: HEAD,
  head_repository: { full_name: 'mallory/apps' },
};
const event = (change: object, name = 'workflow_run') => ({ name, payload: { workflow_run: { ...ended, ...change } } });

describe('the run that has ended', () => {
  test('is one of a pull request from a fork', () => {
    const run = { fork: 'mallory/apps', branch: 'topic', head: HEAD };
    expect(readForkRun(event({}), 'acme/apps')).toEqual(run);
  });

  test.each([
    ['of another event', event({}, 'push'), 'This run is of the event "push", expected "workflow_run"'],
    ['at no commit', event({ head_sha: 'main' }), 'expected "workflow_run"'],
    ['of a push to the fork', event({ event: 'push' }), 'is of the event "push" in "mallory/apps"'],
    ['of the repository itself', event({ head_repository: { full_name: 'Acme/apps' } }), 'in "Acme/apps", expected'],
    ['of a fork that is gone', event({ head_repository: null }), 'is of the event "pull_request" in "", expected'],
  ])('is none %s', (_name, given, message) => {
    expect(() => readForkRun(given, 'acme/apps')).toThrow(message);
  });
});
