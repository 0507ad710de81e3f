import { expect, test } from 'vitest';
import { FakeLab, HOSTILE } from './fake-lab.ts';
import { find, findAll, openApp, settle, textOf } from './open-app.ts';

async function openLab(hash = '#/lab/talk') {
  const opened = await openApp(hash, new FakeLab());
  return { ...opened, model: opened.app.model! };
}

test('a switch puts a bug into the next run, and what shows it can be set up', async () => {
  const { lab, model } = await openLab();
  find<HTMLElement>('parley-break >>> summary').click();
  await settle();
  expect(textOf(find('parley-break').shadowRoot!)).toContain(HOSTILE);
  expect(findAll('parley-break >>> img')).toEqual([]);
  find<HTMLElement>('parley-break >>> [role=switch]').click();
  await settle();
  expect(model.setup.breaks).toEqual(['mumble']);
  expect(textOf(find('parley-break').shadowRoot!)).toContain('Breaks “Who is greeted answers”');
  await model.start();
  expect(lab.requests.at(-1)).toMatchObject({ breaks: ['mumble'] });
  find<HTMLElement>('parley-break >>> li button').click();
  await expect.poll(() => model.setup.config).toContain('n9');
  await expect.poll(() => lab.requests.at(-1)!.config).toContain('n9');
  expect(lab.requests.at(-1)).toMatchObject({ faults: { comment: 'duplication: 7%\n' } });
  // The rule is put back.
  find<HTMLElement>('parley-break >>> [role=switch]').click();
  await settle();
  await model.start();
  expect(lab.requests.at(-1)).not.toHaveProperty('breaks');
});

test('an address names a bug; one that there is not is no bug', async () => {
  const { lab, model } = await openLab('#/lab/talk?break=mumble&break=nonsense');
  await expect.poll(() => lab.requests.length).toBe(1);
  expect(model.setup.breaks).toEqual(['mumble']);
  expect(lab.requests[0]).toMatchObject({ breaks: ['mumble'] });
});

test('faults are written, taken from the chapter, and refused when they are wrong', async () => {
  const { lab, model } = await openLab();
  find<HTMLElement>('parley-faults >>> summary').click();
  await settle();
  const [chapter, , none] = findAll('parley-faults >>> .choices button') as HTMLElement[];
  chapter!.click();
  await settle();
  expect(model.setup.faults).toBe('loss: 5%\n');
  await model.start();
  expect(lab.requests.at(-1)).toMatchObject({ faults: { comment: 'loss: 5%\n' } });
  const place = { line: 1, column: 1, endLine: 1, endColumn: 5 };
  lab.faultProblems = [{ message: 'what is los?', severity: 'error', ...place }];
  const before = lab.requests.length;
  await model.start();
  await settle();
  expect(lab.requests).toHaveLength(before);
  expect(textOf()).toContain('The plan of faults has an error: mend it, then run again.');
  expect(textOf(find('parley-faults').shadowRoot!)).toContain('what is los?');
  lab.faultProblems = [];
  none!.click();
  await settle();
  await model.start();
  expect(lab.requests.at(-1)).not.toHaveProperty('faults');
});
