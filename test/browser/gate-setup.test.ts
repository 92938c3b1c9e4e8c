import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { browserPath } from '../../scripts/browser.js';
import type { Stage } from '../../src/local/stage.js';
import { startGateStage } from '../cli/gate/gate-stage.js';
import { ostackProgram } from '../support/ostack-program.js';

let stage: Stage;
let browser: Browser;
let token: string;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] });
  stage = await startGateStage();
  token = stage.github.issueToken({ actor: 'ada' });
});

afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

interface Running {
  /** The page that the command serves. */
  page: Page;
  /** Waits for its end. @returns its exit code, and all that it said */
  ended(): Promise<{ code: number | null; said: string[] }>;
}

/** Starts the bundle that npm would run, and opens the page that it names in the browser. */
async function start(...more: string[]): Promise<Running> {
  const args = ['gate', 'setup', '--ops', 'acme/ops', '--apps', 'acme/apps', '--no-browser', ...more];
  const child = spawn(process.execPath, [ostackProgram, ...args], {
    env: {
      ...process.env,
      GH_TOKEN: token,
      GITHUB_SERVER_URL: stage.serverUrl,
      GITHUB_API_URL: stage.apiUrl,
      GITHUB_GRAPHQL_URL: stage.graphqlUrl,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  const page = await browser.newPage();
  await page.goto(await addressOf(child, said));
  return {
    page,
    async ended() {
      const [code] = child.exitCode === null ? await once(child, 'close') : [child.exitCode];
      return { code, said };
    },
  };
}

function addressOf(child: ChildProcess, said: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`It ended with ${code} and opened no page: ${said.join('\n')}`)));
    if (child.stdout !== null) {
      createInterface(child.stdout).on('line', (line) => {
        said.push(line);
        const address = /http:\/\/127\.0\.0\.1:\S+/.exec(line)?.[0];
        if (address !== undefined) {
          resolve(address);
        }
      });
    }
  });
}

/** Installs an App on the ops repository alone, on the page that a button of ours opens. */
async function install(page: Page, button: string): Promise<void> {
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: button }).click();
  const install = await opened;
  await install.getByLabel('Only select repositories').check();
  await install.getByLabel('acme/ops').check();
  await install.getByRole('button', { name: 'Install' }).click();
  await install.getByText('On acme/ops.').waitFor();
}

describe('The gate, set up in a browser', () => {
  test('takes two buttons for each App', async () => {
    const { page, ended } = await start();
    for (const [app, name] of [
      ['ops App', 'acme-ops-gate'],
      ['proposer', 'acme-ops-proposer'],
    ]) {
      await page.getByRole('heading', { name: `Make the ${app}` }).waitFor();
      await page.getByRole('button', { name: `Make ${name} on GitHub` }).click();
      await page.getByRole('button', { name: 'Create GitHub App for acme' }).click();
      await page.getByRole('heading', { name: `Install the ${app}` }).waitFor();
      await install(page, `Install ${name}`);
    }
    await page.getByText('All is done.').waitFor();
    const { code, said } = await ended();
    expect(said).toContainEqual(expect.stringContaining('Level "guarded"'));
    expect(code).toBe(0);
  });

  test('takes a file with a new key, where one leaked', async () => {
    const { page, ended } = await start('--new-key', 'ops');
    const opened = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Keys of acme-ops-gate' }).click();
    const settings = await opened;
    const saved = settings.waitForEvent('download');
    await settings.getByRole('button', { name: 'Generate a private key' }).click();
    await page.getByLabel('The file that it saved').setInputFiles(await (await saved).path());
    await page.waitForFunction("document.getElementById('key').value.includes('PRIVATE KEY')");
    await page.getByRole('button', { name: 'Take this key' }).click();
    await page.getByText('All is done.').waitFor();
    const { code, said } = await ended();
    expect(said.join('\n')).not.toContain('PRIVATE KEY');
    expect(code).toBe(0);
  });
});
