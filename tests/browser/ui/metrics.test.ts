import { expect, test } from 'vitest';
import { FakeLab } from './fake-lab.ts';
import { find, findAll, openApp, settle, textOf } from './open-app.ts';
import { applyTheme } from '../../../src/ui/kit/theme.ts';

async function openMetrics() {
  const opened = await openApp('#/lab/talk', new FakeLab());
  opened.app.model!.viewer.goTo(6);
  find<HTMLElement>('#tab-metrics').click();
  await expect.poll(() => findAll('parley-chart >>> canvas').length).toBeGreaterThan(3);
  return opened;
}

/** The colours that a canvas shows, as one number: other colours, another number. */
function inkOf(canvas: HTMLCanvasElement): number {
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, byte, at) => (sum * 31 + byte * (at + 1)) % 1_000_003, 7);
}

test('the metrics say what every line is at the cursor, and a chart moves it', async () => {
  const { app } = await openMetrics();
  const { viewer } = app.model!;
  expect(textOf(find('parley-metrics').shadowRoot!)).toMatch(/Messages sent.*hello.*under way/);
  const chart = find('parley-chart >>> .plot');
  const { left, top, width, height } = chart.getBoundingClientRect();
  const press = (part: number) =>
    chart.dispatchEvent(
      new MouseEvent('click', { clientX: left + width * part, clientY: top + height / 2 }),
    );
  press(0.95);
  const late = viewer.cursor.time;
  press(0.4);
  expect(viewer.cursor.time).toBeGreaterThan(0);
  expect(viewer.cursor.time).toBeLessThan(late);
  const before = find<HTMLElement>('parley-chart >>> .now').style.left;
  viewer.goTo(0);
  await settle();
  const after = find<HTMLElement>('parley-chart >>> .now').style.left;
  expect(Number.parseFloat(after)).toBeLessThan(Number.parseFloat(before));
});

test('charts change their colours with the theme', async () => {
  applyTheme('light');
  await openMetrics();
  const canvas = () => find<HTMLCanvasElement>('parley-chart >>> canvas');
  const light = inkOf(canvas());
  applyTheme('dark');
  await expect.poll(() => inkOf(canvas())).not.toBe(light);
});
