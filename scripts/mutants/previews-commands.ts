// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is source code
import type { Mutation } from './mutation.js';

const COMMANDS = 'test/ops/verbs/previews/commands';
const JUDGED = [`${COMMANDS}/judge-command.test.ts`];
const PARSED = [`${COMMANDS}/parse-command.test.ts`];
const PLANNED = ['test/ops/verbs/previews/plan/command.test.ts'];
const AGAIN = ['test/ops/verbs/previews/plan/command-again.test.ts'];
const MISSED = ['test/ops/verbs/previews/feedback/missed-removals.test.ts'];

/** What people may ask of previews, and when these sleep. */
export const PREVIEWS_COMMANDS: readonly Mutation[] = [
  {
    name: 'A preview is never older than the command that opened it',
    file: 'src/ops/verbs/previews/plan/desired-record.ts',
    text: 'command.at > now ? command.at : now',
    replacement: 'command.at > now ? now : now',
    tests: ['test/ops/verbs/previews/plan/desired-record.test.ts'],
  },
  {
    name: 'A preview that cannot follow what it is built from is taken down',
    file: 'src/ops/verbs/previews/plan/activation.ts',
    text: '  await changes.takeDown(before.name, before.host);\n',
    replacement: '',
    tests: ['test/ops/verbs/previews/plan/looked-at-again.test.ts'],
  },
  {
    name: 'A comment that was edited is no command',
    file: 'src/ops/verbs/previews/commands/judge-command.ts',
    text: 'problem: edited ?? closed(comment),',
    replacement: 'problem: closed(comment) ?? (edited ? undefined : undefined),',
    tests: JUDGED,
  },
  {
    name: 'Bots give no commands',
    file: 'src/ops/verbs/previews/commands/judge-command.ts',
    text: "actor?.__typename === 'User' ? actor.login : undefined",
    replacement: 'actor?.login',
    tests: JUDGED,
  },
  {
    name: 'A command is the whole comment',
    file: 'src/ops/verbs/previews/commands/parse-command.ts',
    text: "text.includes('\\n') || text.length",
    replacement: 'text.length',
    tests: PARSED,
  },
  {
    name: 'What was said is told with nothing in it by which our comments are found',
    file: 'src/ops/verbs/previews/commands/answer-comment.ts',
    text: '${code(echo(said))}',
    replacement: '${code(said)}',
    tests: JUDGED,
  },
  {
    name: 'Nobody keeps a preview longer than the policy says',
    file: 'src/ops/verbs/previews/plan/command.ts',
    text: 'forMs !== undefined && forMs > keepMs',
    replacement: 'forMs !== undefined && keepMs < 0',
    tests: PLANNED,
  },
  {
    name: 'What is kept is not changed',
    file: 'src/ops/verbs/previews/plan/activation.ts',
    text: "stays && turn?.to === 'kept'",
    replacement: "!complete && turn?.to === 'kept'",
    tests: PLANNED,
  },
  {
    name: 'A push never takes time from a preview that is kept',
    file: 'src/ops/verbs/previews/plan/desired-record.ts',
    text: 'expiryAfter(request.now, settings.ttlMs, before?.keptUntil)',
    replacement: 'expiryAfter(request.now, settings.ttlMs)',
    tests: PLANNED,
  },
  {
    name: 'What was opened after a command is not removed by it',
    file: 'src/ops/verbs/previews/plan/command.ts',
    text: 'if (isAfter(createdAt, command.at)) {',
    replacement: "if (createdAt === '') {",
    tests: PLANNED,
  },
  {
    name: 'The environment of a run never sleeps',
    file: 'src/ops/verbs/previews/plan/idle.ts',
    text: 'pullRequest !== undefined &&',
    replacement: '',
    tests: PLANNED,
  },
  {
    name: 'A preview that sleeps has nothing that scales it up',
    file: 'src/ops/verbs/previews/manifests/turn-patches.ts',
    text: "    merge(['HorizontalPodAutoscaler', 'DaemonSet', 'HTTPScaledObject'], 'autoscaling/v2', { $patch: 'delete' }),\n",
    replacement: '',
    tests: PLANNED,
  },
  {
    name: 'A preview that sleeps starts no jobs',
    file: 'src/ops/verbs/previews/manifests/turn-patches.ts',
    text: "    keda('ScaledJob', 'paused', 'true'),\n",
    replacement: '',
    tests: PLANNED,
  },
  {
    name: 'A command that is sent again brings nothing back that was removed since',
    file: 'src/ops/verbs/previews/branch/last-record.ts',
    text: 'secondOf(goneAt) > secondOf(at)',
    replacement: 'secondOf(goneAt) < secondOf(at)',
    tests: ['test/ops/verbs/previews/branch/last-record.test.ts'],
  },
  {
    name: 'A command that is sent again does not wake what went to sleep since',
    file: 'src/ops/verbs/previews/plan/command.ts',
    text: 'asleepAt !== undefined && isAfter(asleepAt, at)',
    replacement: 'asleepAt !== undefined && isAfter(asleepAt, at) && asleepAt === verb',
    tests: ['test/ops/verbs/previews/plan/command.test.ts'],
  },
  {
    name: 'What a fork had comes back with its label alone',
    file: 'src/ops/verbs/previews/plan/command.ts',
    text: 'record === undefined && problem !== undefined',
    replacement: 'record === undefined && problem === name',
    tests: ['test/ops/verbs/previews/plan/command.test.ts'],
  },
  {
    name: 'A command that put a preview to sleep and is sent again tells why it sleeps',
    file: 'src/ops/verbs/previews/plan/command.ts',
    text: 'Date.parse(asleepAt) !== at.getTime()',
    replacement: 'record.asleepAt !== undefined',
    tests: AGAIN,
  },
  {
    name: 'A command that opened a preview that waits is answered so again',
    file: 'src/ops/verbs/previews/plan/command.ts',
    text: "verb === 'redeploy' && asleepAt === undefined &&",
    replacement: "verb === 'redeploy' && asleepAt === undefined && record.state === 'active' &&",
    tests: AGAIN,
  },
  {
    name: 'Any later run tells that a preview sleeps because it was idle',
    file: 'src/ops/verbs/previews/feedback/status.ts',
    text: "reason : (idleReason(record, sleepAfterMs) ?? '')",
    replacement: "reason : ''",
    tests: AGAIN,
  },
  {
    name: 'The message of a commit tells why a preview has gone',
    file: 'src/ops/verbs/previews/branch/last-record.ts',
    text: "const GONE = ['removed', 'expired'];",
    replacement: "const GONE = ['removed'];",
    tests: ['test/ops/verbs/previews/branch/last-record.test.ts'],
  },
  {
    name: 'A removal that nobody told of is told while its pull request is open, too',
    file: 'src/ops/verbs/previews/feedback/missed-updates.ts',
    text: 'isOpen ? await goneReason(name, head) :',
    replacement: 'isOpen ? undefined :',
    tests: MISSED,
  },
  {
    name: 'What never could be opened is asked of nobody',
    file: 'src/ops/verbs/previews/feedback/missed-updates.ts',
    text: "feedback.reportedStage(name, head) === 'failed'",
    replacement: 'false',
    tests: MISSED,
  },
  {
    name: 'A block of code is no command, however it is written',
    file: 'src/ops/verbs/previews/commands/parse-command.ts',
    text: "'\\n').trimEnd()",
    replacement: "'\\n').trim()",
    tests: PARSED,
  },
  {
    name: 'A label that was added once more is another command',
    file: 'src/ops/verbs/previews/commands/judge-command.ts',
    text: 'Date.parse(label.added.at) > given.getTime()',
    replacement: 'Date.parse(label.added.at) < given.getTime()',
    tests: JUDGED,
  },
  {
    name: 'What was deployed again after a command is not removed by it',
    file: 'src/ops/verbs/previews/plan/command.ts',
    text: 'if (isAfter(restartedAt, command.at)) {',
    replacement: 'if (isAfter(createdAt, command.at)) {',
    tests: PLANNED,
  },
  {
    name: 'To wake what is awake keeps it awake',
    file: 'src/ops/verbs/previews/plan/command.ts',
    text: "record: asked, turn: { to: 'kept'",
    replacement: "record, turn: { to: 'kept'",
    tests: PLANNED,
  },
  {
    name: 'A preview that somebody removed went when that was asked for',
    file: 'src/ops/verbs/previews/branch/last-record.ts',
    text: 'return of === name && !Number.isNaN',
    replacement: 'return of !== name && !Number.isNaN',
    tests: ['test/ops/verbs/previews/branch/last-record.test.ts'],
  },
];
