import { describe, expect, test } from '@jest/globals';
import type { App } from '../../../src/apps/app.js';
import { withDependencies } from '../../../src/apps/dependencies/dependencies.js';
import { treeOf } from '../support/tree-of.js';

const web: App = { name: 'web', path: 'apps/web', shared: [], test: undefined, images: [] };

async function dependencies(files: Record<string, string>): Promise<readonly string[]> {
  const [found] = await withDependencies(treeOf(files), [web]);
  return found?.dependencies ?? [];
}

const ROOT = `[workspace]
members = ["apps/*", "crates/*"]
exclude = ["crates/old"]

[workspace.dependencies]
serde = "1"
ui = { path = "crates/ui", version = "1" }
theme.path = "crates/theme"
`;
const CRATES = {
  'Cargo.toml': ROOT,
  'crates/ui/Cargo.toml':
    '[package]\nname = "ui"\n[dependencies]\ntheme.workspace = true\n[dev-dependencies]\nfixtures = { path = "../fixtures" }\n',
  'crates/theme/Cargo.toml': '[package]\nname = "theme"\n[dependencies]\nui = { workspace = true }\n',
  'crates/fixtures/Cargo.toml': '[package]\nname = "fixtures"\n',
};
const UI = ['crates/theme', 'crates/ui'];

describe('what an app of Cargo depends on', () => {
  test.each<[string, string, string[]]>([
    ['crates of the workspace, in a circle', '[dependencies]\nui = { workspace = true, features = ["x"] }', UI],
    ['a crate by its path', '[dependencies]\nui = { path = "../../crates/ui" }', UI],
    ['a crate by a table of its own', '[dependencies.ui]\npath = "../../crates/ui"', UI],
    ['a crate under another name', '[dependencies]\nparts = { path = "../../crates/ui", package = "ui" }', UI],
    ['a crate that it is built with', '[build-dependencies]\nui.workspace = true', UI],
    [
      'a crate that it is tested with, and none that this is tested with',
      '[dev-dependencies]\nui.workspace = true',
      UI,
    ],
    ['a crate on one system', "[target.'cfg(windows)'.dependencies]\nui.workspace = true", UI],
    ['no crate of the registry', '[dependencies]\nserde.workspace = true\nother = "1"\nui = "1"', []],
    ['no crate out of the repository', '[dependencies]\nui = { path = "../../../ui" }', []],
    ['no crate that the workspace does not name', '[dependencies]\ngone.workspace = true', []],
    ['no crate of another kind of value', '[dependencies]\nui = 7\ntheme = { path = 7 }', []],
    ['nothing in a file that is no TOML', '[dependencies', []],
  ])('is %s', async (_name, manifest, expected) => {
    expect(await dependencies({ ...CRATES, 'apps/web/Cargo.toml': manifest })).toEqual(expected);
  });

  test.each<[string, Record<string, string>, string[]]>([
    [
      'a crate of the registry that the workspace takes from a folder',
      {
        'Cargo.toml': `${ROOT}[patch.crates-io]\nother = { path = "crates/theme" }\n`,
        'apps/web/Cargo.toml': '[dependencies]\nother = "1"',
      },
      UI,
    ],
    [
      'one that it calls by another name',
      {
        'Cargo.toml': `${ROOT}[patch.crates-io]\nfirst = { package = "other", path = "crates/theme" }\n`,
        'apps/web/Cargo.toml': '[dependencies]\nmine = { package = "other", version = "1" }',
      },
      UI,
    ],
    [
      'a crate by its path, without any workspace',
      { 'Cargo.toml': '', 'apps/web/Cargo.toml': '[dependencies]\nfixtures = { path = "../../crates/fixtures" }' },
      ['crates/fixtures'],
    ],
    [
      'crates of the workspace that it names',
      {
        'Cargo.toml': '',
        'rust/Cargo.toml': '[workspace]\nmembers = []\n[workspace.dependencies]\nfixtures.path = "../crates/fixtures"',
        'apps/web/Cargo.toml': '[package]\nworkspace = "../../rust"\n[dependencies]\nfixtures.workspace = true',
      },
      ['crates/fixtures'],
    ],
    [
      'what a crate inside of it needs',
      {
        'Cargo.toml': ROOT.replace('"apps/*"', '"apps/web/*"'),
        'apps/web/core/Cargo.toml': '[package]\nname = "core"\n[dependencies]\nui.workspace = true',
      },
      UI,
    ],
  ])('is %s', async (_name, files, expected) => {
    expect(await dependencies({ ...CRATES, ...files })).toEqual(expected);
  });
});
