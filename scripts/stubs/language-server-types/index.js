/** What `dockerfile-ast` uses of `vscode-languageserver-types`: two shapes. The package is all of an editor's protocol. */
export const Position = { create: (line, character) => ({ line, character }) };
export const Range = { create: (start, end) => ({ start, end }) };
