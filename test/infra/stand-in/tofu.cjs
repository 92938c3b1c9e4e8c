/**
 * A stand-in for OpenTofu that plans and applies things of one kind, with what a plan file, `show -json` and a state of the real
 * one have (`docs/infra.md` was tried with that in `test/infra-tools`). It knows a local backend and resources with one input:
 *
 *     terraform { backend "local" { path = "/states/net" } }
 *     resource "terraform_data" "a" { input = "x" }
 *
 * What it makes is beside the state, in `<state>.cloud`: a thing that is made twice is there twice, whatever the state says.
 * `<state>.lock` holds its lock, and `<state>.trouble` says what goes wrong with the next apply: `killed` ends it and the action
 * once everything is made and nothing is in the state, `failed` makes nothing, `half` makes one thing, `unwritten` leaves
 * `errored.tfstate`.
 */
const { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { unzipSync, zipSync } = require('fflate');

const [command, ...args] = process.argv.slice(2);
const [option, file] = [args.find((arg) => arg.startsWith('-out=')), args.find((arg) => !arg.startsWith('-'))];
const VERSION = '1.12.6';

const commands = { init, plan, show, apply, 'force-unlock': unlock };
process.exitCode = commands[command]?.() ?? 64;

function init() {
  mkdirSync('.terraform', { recursive: true });
  const backend = { type: 'local', config: { path: configuration().path } };
  writeFileSync('.terraform/terraform.tfstate', JSON.stringify({ version: 3, backend }));
  return 0;
}

function plan() {
  const { path, wanted } = configuration();
  const state = stateAt(path);
  const cloud = cloudAt(path);
  const seen = new Map(
    Object.entries(state.things).flatMap(([address, { id }]) => {
      const thing = cloud.find((each) => each.id === id);
      return thing === undefined ? [] : [[address, thing.input]];
    }),
  );
  const drift = Object.entries(state.things).flatMap(([address, { input }]) =>
    seen.get(address) === input ? [] : [change(address, input, seen.get(address))],
  );
  const isRefresh = args.includes('-refresh-only');
  const changes = isRefresh
    ? []
    : [...new Set([...wanted.keys(), ...seen.keys()])].map((address) =>
        change(address, seen.get(address), wanted.get(address)),
      );
  const json = {
    ...{ format_version: '1.2', terraform_version: VERSION, variables: {} },
    ...{ resource_changes: changes, resource_drift: drift, output_changes: {} },
  };
  const text = (content) => Buffer.from(content);
  const files = readdirSync('.').filter((name) => name.endsWith('.tf'));
  const zipped = zipSync({
    tfplan: Buffer.concat([Buffer.from([13 * 8 + 2]), varint(Buffer.byteLength(path)), text(path)]),
    tfstate: text(JSON.stringify({ version: 4, serial: state.serial, lineage: state.lineage })),
    'tfconfig/modules.json': text(JSON.stringify([{ Key: '', Dir: '.' }])),
    ...Object.fromEntries(files.map((name) => [`tfconfig/m-/${name}`, readFileSync(name)])),
    '.terraform.lock.hcl': existsSync('.terraform.lock.hcl') ? readFileSync('.terraform.lock.hcl') : text(''),
    'stand-in.json': text(JSON.stringify({ path, json })),
  });
  writeFileSync(option.slice('-out='.length), zipped, { mode: 0o600 });
  return [...changes, ...(isRefresh ? drift : [])].some((each) => each.change.actions[0] !== 'no-op') ? 2 : 0;
}

function show() {
  const isJson = args.includes('-json');
  if (file === undefined) {
    const resources = Object.entries(stateAt(configuration().path).things).map(([address, { input }]) => ({
      ...{ address, mode: 'managed', type: 'terraform_data', values: { input }, sensitive_values: {} },
    }));
    print({ format_version: '1.0', terraform_version: VERSION, values: { root_module: { resources } } });
    return 0;
  }
  const { json } = saved();
  const lines = [...json.resource_changes, ...json.resource_drift].map(
    ({ address, change: { actions } }) => `  # ${address} will be: ${actions.join(' and ')}`,
  );
  isJson ? print(json) : process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

function apply() {
  const { path, json, state: planned } = saved();
  const state = stateAt(path);
  if (existsSync(`${path}.lock`)) {
    return fail('Error acquiring the state lock', readFileSync(`${path}.lock`, 'utf8'));
  }
  if (state.serial !== planned.serial || state.lineage !== planned.lineage) {
    return fail('Saved plan is stale', 'The given plan file can no longer be applied.');
  }
  const trouble = troubleAt(path);
  if (trouble === 'failed') {
    return fail('It does not want to', 'Nothing was made.');
  }
  const cloud = cloudAt(path);
  const things = { ...state.things };
  const did = { add: 0, change: 0, remove: 0, import: 0 };
  const changes = json.resource_changes.filter(({ change: { actions } }) => actions[0] !== 'no-op');
  for (const { address, change } of trouble === 'half' ? changes.slice(0, 1) : changes) {
    const [action] = change.actions;
    const id = action === 'create' ? `${address}-${cloud.length + 1}` : things[address].id;
    const at = cloud.findIndex((each) => each.id === id);
    const thing = { id, address, input: change.after?.input };
    cloud.splice(at < 0 ? cloud.length : at, at < 0 ? 0 : 1, ...(action === 'delete' ? [] : [thing]));
    if (action === 'delete') {
      delete things[address];
    } else {
      things[address] = { id, input: change.after.input };
    }
    did[{ create: 'add', update: 'change', delete: 'remove' }[action]] += 1;
  }
  writeFileSync(`${path}.cloud`, JSON.stringify(cloud));
  if (trouble === 'killed') {
    process.kill(process.ppid, 'SIGKILL');
    process.kill(process.pid, 'SIGKILL');
  }
  const next = JSON.stringify({ serial: state.serial + 1, lineage: state.lineage || 'l', things });
  writeFileSync(trouble === 'unwritten' ? 'errored.tfstate' : path, next);
  if (trouble === 'half' || trouble === 'unwritten') {
    return fail('It does not want to go on', 'Something was made.');
  }
  print({ type: 'change_summary', '@message': 'Apply complete!', changes: { operation: 'apply', ...did } });
  return 0;
}

function unlock() {
  const path = `${configuration().path}.lock`;
  if (!existsSync(path) || !readFileSync(path, 'utf8').includes(`ID: ${file}\n`)) {
    process.stderr.write('Error: failed to unlock the state: it has another lock, or none\n');
    return 1;
  }
  rmSync(path);
  return 0;
}

/** What the files of the folder say. */
function configuration() {
  const texts = readdirSync('.').filter((name) => name.endsWith('.tf'));
  const text = texts.map((name) => readFileSync(name, 'utf8')).join('\n');
  const [, path] = /\bpath\s*=\s*"([^"]+)"/.exec(text);
  const found = text.matchAll(/resource "(\w+)" "(\w+)" \{\s*input\s*=\s*"([^"]*)"/g);
  return { path, wanted: new Map([...found].map(([, type, name, input]) => [`${type}.${name}`, input])) };
}

