import root from '../../jest.config.js';

/** `npm run test:browser`: the built console and the customers' pages in a real Chromium. */
export default {
  ...root,
  rootDir: '../..',
  globalSetup: '<rootDir>/test/browser/global-setup.ts',
  testMatch: ['<rootDir>/test/browser/**/*.browser.ts'],
};
