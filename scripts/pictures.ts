/**
 * `npm run pictures [-- FOLDER]`
 *
 * Plays the demo and takes the pictures of the README from its pages, light and dark, in a real browser: Chromium or Chrome,
 * from `CHROMIUM` or where it is usually installed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium } from 'playwright-core';
import { browserPath } from './browser.js';

const root = join(import.meta.dirname, '..');

/** More blocks than any page has. */
const ALL = 99;

/** What a picture shows: a page, by the link to it on its repository's page, and how much of it. */
const PICTURES = [
  { name: 'pull-request', repository: 'acme/ops', link: 'Promote 2 apps to production', articles: 1 },
  { name: 'status', repository: 'acme/ops', link: 'Status #', articles: ALL },
];

async function main(): Promise<void> {
  const folder = resolve(process.argv[2] ?? join(root, 'docs', 'pictures'));
  await mkdir(folder, { recursive: true });
  const executablePath = browserPath();
  const demo = spawn(process.execPath, ['--import', 'tsx', 'src/local/cli.ts', 'demo', '--keep'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const address = await playedDemo(demo);
    for (const scheme of ['light', 'dark'] as const) {
      await takePictures(browser, address, scheme, folder);
    }
  } finally {
    await browser.close();
    demo.kill();
  }
}

/** Waits until the demo has been played and shows its pages. @returns the address of its GitHub */
async function playedDemo(demo: ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> }): Promise<string> {
  let address = '';
  for await (const line of createInterface(demo.stdout)) {
    address = /GitHub (http:\/\/[\d.:]+)/.exec(line)?.[1] ?? address;
    if (line.includes('Look around')) {
      return address;
    }
  }
  const [code] = demo.exitCode === null ? await once(demo, 'exit') : [demo.exitCode];
  throw new Error(`The demo ended with ${code} before its pages could be seen. Run "npm run demo" to see why.`);
}

async function takePictures(
  browser: Browser,
  address: string,
  scheme: 'light' | 'dark',
  folder: string,
): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: 860, height: 600 },
    colorScheme: scheme,
    deviceScaleFactor: 1.5,
  });
  for (const { name, repository, link, articles } of PICTURES) {
    await page.goto(`${address}/${repository}`);
    await page.locator('a', { hasText: link }).first().click();
    await page.waitForLoadState();
    await page.evaluate(asOnGitHub(articles));
    const path = join(folder, `${name}-${scheme}.png`);
    await page.locator('main').screenshot({ path });
    console.log(path);
  }
  await page.close();
}

/** Leaves only what the picture is of, and no address of this machine. It is a text, because it runs in the page. */
function asOnGitHub(articles: number): string {
  return `(() => {
    const kept = [...document.querySelectorAll('article')].slice(0, ${articles});
    const head = [...document.body.children].filter(({ tagName }) => ['H1', 'P', 'UL'].includes(tagName));
    const main = document.createElement('main');
    main.style.padding = '.5rem 1rem';
    main.append(...head, ...kept);
    main.innerHTML = main.innerHTML.replace(/127\\.0\\.0\\.1:\\d+/g, 'ghcr.io');
    document.body.replaceChildren(main);
  })()`;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
