const { default: Sequencer } = require('@jest/test-sequencer');

/** Specs of whole processes, which wait more than they work. In a fresh clone Jest knows no durations, and by size they would come last. */
const waiting = /\/test\/(crash|e2e)\//;

/** Jest's own order, but specs that wait come first: then others and the checks of `.ci/run` use the time in which they wait. */
module.exports = class WaitingFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(({ path }) => waiting.test(path)), ...sorted.filter(({ path }) => !waiting.test(path))];
  }
};
