import type { Mutation } from './mutation.js';

const ROOTS = ['test/infra/roots/roots.test.ts'];
const REDACTED = ['test/infra/redact/redactor.test.ts'];
const PLANS = ['test/infra/plan/plan.test.ts'];
const TOOL = ['test/infra/tool/tool.test.ts'];
const JUDGED = ['test/ops/judgement/infra.test.ts', 'test/ops/judgement/infra-attacks.test.ts'];
const TOLD = ['test/infra/report/comment.test.ts'];

/** Rules of plans of the infra repository. */
export const INFRA: readonly Mutation[] = [
  {
    name: 'all that is under a mark is secret',
    file: 'src/infra/redact/sensitive-values.ts',
    text: 'if (marks === true ||',
    replacement: 'if ((marks === true && typeof value === "string") ||',
    tests: REDACTED,
  },
  {
    name: 'a value that was sensitive before is secret',
    file: 'src/infra/redact/sensitive-values.ts',
    text: "  ['before', 'before_sensitive'],\n",
    replacement: '',
    tests: REDACTED,
  },
  {
    name: 'base64 of a text has the secret wherever it stands in it',
    file: 'src/infra/redact/secret-forms.ts',
    text: 'for (const before of [0, 1, 2]) {',
    replacement: 'for (const before of [0]) {',
    tests: REDACTED,
  },
  {
    name: 'the longest secret at a place is hidden',
    file: 'src/infra/redact/redactor.ts',
    text: 'sort(([one], [other]) => other - one)',
    replacement: 'sort(([one], [other]) => one - other)',
    tests: REDACTED,
  },
  {
    name: 'overlapping secrets are hidden whole',
    file: 'src/infra/redact/redactor.ts',
    text: 'end = Math.max(end, to);',
    replacement: 'end = from > end || hidden < 0 ? to : end;',
    tests: REDACTED,
  },
  {
    name: 'a copy in another case is hidden',
    file: 'src/infra/redact/redactor.ts',
    text: 'const letters = inLowerCase(text);',
    replacement: 'const letters = text;',
    tests: REDACTED,
  },
  {
    name: 'a root is made of the modules of its modules',
    file: 'src/infra/roots/module-tree.ts',
    text: 'folders.add(call.folder);',
    replacement: 'if (folder === root) folders.add(call.folder);',
    tests: ROOTS,
  },
  {
    name: 'a path that nobody can tell is any',
    file: 'src/infra/roots/affected-roots.ts',
    text: 'anything ||= isOfAnything(read);',
    replacement: 'anything ||= false && isOfAnything(read);',
    tests: ROOTS,
  },
  {
    name: 'a change reaches what a root was made of before it',
    file: 'src/infra/roots/affected-roots.ts',
    text: '(was && reachedBy(before, was, changedThen)) ??',
    replacement: '(was && reachedBy(after, root, changed)) ??',
    tests: ROOTS,
  },
  {
    name: 'a folder that is moved with its state is not deleted',
    file: 'src/infra/roots/affected-roots.ts',
    text: '(isWritten || isGiven) &&',
    replacement: 'isGiven &&',
    tests: ROOTS,
  },
  {
    name: 'what is replaced is destroyed first',
    file: 'src/infra/plan/read-plan.ts',
    text: "return has('create') ? 'replace' : 'destroy';",
    replacement: "return has('create') ? 'change' : 'destroy';",
    tests: PLANS,
  },
  {
    name: 'moves and imports alone are changes',
    file: 'src/infra/plan/read-plan.ts',
    text: "if (action === 'none' && !moves &&",
    replacement: "if (action === 'none' &&",
    tests: PLANS,
  },
  {
    name: 'what was protected is a loss, whatever its type',
    file: 'src/infra/plan/losses.ts',
    text: 'if (wasProtected(from ?? address)) {',
    replacement: 'if (wasProtected(from ?? address) && isStateful(type)) {',
    tests: PLANS,
  },
  {
    name: 'a plan of a part is refused',
    file: 'src/infra/tool/plan-arguments.ts',
    text: 'if (!allowsPart && OF_A_PART.test(arg)) {',
    replacement: 'if (allowsPart && OF_A_PART.test(arg)) {',
    tests: TOOL,
  },
  {
    name: 'arguments that no plan shows are refused',
    file: 'src/infra/tool/tool-environment.ts',
    text: 'if (extra !== undefined && !options.allowsPart) {',
    replacement: 'if (extra === "" && !options.allowsPart) {',
    tests: TOOL,
  },
  {
    name: 'traces of the tool, which have keys in them, are not made',
    file: 'src/infra/tool/tool-environment.ts',
    text: 'const TRACES = /^TF_LOG/;',
    replacement: 'const TRACES = /^TF_LOGS/;',
    tests: TOOL,
  },
  {
    name: 'texts of plans give way to what is lost',
    file: 'src/infra/report/comment.ts',
    text: 'const room = MOST_BYTES - ',
    replacement: 'const room = 2 * MOST_BYTES - ',
    tests: TOLD,
  },
  {
    name: 'the settings in force say whose a root is',
    file: 'src/ops/judgement/inspect-infra.ts',
    text: 'return environment === undefined ? environments : [environment];',
    replacement: 'return environment === undefined ? [] : [environment];',
    tests: JUDGED,
  },
  {
    name: 'a file that no root takes in is of every environment',
    file: 'src/ops/judgement/inspect-infra.ts',
    text: "environments: units.environments, reason: 'may be of any",
    replacement: "environments: [], reason: 'may be of any",
    tests: JUDGED,
  },
  {
    name: 'what is a loss is not changed with roots',
    file: 'src/ops/judgement/inspect-infra.ts',
    text: 'JSON.stringify(stateful) === JSON.stringify(after.stateful)',
    replacement: 'true',
    tests: JUDGED,
  },
  {
    name: 'an approval counts for what was planned by then',
    file: 'src/ops/judgement/approvals.ts',
    text: 'submittedAt <= plannedAt)',
    replacement: 'submittedAt < plannedAt)',
    tests: JUDGED,
  },
  {
    name: 'a root waits for its plan',
    file: 'src/ops/judgement/with-plans.ts',
    text: 'waiting: plan === undefined && !isFork ?',
    replacement: 'waiting: plan !== undefined && !isFork ?',
    tests: JUDGED,
  },
  {
    name: 'a loss takes somebody who is named',
    file: 'src/ops/judgement/with-plans.ts',
    text: 'isLosing && losses === undefined ?',
    replacement: 'isLosing && losses !== undefined ?',
    tests: JUDGED,
  },
  {
    name: 'holds of before the change hold',
    file: 'src/ops/judgement/with-plans.ts',
    text: '[currentHolds, holds].flatMap(',
    replacement: '[holds].flatMap(',
    tests: JUDGED,
  },
  {
    name: 'a run elsewhere is linked where its host is the one that is meant',
    file: 'src/infra/plan/plan-in-cloud.ts',
    text: 'return of === host ? url : undefined;',
    replacement: 'return url;',
    tests: ['test/infra/plan/plan-in-cloud.test.ts'],
  },
  {
    name: 'what a run elsewhere destroys is a loss',
    file: 'src/ops/judged-pulls/facts-with-plans.ts',
    text: 'Math.min(1, counts.destroy)',
    replacement: '0',
    tests: ['test/ops/judged-pulls/root-plan-of.test.ts'],
  },
];
