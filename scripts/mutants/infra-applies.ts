import type { Mutation } from './mutation.js';

const PLANS = ['test/infra/plan/plan.test.ts'];
const DECIDED = ['test/infra/apply/decide-apply.test.ts'];
const APPROVED = ['test/infra/apply/plan-approvals.test.ts'];
const SAVED = ['test/infra/apply/saved-plan.test.ts'];
const STARTED = ['test/infra/apply/apply-history.test.ts'];
const ORDERED = ['test/infra/apply/apply-order.test.ts'];
const HASHES = ['test/infra/apply/apply-hashes.test.ts'];
const COMPARED = ['test/infra/apply/compare-reviewed.test.ts'];
const APPLIED = ['test/infra/apply/apply-root.test.ts'];
const REVIEWED = ['test/infra/apply/reviewed-plans.test.ts'];

/** Rules of applies of the infra repository, and of what is kept of them. */
export const INFRA_APPLIES: readonly Mutation[] = [
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
    text: 'submittedAt <= since',
    replacement: 'submittedAt.getTime() < Math.floor(since.getTime() / 1000) * 1000',
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
    name: 'a start that a person has looked after has an end where nothing is left',
    file: 'src/infra/apply/apply-root.ts',
    text: "decision.do === 'nothing' ? endLookedAfter",
    replacement: "decision.do === 'wait' ? endLookedAfter",
    tests: APPLIED,
  },
  {
    name: 'a start of which a check run alone knows has no end in the space',
    file: 'src/infra/apply/apply-root.ts',
    text: "history === undefined || open?.name.startsWith('plans/') !== true",
    replacement: 'history === undefined || open === undefined',
    tests: APPLIED,
  },
  {
    name: 'a start that another apply follows has an end',
    file: 'src/infra/apply/apply-root.ts',
    text: "starts.open?.name.startsWith('plans/') === true",
    replacement: "starts.open?.name.startsWith('run-') === true",
    tests: APPLIED,
  },
  {
    name: 'without a space a start is known by its check run',
    file: 'src/infra/apply/apply-root.ts',
    text: 'starts?.open ?? openStart(known?.report)',
    replacement: 'starts?.open',
    tests: APPLIED,
  },
  {
    name: 'without a space a start outlives the runs after it',
    file: 'src/infra/apply/root-outcome.ts',
    text: "start: open?.name ?? '', ...(open &&",
    replacement: "start: '', ...(open &&",
    tests: APPLIED,
  },
  {
    name: 'a start is told as it was, whoever asked for it since',
    file: 'src/infra/apply/apply-report.ts',
    text: 'report.began ?? toldStart(report)',
    replacement: 'toldStart(report)',
    tests: APPLIED,
  },
  {
    name: 'git has the hash of a plan that is begun',
    file: 'src/infra/apply/apply-history.ts',
    text: "'approved', facts, [hashOfPlan(plan)]",
    replacement: "'approved', facts, []",
    tests: [...HASHES, ...APPLIED],
  },
  {
    name: 'git has the hash of a plan before it is begun',
    file: 'src/infra/apply/apply-root.ts',
    text: `await markApproved(history, kept, { ...stamped(), approved: report.approved });
    await markStarted(history, kept.prefix, stamped());`,
    replacement: `await markStarted(history, kept.prefix, stamped());
    await markApproved(history, kept, { ...stamped(), approved: report.approved });`,
    tests: APPLIED,
  },
  {
    name: 'a root waits for one that has failed',
    file: 'src/infra/apply/apply-roots.ts',
    text: 'result === undefined ? isReached(other) : !isDone(result)',
    replacement: 'result === undefined && isReached(other)',
    tests: ORDERED,
  },
  {
    name: 'a step that a killed run wrote is told to git',
    file: 'src/infra/apply/apply-history.ts',
    text: 'await hashesThere(history, prefix, [step])',
    replacement: '[]',
    tests: HASHES,
  },
  {
    name: 'what a killed run left out of git is told by the next one',
    file: 'src/infra/apply/apply-history.ts',
    text: "['record', ...told]",
    replacement: '[]',
    tests: HASHES,
  },
  {
    name: 'a space that does not answer is no plan that was changed',
    file: 'src/infra/apply/apply-history.ts',
    text: '|| error instanceof SpaceFailure',
    replacement: '',
    tests: HASHES,
  },
  {
    name: 'a kept plan of another root is not what was reviewed',
    file: 'src/infra/apply/compare-reviewed.ts',
    text: '!prefix.startsWith(folderOf(root.name)) || record.root !== root.name || ',
    replacement: '',
    tests: COMPARED,
  },
  {
    name: 'a kept plan of another pull request is not what was reviewed',
    file: 'src/infra/apply/compare-reviewed.ts',
    text: ' || record.pull !== pull.number',
    replacement: '',
    tests: COMPARED,
  },
  {
    name: 'the record of a kept plan is the one that the check run names',
    file: 'src/infra/apply/compare-reviewed.ts',
    text: 'readRecord(from.history.space, prefix, recordSha256)',
    replacement: 'readRecord(from.history.space, prefix)',
    tests: COMPARED,
  },
  {
    name: 'a kept plan is what its record says',
    file: 'src/infra/history/read-plan.ts',
    text: 'bytes === undefined || sha256(bytes) !== record[part].sha256',
    replacement: 'bytes === undefined',
    tests: COMPARED,
  },
  {
    name: 'a saved plan with other variables has moved',
    file: 'src/infra/apply/compare-reviewed.ts',
    text: "...(isSameInput ? [] : ['variables']),",
    replacement: '',
    tests: COMPARED,
  },
  {
    name: 'a plan of another version of the tool has moved',
    file: 'src/infra/apply/compare-reviewed.ts',
    text: 'proof.tool === fresh.tool',
    replacement: "proof.tool !== ''",
    tests: COMPARED,
  },
  {
    name: 'a plan of other files that it follows has moved',
    file: 'src/infra/apply/compare-reviewed.ts',
    text: 'proof.inputs === fresh.inputs',
    replacement: "proof.inputs !== ''",
    tests: COMPARED,
  },
  {
    name: 'a saved plan with another lock file has moved',
    file: 'src/infra/apply/saved-plan.ts',
    text: 'saved.lockFile === fresh.lockFile',
    replacement: 'saved.lockFile !== undefined',
    tests: SAVED,
  },
  {
    name: 'a plan that the tool cannot read is quoted nowhere',
    file: 'src/infra/tool/json-output.ts',
    text: 'return jsonIn(stdout) ?? undefined;\n  } catch {\n    return undefined;',
    replacement: 'return jsonIn(stdout) ?? undefined;\n  } catch (error) {\n    throw error;',
    tests: [...COMPARED, ...PLANS],
  },
  {
    name: 'the plan of another App counts nothing',
    file: 'src/infra/apply/reviewed-plans.ts',
    text: 'readPlanChecks(to, head, app)',
    replacement: 'readPlanChecks(to, head)',
    tests: REVIEWED,
  },
  {
    name: 'a plan that was applied counts no more',
    file: 'src/infra/apply/reviewed-plans.ts',
    text: 'applied !== undefined && isDone(applied.report)',
    replacement: "applied !== undefined && applied.report.root === ''",
    tests: REVIEWED,
  },
  {
    name: 'a check run is of the root that its name says',
    file: 'src/infra/report/kept-reports.ts',
    text: 'report !== undefined && run.name ===',
    replacement: "report !== undefined && '' !==",
    tests: REVIEWED,
  },
  {
    name: 'who proposed it approves no plan',
    file: 'src/infra/apply/plan-approvals.ts',
    text: 'isAmong(login, author === undefined ? [] : [author])',
    replacement: 'isAmong(login, [])',
    tests: APPROVED,
  },
  {
    name: 'a plan that does something else keeps no approval',
    file: 'src/infra/report/publish-plans.ts',
    text: 'then?.structure === now.structure && ',
    replacement: "then?.structure !== '' && ",
    tests: ['test/infra/report/comment.test.ts'],
  },
];
