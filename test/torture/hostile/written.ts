import * as v from 'valibot';
import type { Stage } from '../../../src/local/stage.js';
import { livePartsOf } from '../../support/github-page.js';
import { EVERYTHING, STOLEN } from './values.js';
import { leaks } from './watch.js';

const pulls = v.array(v.object({ number: v.number(), title: v.string(), body: v.nullable(v.string()) }));
const bodies = v.array(v.object({ body: v.nullable(v.string()) }));

/**
 * Everything that actions have written on GitHub and that they may not have: live parts in their pull requests, comments
 * and releases, trailers that nobody meant, secrets anywhere. Texts of people have no mark of ours and are left out.
 *
 * @param branches whose commits are looked at
 * @param servers origins to which links may go, besides GitHub itself
 */
export async function violationsIn(
  stage: Stage,
  repository: string,
  branches: readonly string[],
  secrets: readonly string[] = [stage.token],
  servers: readonly string[] = [],
): Promise<string[]> {
  const read = async <S extends v.GenericSchema>(schema: S, path: string) => {
    const headers = { authorization: `Bearer ${stage.token}` };
    const answer = await fetch(`${stage.apiUrl}/repos/${repository}/${path}`, { headers });
    return v.parse(schema, await answer.json());
  };
  const opened = await read(pulls, 'pulls?state=all&per_page=100');
  const comments = await Promise.all(opened.map(({ number }) => read(bodies, `issues/${number}/comments`)));
  const releases = await read(bodies, 'releases?per_page=100');
  const texts = [...opened, ...comments.flat(), ...releases].map(({ body }) => body ?? '').filter(isOurs);
  const names = opened.map(({ title }) => title);
  const local = stage.github.repository(repository);
  const commits = (await Promise.all(branches.map((branch) => local.log(branch)))).flat();
  return [
    ...texts.flatMap((text) => livePartsOf(text, [stage.serverUrl, ...servers])),
    ...names.filter((title) => /[\r\n]/.test(title)).map((title) => `a title of several lines: ${title}`),
    ...commits
      .filter(({ message }) => /^Ostack-Action: /m.test(message))
      .filter(({ message }) => new RegExp(`^Ostack-[A-Za-z-]+: ${STOLEN}`, 'm').test(message))
      .map(({ message }) => `a trailer: ${message}`),
    ...leaks('a text on GitHub', [...texts, ...names, ...commits], secrets),
  ];
}

/** Whether a text bears a mark of ours, and is not the one that people of the tests write, which has such marks too. */
function isOurs(text: string): boolean {
  return /<!-- ostack[:-]/.test(text) && text.toWellFormed() !== EVERYTHING.toWellFormed();
}