function stateAt(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { serial: 0, lineage: '', things: {} };
}

function cloudAt(path) {
  return existsSync(`${path}.cloud`) ? JSON.parse(readFileSync(`${path}.cloud`, 'utf8')) : [];
}

/** What goes wrong once. */
function troubleAt(path) {
  const text = existsSync(`${path}.trouble`) ? readFileSync(`${path}.trouble`, 'utf8') : '';
  rmSync(`${path}.trouble`, { force: true });
  return text;
}

function saved() {
  const entries = unzipSync(readFileSync(file));
  const part = (name) => JSON.parse(Buffer.from(entries[name]).toString('utf8'));
  return { ...part('stand-in.json'), state: part('tfstate') };
}

function change(address, before, after) {
  const actions =
    before === after ? ['no-op'] : before === undefined ? ['create'] : after === undefined ? ['delete'] : ['update'];
  const values = (input) => (input === undefined ? null : { input });
  return {
    ...{ address, mode: 'managed', type: address.split('.')[0], name: address.split('.')[1] },
    change: {
      ...{ actions, before: values(before), after: values(after), after_unknown: {} },
      ...{ before_sensitive: {}, after_sensitive: {} },
    },
  };
}

function varint(value) {
  return Buffer.from(value < 128 ? [value] : [(value & 127) | 128, value >> 7]);
}

function fail(summary, detail) {
  print({ type: 'diagnostic', '@message': summary, diagnostic: { severity: 'error', summary, detail } });
  return 1;
}

function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
