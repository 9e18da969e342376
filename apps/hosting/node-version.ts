/*
 * The first import of every program, with no imports of its own: if Node.js is too old, this is reported before anything else fails because
 * of it. package.json's engines is less strict on purpose: npm itself may run on an older Node.js, and installs the right one.
 */
const least = 24;

if (Number.parseInt(process.versions.node, 10) < least) {
  process.stderr.write(
    `Perennial needs Node.js ${least} or newer, and this is ${process.versions.node}: use \`npm run perennial --\` or \`npx node\`, which bring their own.\n`,
  );
  process.exit(1);
}
