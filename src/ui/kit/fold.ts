/** Parts of a panel that fold away. */

import { css } from 'lit';

/** Styles of `<details>` with a heading and a note beside it. */
export const fold = css`
  details {
    border-top: 1px solid var(--parley-line);
  }

  summary {
    display: flex;
    gap: 8px;
    align-items: baseline;
    justify-content: space-between;
    padding: 8px 0;
    color: var(--parley-ink-2);
    font-weight: 600;
    cursor: pointer;
    list-style: none;
  }

  summary::-webkit-details-marker {
    display: none;
  }

  summary > :first-child::before {
    display: inline-block;
    width: 1em;
    content: '▸';
    color: var(--parley-ink-3);
  }

  details[open] > summary > :first-child::before {
    content: '▾';
  }

  summary small {
    color: var(--parley-ink-3);
    font-size: var(--parley-small);
    font-weight: 400;
  }

  summary small.bad {
    color: var(--parley-bad);
    font-weight: 600;
  }
`;
