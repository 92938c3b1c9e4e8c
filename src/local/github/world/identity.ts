import type { Signature } from '../git/commit.js';
import { noReplyAddress } from '../views/user.js';
import type { Account } from './accounts.js';
import type { World } from './world.js';

/** How an account signs a commit that GitHub makes for it. */
export function signatureOf(world: World, account: Account): Signature {
  return { name: account.login, email: noReplyAddress(account), date: world.now(), offset: 0 };
}

/** The committer of every commit that GitHub itself makes. */
export function githubSignature(world: World): Signature {
  return { name: 'GitHub', email: 'noreply@github.com', date: world.now(), offset: 0 };
}
