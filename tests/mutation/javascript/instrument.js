// SPDX-License-Identifier: MIT
// instrument.js ROOT OUTPUT FILE...: writes each file with all its mutants to
// OUTPUT, where the environment chooses one, and tells them on stdout as JSON.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// Not all that is needed is among what the package exports.
const inside = join(dirname(fileURLToPath(import.meta.url)),
  'node_modules/@stryker-mutator/instrumenter/dist/src');
const load = (name) => import(pathToFileURL(join(inside, name)).href);

const { Instrumenter } = await load('index.js');
const { allMutators } = await load('mutators/mutate.js');
const babel = createRequire(join(inside, 'index.js'))('@babel/core');

// Stryker has whole blocks only, and what is forgotten is a line.
allMutators.push({
  name: 'DroppedStatement',
  * mutate(path) {
    if (path.isExpressionStatement()
        && /^(Call|Assignment|Update)Expression$/
          .test(path.node.expression.type)
        && !(path.node.expression.callee?.type === 'Super')) {
      yield babel.types.emptyStatement();
    }
  },
});

const silent = Object.fromEntries(['isTraceEnabled', 'isDebugEnabled',
  'isInfoEnabled', 'isWarnEnabled', 'isErrorEnabled', 'isFatalEnabled',
  'trace', 'debug', 'info', 'warn', 'error', 'fatal']
  .map((name) => [name, () => false]));

const [root, output, ...names] = process.argv.slice(2);
const files = names.map((name) => (
  { name, mutate: true, content: readFileSync(join(root, name), 'utf8') }));
const done = await new Instrumenter(silent).instrument(files, {
  plugins: null, ignorers: [], noHeader: false,
  // What a text says is not looked at by tests, and a table that has become
  // empty is noticed at once.
  excludedMutations: ['StringLiteral', 'Regex', 'ArrayDeclaration'],
});
for (const { name, content } of done.files) {
  mkdirSync(dirname(join(output, name)), { recursive: true });
  writeFileSync(join(output, name), content);
}
const found = done.mutants.filter(({ status }) => status !== 'Ignored')
  .map(({ id, fileName, mutatorName, replacement, location }) => (
    { id, fileName, mutatorName, replacement, location }));
process.stdout.write(JSON.stringify(found));
