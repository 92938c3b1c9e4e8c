import type { Mutation } from './mutation.js';

const TELL = ['test/notify/tell.test.ts'];
const DECIDE = ['test/notify/decide.test.ts'];
const POST = ['test/notify/post.test.ts'];
const REQUESTS = ['test/notify/requests.test.ts'];

/** Who is told of what: once, and without what is secret. */
export const NOTIFY: readonly Mutation[] = [
  {
    name: 'A message that may have been sent is not sent again where a repeat would be seen',
    file: 'src/notify/decide.ts',
    text: "if (!repeatable && (has('claimed') || has('unclear'))) {",
    replacement: "if (!repeatable && has('unclear')) {",
    tests: DECIDE,
  },
  {
    name: 'Of two runs at the same time, the one that claimed first tells',
    file: 'src/notify/decide.ts',
    text: '&& id < claim.id)',
    replacement: '&& id < 0)',
    tests: TELL,
  },
  {
    name: 'A receiver that fails is left alone for the rest of the run',
    file: 'src/notify/tell.ts',
    text: "isFailing: settled.state !== 'given-up'",
    replacement: 'isFailing: false',
    tests: TELL,
  },
  {
    name: 'What an answer repeats of a secret is not shown',
    file: 'src/notify/tell.ts',
    text: "rest.replaceAll(value, '***')",
    replacement: 'rest.concat(value.slice(0, 0))',
    tests: TELL,
  },
  {
    name: 'The end of a deploy is told of the one that began',
    file: 'src/notify/tell.ts',
    text: 'isFinal(event) ? began?.deploy : undefined',
    replacement: 'undefined',
    tests: TELL,
  },
  {
    name: 'A message without an answer is repeated only where that is safe',
    file: 'src/notify/post.ts',
    text: "outcome.state === 'unknown' && !request.repeatable",
    replacement: "outcome.state === 'unknown' && request.method === 'PATCH'",
    tests: POST,
  },
  {
    name: 'A secret goes to one host: no redirection is followed',
    file: 'src/notify/post.ts',
    text: "redirect: 'manual'",
    replacement: "redirect: 'follow'",
    tests: POST,
  },
  {
    name: 'Texts of people mention nobody in Slack',
    file: 'src/notify/requests.ts',
    text: "replaceAll('<', '&lt;')",
    replacement: "replaceAll('<', '<')",
    tests: REQUESTS,
  },
  {
    name: 'An event has the same id whatever it is called',
    file: 'src/notify/event.ts',
    text: "isFinal(event) ? type : 'change'",
    replacement: 'type',
    tests: REQUESTS,
  },
  {
    name: 'What may have begun earlier is not told as new',
    file: 'src/ops/verbs/notify/changes-in.ts',
    text: '|| !isKnown',
    replacement: '|| (!isKnown && complete)',
    tests: ['test/ops/verbs/notify/changes-in.test.ts'],
  },
];
