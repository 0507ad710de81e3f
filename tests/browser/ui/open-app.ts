/** Opens the whole page over a fake lab, and finds things in it across shadow trees. */

import { onTestFinished } from 'vitest';
import { page } from 'vitest/browser';
import '../../../src/ui/app/parley-app.ts';
import type { ParleyApp } from '../../../src/ui/app/parley-app.ts';
import { later, PARTS } from '../../../src/ui/kit/later.ts';
import '../../../src/ui/kit/theme.css';
import { FakeLab } from './fake-lab.ts';

/** What a test opens. */
export interface OpenApp {
  readonly app: ParleyApp;
  readonly lab: FakeLab;
}

/** Opens a screen. */
export async function openApp(hash: string, lab = new FakeLab()): Promise<OpenApp> {
  await page.viewport(1440, 900);
  // What is loaded when it is shown is there at once: tests are about what it does.
  await Promise.all(Object.values(PARTS).map(later));
  location.hash = hash;
  // The page begins at its address: the change of it is over before the page is there.
  await settle(1);
  const app = document.createElement('parley-app');
  app.service = lab;
  document.body.append(app);
  onTestFinished(() => {
    app.remove();
    location.hash = '';
    localStorage.clear();
    delete document.documentElement.dataset['theme'];
  });
  await settle();
  return { app, lab };
}

/** Waits until everything that was asked for is on the screen. */
export async function settle(frames = 4): Promise<void> {
  for (let i = 0; i < frames; i++) {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
}

/** Every element below `root` that matches, through all shadow trees; ` >>> ` goes on below what was found. */
export function findAll(selector: string, root: ParentNode = document): Element[] {
  const [first = '', ...rest] = selector.split(' >>> ');
  const found = matching(first, root);
  if (rest.length === 0) return found;
  return found.flatMap((element) => findAll(rest.join(' >>> '), element.shadowRoot ?? element));
}

function matching(selector: string, root: ParentNode): Element[] {
  const found: Element[] = [];
  for (const element of root.querySelectorAll('*')) {
    if (element.matches(selector)) found.push(element);
    if (element.shadowRoot !== null) found.push(...matching(selector, element.shadowRoot));
  }
  return found;
}

/** The first element that matches, through all shadow trees. */
export function find<E extends Element = HTMLElement>(selector: string): E {
  const [first] = findAll(selector);
  if (first === undefined) throw new Error(`There is no ${selector}.`);
  return first as E;
}

/** What the page says, through all shadow trees. */
export function textOf(root: ParentNode | Element = document.body): string {
  let text = '';
  for (const node of root.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) text += node.textContent;
    else if (node instanceof Element && !node.matches('style, script')) {
      text += ` ${textOf(node.shadowRoot ?? node)}`;
    }
  }
  return text.replaceAll(/\s+/g, ' ');
}

/** The element that has the focus, through all shadow trees. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement != null) element = element.shadowRoot.activeElement;
  return element;
}
