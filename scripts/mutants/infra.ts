import type { Mutation } from './mutation.js';

const ROOTS = ['test/infra/roots/roots.test.ts'];
const REDACTED = ['test/infra/redact/redactor.test.ts'];
const PLANS = ['test/infra/plan/plan.test.ts'];
const TOOL = ['test/infra/tool/tool.test.ts'];
const TOLD = ['test/infra/report/comment.test.ts'];
const DECIDED = ['test/infra/apply/decide-apply.test.ts'];
const APPROVED = ['test/infra/apply/plan-approvals.test.ts'];
const SAVED = ['test/infra/apply/saved-plan.test.ts'];
const STARTED = ['test/infra/apply/apply-history.test.ts'];
const ORDERED = ['test/infra/apply/apply-order.test.ts'];
const INPUTS = ['test/infra/roots/inputs-hash.test.ts'];

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
    name: 'after a start without an end nothing is applied before a person names it',
    file: 'src/infra/apply/decide-apply.ts',
    text: 'open !== undefined && counts?.start !== open.name',
    replacement: 'open !== undefined && counts?.start === undefined && counts?.accepts === undefined',
    tests: DECIDED,
  },
  {
    name: 'after a killed apply the reviewed plan is never applied again',
    file: 'src/infra/apply/decide-apply.ts',
    text: 'open === undefined && reviewed.isThere',
    replacement: 'reviewed.isThere',
    tests: DECIDED,
  },
  {
    name: 'a person accepts one plan alone',
    file: 'src/infra/apply/decide-apply.ts',
    text: 'counts.accepts === fresh.structure',
    replacement: "counts.accepts !== ''",
    tests: DECIDED,
  },
  {
    name: 'what goes beyond the review is not applied',
    file: 'src/infra/apply/decide-apply.ts',
    text: 'reviewed.beyond.length > 0',
    replacement: 'reviewed.beyond.length > 0 && reviewed.isWhole',
    tests: DECIDED,
  },
  {
    name: 'the word of who may not approve does not count',
    file: 'src/infra/apply/decide-apply.ts',
    text: 'const counts = word?.problem === undefined ? word : undefined;',
    replacement: 'const counts = word;',
    tests: DECIDED,
  },
  {
    name: 'an approval before the plan is of another one',
    file: 'src/infra/apply/plan-approvals.ts',
    text: 'submittedAt === undefined || submittedAt.getTime() <',
    replacement: 'submittedAt !== undefined && submittedAt.getTime() < 0 *',
    tests: APPROVED,
  },
  {
    name: 'an approval is of the merged head',
    file: 'src/infra/apply/plan-approvals.ts',
    text: 'commit !== head',
    replacement: 'commit === undefined',
    tests: APPROVED,
  },
  {
    name: 'a saved plan whose state is elsewhere has moved',
    file: 'src/infra/apply/saved-plan.ts',
    text: "...(saved.backend === fresh.backend ? [] : ['the place of the state']),",
    replacement: '',
    tests: SAVED,
  },
  {
    name: 'a saved plan with other files has moved',
    file: 'src/infra/apply/saved-plan.ts',
    text: '...saved.configuration.keys(), ...fresh.configuration.keys()',
    replacement: '...saved.configuration.keys()',
    tests: SAVED,
  },
  {
    name: 'a start that the space does not keep is none',
    file: 'src/infra/apply/apply-history.ts',
    text: "if (written?.toString('utf8') !==",
    replacement: "if (written?.toString('utf8') === undefined && '' ===",
    tests: STARTED,
  },
  {
    name: 'where nothing heeds conditions it is looked for a start',
    file: 'src/infra/apply/apply-history.ts',
    text: "guard !== 'conditions' && (await",
    replacement: "guard === 'lock' && (await",
    tests: STARTED,
  },
  {
    name: 'a root waits for one that has failed',
    file: 'src/infra/apply/apply-roots.ts',
    text: 'result === undefined ? isReached(other) : !isDone(result)',
    replacement: 'result === undefined && isReached(other)',
    tests: ORDERED,
  },
  {
    name: 'the lock file is a part of what a root is made of',
    file: 'src/infra/roots/inputs-hash.ts',
    text: 'wanted.has(line.slice(',
    replacement: "!line.endsWith('.hcl') && wanted.has(line.slice(",
    tests: INPUTS,
  },
];
