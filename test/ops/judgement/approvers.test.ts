import { describe, expect, test } from '@jest/globals';
import { approvalsOf } from '../../../src/ops/judgement/approvers.js';

const TEAMS: Record<string, readonly string[]> = { 'acme/leads': ['Grace', 'linus'] };
const members = async (team: string) => TEAMS[team];

describe('approvals of approvers', () => {
  test.each<[string[], string[], string[], object]>([
    [['ada'], ['ada', 'ken'], [], { given: ['ada'], refused: [], problem: undefined }],
    [['ada', 'acme/leads'], ['grace', 'ADA'], [], { given: ['grace', 'ADA'], refused: [], problem: undefined }],
    [['acme/leads'], ['grace'], ['linus', 'ken'], { given: ['grace'], refused: ['linus'], problem: undefined }],
    [['acme/gone'], [], [], { given: [], refused: [], problem: undefined }],
    [
      ['ada', 'acme/gone'],
      ['ada'],
      [],
      {
        given: ['ada'],
        refused: [],
        problem:
          'This token cannot see who is in acme/gone: give "members-token" a GitHub App\'s with "members: read".',
      },
    ],
  ])('%j, approved by %j and refused by %j', async (approvers, approvedBy, refusedBy, expected) => {
    expect(await approvalsOf(approvers, { approvedBy, refusedBy }, members)).toEqual(expected);
  });
});
