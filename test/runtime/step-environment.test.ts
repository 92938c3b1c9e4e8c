import { describe, expect, test } from '@jest/globals';
import { cacheAccess, withoutStep } from '../../src/runtime/step-environment.js';

const OF_THE_JOB = {
  PATH: '/bin',
  CI: 'true',
  GITHUB_SHA: 'a',
  GITHUB_REPOSITORY: 'acme/apps',
  ACTIONS_STEP_DEBUG: 'true',
};

const OF_THE_CACHE = {
  ACTIONS_RUNTIME_TOKEN: 'secret',
  ACTIONS_RUNTIME_URL: 'https://pipelines',
  ACTIONS_RESULTS_URL: 'https://results',
  ACTIONS_CACHE_URL: 'https://cache',
};

const OF_THE_STEP = {
  GITHUB_OUTPUT: '/o',
  GITHUB_ENV: '/e',
  GITHUB_PATH: '/p',
  GITHUB_STATE: '/t',
  GITHUB_STEP_SUMMARY: '/s',
  GITHUB_ACTION_PATH: '/a',
  INPUT_APPS: 'a',
  'INPUT_GITHUB-TOKEN': 'secret',
  STATE_x: 'y',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token',
};

describe('A program that runs the code of a project', () => {
  test('gets the variables of the job and none of the step', () => {
    expect(withoutStep({ ...OF_THE_JOB, ...OF_THE_CACHE, ...OF_THE_STEP })).toEqual(OF_THE_JOB);
  });

  test('gets what leads to the cache of the runner where that was asked for', () => {
    expect(cacheAccess({ ...OF_THE_JOB, ...OF_THE_CACHE, ...OF_THE_STEP })).toEqual(OF_THE_CACHE);
  });
});
