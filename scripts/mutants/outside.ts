import type { Mutation } from './mutation.js';

const GIT = ['test/git/git.test.ts'];
const CHALLENGE = ['test/images/login.test.ts'];
const REGISTRY = ['test/images/registry.test.ts'];
const UPLOAD = ['test/images/upload.test.ts'];
const CHECKED = ['test/images/quarantine/check-image.test.ts'];
const ARCHIVE = ['test/images/quarantine/read-archive.test.ts'];
const SECRETS = ['test/runtime/secrets.test.ts'];

/** Tokens, registries, and what strangers built. */
export const OUTSIDE: readonly Mutation[] = [
  {
    name: "GitHub's token is sent to GitHub's API alone",
    file: 'src/github/client.ts',
    text: '!origins.has(target.origin)',
    replacement: 'false',
    tests: ['test/github/client.test.ts'],
  },
  {
    name: 'A comment whose fate is unknown is not sent twice',
    file: 'src/github/client.ts',
    text: "options.method !== 'POST' || REPEATABLE_POST.test(options.url)",
    replacement: 'true',
    tests: ['test/github/client.test.ts'],
  },
  {
    name: 'A list of pull requests that lacks one is no list',
    file: 'src/github/pull-requests.ts',
    text: 'of nodes ?? [null]',
    replacement: 'of (nodes ?? []).filter((each) => each !== null)',
    tests: ['test/github/pull-requests.test.ts'],
  },
  {
    name: 'A list that GitHub does not give to its end is no list',
    file: 'src/github/page.ts',
    text: 'this.#seen.has(endCursor)',
    replacement: 'false',
    tests: ['test/github/pull-requests.test.ts'],
  },
  {
    name: "Git sends the token to the repository's own address alone",
    file: 'src/git/git.ts',
    text: 'authorization(url, token)',
    replacement: 'authorization(new URL(url).origin, token)',
    tests: GIT,
  },
  {
    name: 'Git follows no redirect with the token',
    file: 'src/git/git.ts',
    text: "    ['http.followRedirects', 'false'],\n",
    replacement: '',
    tests: GIT,
  },
  {
    name: 'The token as git sends it is masked',
    file: 'src/git/git.ts',
    text: '  core.setSecret(credentials);\n',
    replacement: '',
    tests: GIT,
  },
  {
    name: 'What git is told outside the configuration of this run does not count',
    file: 'src/git/git.ts',
    text: "!name.startsWith('GIT_CONFIG_')",
    replacement: 'true',
    tests: GIT,
  },
  {
    name: 'A secret input is masked',
    file: 'src/runtime/inputs.ts',
    text: '    core.setSecret(value);\n',
    replacement: '',
    tests: SECRETS,
  },
  {
    name: 'Nothing that is printed is a command to the runner',
    file: 'src/runtime/log.ts',
    text: "    .replace(/^[^\\x21-\\x7e\\n]*:[^\\x20-\\x7e\\n]*:/gm, '\\\\$&')\n",
    replacement: '',
    tests: ['test/runtime/log.test.ts'],
  },
  {
    name: "A registry's password is sent over TLS alone",
    file: 'src/images/challenge.ts',
    text: "realm.protocol === 'https:' && ",
    replacement: '',
    tests: CHALLENGE,
  },
  {
    name: "A registry's password is sent to hosts of its own organisation alone",
    file: 'src/images/challenge.ts',
    text: '(related && ',
    replacement: '(',
    tests: CHALLENGE,
  },
  {
    name: 'Two registries of one top-level domain share no password',
    file: 'src/images/challenge.ts',
    text: "(related && parent.includes('.'))",
    replacement: 'related',
    tests: CHALLENGE,
  },
  {
    name: 'A registry is not asked for a token where its password may not go',
    file: 'src/images/registry.ts',
    text: 'basic !== undefined && !mayReceivePassword(this.#host, realm)',
    replacement: 'false',
    tests: REGISTRY,
  },
  {
    name: 'The place that an upload is sent on to does not get the login',
    file: 'src/images/registry.ts',
    text: "request.url.origin === this.#url('/').origin",
    replacement: 'true',
    tests: UPLOAD,
  },
  {
    name: 'A manifest that is not what the registry says is not believed',
    file: 'src/images/registry.ts',
    text: 'announced !== digest || ',
    replacement: '',
    tests: REGISTRY,
  },
  {
    name: 'A manifest that is not what was asked for is not believed',
    file: 'src/images/registry.ts',
    text: "(reference.startsWith('sha256:') && reference !== digest)",
    replacement: 'false',
    tests: REGISTRY,
  },
  {
    name: "GitHub's token is the password of GitHub's registry alone",
    file: 'src/images/login.ts',
    text: 'registryKind(registry).takesRunToken === true && ',
    replacement: '',
    tests: CHALLENGE,
  },
  {
    name: "No other registry is taken for GitHub's",
    file: 'src/images/registry-kinds.ts',
    text: "registry === 'ghcr.io'",
    replacement: "registry.startsWith('ghcr.io')",
    tests: CHALLENGE,
  },
  {
    name: 'Nothing that is not what its digest says leaves the quarantine',
    file: 'src/images/quarantine/check-image.ts',
    text: 'found.digest !== digest',
    replacement: 'false',
    tests: CHECKED,
  },
  {
    name: 'Layers that grow without end are stopped',
    file: 'src/images/quarantine/check-image.ts',
    text: 'this.#used > this.#limit',
    replacement: 'false',
    tests: CHECKED,
  },
  {
    name: 'No link leads out of what strangers built',
    file: 'src/images/quarantine/untrusted-files.ts',
    text: 'isLast ? !found.isFile() : !found.isDirectory()',
    replacement: 'isLast ? false : found.isFile()',
    tests: CHECKED,
  },
  {
    name: 'No image is an index, too',
    file: 'src/images/quarantine/manifests.ts',
    text: 'const manifestSchema = v.strictObject({',
    replacement: 'const manifestSchema = v.object({',
    tests: CHECKED,
  },
  {
    name: 'Strangers push images that the default branch has, and no others',
    file: 'src/images/quarantine/read-archive.ts',
    text: 'known.get(image) !== app',
    replacement: 'false',
    tests: ARCHIVE,
  },
  {
    name: 'An archive has nothing in it that is not listed',
    file: 'src/images/quarantine/read-archive.ts',
    text: 'others.length > 0',
    replacement: 'false',
    tests: ARCHIVE,
  },
  {
    name: 'What was pushed is what was checked',
    file: 'src/images/quarantine/push-checked.ts',
    text: 'kept?.digest !== manifest.digest',
    replacement: 'false',
    tests: CHECKED,
  },
  {
    name: 'What stands before the last wildcard is not taken twice',
    file: 'src/ops/tree/wildcards.ts',
    text: 'return end <= text.length - last.length;',
    replacement: 'return true;',
    tests: ['test/ops/tree/wildcards.test.ts'],
  },
  {
    name: 'A message has the pieces of its mark in their order',
    file: 'src/runtime/message-anchor.ts',
    text: 'at = found + piece.length;',
    replacement: 'at = Math.min(at, found);',
    tests: ['test/runtime/message-anchor.test.ts'],
  },
];
