import { describe, expect, test } from '@jest/globals';
import { readArguments } from '../../src/cli/arguments.js';

const read = (line: string) => readArguments(line.split(' ').filter((word) => word !== ''));

describe('The command line', () => {
  test('names an ops repository, apps repositories and Apps', () => {
    expect(
      read('gate setup --ops acme/ops --apps acme/a --apps acme/b --ops-app gate --new-key proposer --json'),
    ).toEqual({
      command: 'setup',
      wanted: {
        ops: { owner: 'acme', name: 'ops' },
        apps: [
          { owner: 'acme', name: 'a' },
          { owner: 'acme', name: 'b' },
        ],
        slugs: { ops: 'gate' },
      },
      newKeys: ['proposer'],
      ...{ dryRun: false, json: true, browser: true, all: false, yes: false },
    });
  });

  test('names an infra repository instead', () => {
    expect(read('gate check --infra acme/infra')?.wanted).toEqual({
      ...{ ops: { owner: 'acme', name: 'infra' }, isInfra: true, apps: [], slugs: {} },
    });
  });

  test('hands a key to the ops repository and to each apps repository once', () => {
    expect(read('gate check --ops acme/ops --apps acme/a --apps acme/a --apps Acme/ops')?.wanted.apps).toEqual([
      { owner: 'acme', name: 'a' },
    ]);
  });

  test.each(['', '--help', 'gate setup --ops acme/ops -h'])('helps for "%s"', (line) => {
    expect(read(line)).toBeUndefined();
  });

  test.each([
    ['gates setup --ops acme/ops', 'Expected "gate", "previews" or "pin", found "gates".'],
    ['gate setpu --ops acme/ops', 'found "setpu". Did you mean "setup"?'],
    ['gate setup now --ops acme/ops', 'found "setup now"'],
    ['gate setup', 'Say which repository is meant, the ops or the infra one: --ops owner/name, or --infra owner/name.'],
    ['gate setup --ops acme/ops --infra acme/infra', 'Say which repository is meant'],
    ['gate setup --infra infra', '--infra is "infra", expected owner/name.'],
    ['gate setup --ops ops', '--ops is "ops", expected owner/name.'],
    ['gate setup --ops acme/ops --apps ..', '--apps is "..", expected owner/name.'],
    ['gate setup --ops acme/ops --new-key all', '--new-key is "all", expected ops or proposer.'],
    ['gate setup --ops acme/ops --force', "Unknown option '--force'"],
  ])('refuses "%s"', (line, message) => {
    expect(() => read(line)).toThrow(message);
  });
});
