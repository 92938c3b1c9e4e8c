import type { Mutation } from './mutation.js';

const ROOTS = ['test/infra/roots/roots.test.ts'];
const REDACTED = ['test/infra/redact/redactor.test.ts'];
const PLANS = ['test/infra/plan/plan.test.ts'];
const DRIFT = ['test/infra/drift/differences.test.ts', 'test/infra/drift/drift-issue.test.ts'];
const TOOL = ['test/infra/tool/tool.test.ts'];
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
    name: 'what is set to another value is not what the next apply takes back',
    file: 'src/infra/drift/differences.ts',
    text: 'after.get(name) === was.before.get(name)',
    replacement: 'after.has(name)',
    tests: DRIFT,
  },
  {
    name: 'what is gone is a loss where it kept data',
    file: 'src/infra/drift/differences.ts',
    text: 'const [loss] = lossesOf([planned], rules);',
    replacement: "const [loss] = lossesOf(of === 'code' ? [planned] : [], rules);",
    tests: DRIFT,
  },
  {
    name: 'a marked value is in no hash',
    file: 'src/infra/drift/differences.ts',
    text: 'if (marks === true) {',
    replacement: 'if (marks === false) {',
    tests: DRIFT,
  },
  {
    name: 'a secret is in no hash',
    file: 'src/infra/drift/differences.ts',
    text: 'redact(canonical(parts))',
    replacement: 'canonical(parts)',
    tests: DRIFT,
  },
  {
    name: 'an issue is not closed where not all is known',
    file: 'src/infra/drift/drift-issue.ts',
    text: 'if (isUnknown) {',
    replacement: 'if (isUnknown && !known.isOpen) {',
    tests: DRIFT,
  },
  {
    name: 'what is expected is forgotten when it is over',
    file: 'src/infra/drift/drift-issue.ts',
    text: "problem !== '' || current.has(hash)",
    replacement: 'hash.length > 0 || current.has(hash)',
    tests: DRIFT,
  },
  {
    name: 'what looks like a tick in a text of the tool is none',
    file: 'src/infra/drift/ticks.ts',
    text: 'lines.slice(0, Math.max(0, lines.indexOf(LINES_END)))',
    replacement: 'lines',
    tests: DRIFT,
  },
];
