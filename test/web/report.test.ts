import { gatherReport } from '../../report/gather';
import { renderHtml } from '../../report/html';
import { openBrowser } from '../support/browser';
import { exampleStory } from '../support/example-story';
import { ledgerOf, sourcesOf } from '../support/rehearsed-report';
import { written } from '../support/written-facts';

test.each([320, 390, 1280])('a report is as wide as the window, %i px, and asks for nothing else', async (width) => {
  const { run, plan } = exampleStory();
  const report = await gatherReport(sourcesOf(ledgerOf(plan, written(run.world))), plan.id, { at: run.world.now });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.setContent(renderHtml(report));
    expect(await page.locator('footer').textContent()).toContain(report.ledger.head);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(asked).toEqual([]);
  } finally {
    await browser.close();
  }
});
