import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as v from 'valibot';

/** Where `local` writes how to reach its stage. */
export const stageFile = resolve('.local', 'stage.json');

const Address = v.object({ serverUrl: v.pipe(v.string(), v.url()), token: v.string() });

/** How to reach a stage that is up. */
export type StageAddress = v.InferOutput<typeof Address>;

/**
 * Finds the stage: what was given, else `.local/stage.json` of the current folder, else the variables that GitHub sets.
 *
 * @param given JSON, or a file with it
 * @throws Error saying how to start a stage
 */
export async function findStage(given: string | undefined, env: NodeJS.ProcessEnv): Promise<StageAddress> {
  if (given !== undefined) {
    return parseAddress(given.trimStart().startsWith('{') ? given : await readGiven(given), given);
  }
  const serverUrl = env.GITHUB_SERVER_URL;
  const token = env.GITHUB_TOKEN;
  if (serverUrl !== undefined && /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):/.test(serverUrl) && token !== undefined) {
    return { serverUrl, token };
  }
  const text = await readFile(stageFile, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new Error(
      'No stage is up. Start one with "npm run local -- --repo owner/name=FOLDER", or say where it is with --stage.',
    );
  }
  return parseAddress(text, stageFile);
}

async function readGiven(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new Error(
      `--stage is "${file}", which is no file that can be read. Expected the line that "npm run local" prints, or a file with it.`,
    );
  }
}

function parseAddress(text: string, origin: string): StageAddress {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${origin} is not JSON. Expected the line that "npm run local" prints.`);
  }
  const result = v.safeParse(Address, value);
  if (!result.success) {
    throw new Error(`${origin} has no serverUrl and token. Expected the line that "npm run local" prints.`);
  }
  return result.output;
}
