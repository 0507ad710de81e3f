/** What was answered, as bars with their numbers. */

import { css, html, type TemplateResult } from 'lit';
import type { Poll } from '../../lab/lab-service.ts';
import { WORDS } from './words.ts';

/** Styles of {@link pollBars}. */
export const pollBarsStyles = css`
  .bars {
    display: grid;
    grid-template-columns: auto minmax(4rem, 1fr) auto;
    gap: 6px 10px;
    align-items: center;
    margin: 8px 0;
    padding: 0;
    list-style: none;
  }

  .bars li {
    display: contents;
  }

  .bars .bar {
    height: 1.1em;
    border-radius: 3px;
    background: linear-gradient(
      to right,
      var(--parley-accent) var(--part),
      var(--parley-sunken) var(--part)
    );
    forced-color-adjust: none;
  }
`;

/** The bars. */
export function pollBars({ options }: Poll, answers: ReadonlyMap<string, number>): TemplateResult {
  const counts = options.map(
    (_, option) => [...answers.values()].filter((one) => one === option).length,
  );
  const all = Math.max(1, answers.size);
  return html`<ol class="bars" aria-label=${WORDS.answers}>
    ${options.map(
      (option, index) =>
        html`<li>
          <span>${option}</span>
          <span class="bar" style="--part:${(counts[index]! / all) * 100}%"></span>
          <b>${counts[index]}</b>
        </li>`,
    )}
  </ol>`;
}
