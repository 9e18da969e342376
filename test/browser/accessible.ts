import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** A desktop window, a small telephone, and the desktop window at 200% zoom, where half as many CSS pixels are left. */
const sizes = {
  wide: { width: 1280, height: 800 },
  narrow: { width: 360, height: 740 },
  zoomed: { width: 640, height: 400 },
} as const;

/** Dark differs from light only in its colours. */
const runs: Readonly<Record<'light' | 'dark', RunOptions>> = { light: {}, dark: { runOnly: ['color-contrast'] } };

/**
 * Checks the present page, in light and dark and in every size: axe-core finds nothing, and nothing needs horizontal scrolling. Leaves the
 * window wide and light.
 */
export async function expectAccessible(page: Page): Promise<void> {
  const found: string[] = [];
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      found.push(...(await violations(page, runs[colorScheme])).map((violation) => `${size}, ${colorScheme}: ${violation}`));
    }
    const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    if (over !== 0) found.push(`${size}: ${String(over)} px too wide`);
  }
  await page.setViewportSize(sizes.wide);
  expect(found).toEqual([]);
}

async function violations(page: Page, options: RunOptions): Promise<string[]> {
  // Twice, so that what the page does about its new size or colours is done and drawn.
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const run = JSON.stringify({ resultTypes: ['violations'], ...options });
  const { violations: found } = await page.evaluate<Pick<AxeResults, 'violations'>>(`axe.run(document, ${run})`);
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id} at ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
}
