/** How two runs stand side by side. */

import { css } from 'lit';

/** Styles of `<parley-side-by-side>`. */
export const sideBySideStyles = css`
  :host {
    height: 100%;
    padding: 8px 14px 14px;
    overflow: auto;
  }

  .parting {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 10px;
    align-items: baseline;
  }

  .parting p {
    flex: 1 1 20rem;
  }

  p {
    margin: 0;
    overflow-wrap: anywhere;
  }

  .runs {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
    gap: 10px;
    margin: 8px 0;
  }

  section {
    min-width: 0;
    padding: 6px 0 0;
    border: 1px solid var(--parley-line);
    border-radius: var(--parley-radius-small);
    background: var(--parley-surface);
  }

  h2 {
    margin: 0 10px;
    overflow-wrap: anywhere;
  }

  h2 span {
    color: var(--parley-ink-2);
    font-weight: 400;
  }

  caption {
    padding: 4px 6px;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
    text-align: left;
  }

  td {
    overflow-wrap: anywhere;
  }
`;
