/**
 * Owns a stack as `launch up` does, with a worker that only says that it is ready:
 * node stack-owner.js DATA. Prints what the stack reports.
 */
const { runStack } = require('../../dist/stack/run-stack');

const worker = [process.execPath, '-e', "console.log('ready'); setInterval(() => {}, 1000)"];
const ports = { temporal: undefined, ui: undefined };
runStack(
  { data: process.argv[2], report: (line) => process.stdout.write(`${line}\n`), worker, ports },
  async () => {}
).then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(3);
  }
);
