/** How the switches of the bugs are dressed. */

import { css, type CSSResultArray } from 'lit';
import { fold } from '../kit/fold.ts';

/** Styles of `<parley-break>`. */
export const breakStyles: CSSResultArray = [
  fold,
  css`
    ul {
      display: grid;
      gap: 10px;
      margin: 0;
      padding: 8px 0 10px;
      list-style: none;
    }

    label {
      display: flex;
      gap: 8px;
      align-items: baseline;
      font-weight: 600;
    }

    input {
      flex: none;
      width: 1rem;
      height: 1rem;
      min-height: 0;
      margin: 0;
      accent-color: var(--parley-bad);
    }

    p {
      margin: 2px 0 0 1.5rem;
      color: var(--parley-ink-2);
      font-size: var(--parley-small);
      text-wrap: pretty;
    }

    .violates {
      color: var(--parley-bad);
    }

    li button {
      margin: 6px 0 0 1.5rem;
    }
  `,
];
