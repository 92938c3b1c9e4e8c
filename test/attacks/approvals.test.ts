import { attack as comesFromABot } from './approvals/comes-from-a-bot.js';
import { attack as comesFromAFormerApprover } from './approvals/comes-from-a-former-approver.js';
import { attack as comesFromNobodyOnTheList } from './approvals/comes-from-nobody-on-the-list.js';
import { attack as comesFromOneWhoMayNotWrite } from './approvals/comes-from-one-who-may-not-write.js';
import { attack as comesFromOneWhoPushed } from './approvals/comes-from-one-who-pushed.js';
import { attack as comesFromTheAuthor } from './approvals/comes-from-the-author.js';
import { attack as isAComment } from './approvals/is-a-comment.js';
import { attack as isAboutAnOlderCommit } from './approvals/is-about-an-older-commit.js';
import { attack as namesItsOwnApprover } from './approvals/names-its-own-approver.js';
import { attack as wasDismissed } from './approvals/was-dismissed.js';
import { attack as wasGivenForAnotherBase } from './approvals/was-given-for-another-base.js';
import { attack as wasTakenBack } from './approvals/was-taken-back.js';
import { APPROVED } from './support/approvers.js';
import { tryAll } from './support/proposals.js';

tryAll('approvals', APPROVED, {
  'comes-from-a-bot': comesFromABot,
  'comes-from-a-former-approver': comesFromAFormerApprover,
  'comes-from-nobody-on-the-list': comesFromNobodyOnTheList,
  'comes-from-one-who-may-not-write': comesFromOneWhoMayNotWrite,
  'comes-from-one-who-pushed': comesFromOneWhoPushed,
  'comes-from-the-author': comesFromTheAuthor,
  'is-a-comment': isAComment,
  'is-about-an-older-commit': isAboutAnOlderCommit,
  'names-its-own-approver': namesItsOwnApprover,
  'was-dismissed': wasDismissed,
  'was-given-for-another-base': wasGivenForAnotherBase,
  'was-taken-back': wasTakenBack,
});
