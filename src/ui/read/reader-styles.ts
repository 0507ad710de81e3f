/** How a chapter is set. */

import { css } from 'lit';

/** Styles of `<parley-reader>`. */
export const readerStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(130px, 180px) minmax(0, 1fr);
    height: 100%;
  }

  nav {
    display: flex;
    flex-direction: column;
    gap: 1px;
    padding: 8px;
    border-right: 1px solid var(--parley-line);
    overflow: auto;
  }

  nav button {
    flex: none;
    justify-content: start;
    min-height: 1.6rem;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
    text-align: left;
  }

  nav button[aria-current] {
    background: var(--parley-sunken);
    color: var(--parley-ink);
    font-weight: 600;
  }

  .source {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    margin: 0;
    padding: 4px 12px;
    border-bottom: 1px solid var(--parley-line);
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
  }

  .bar span,
  .bar label {
    flex: 1;
  }

  .bar progress {
    width: 8rem;
    height: 8px;
    margin-left: 6px;
    accent-color: var(--parley-accent);
  }

  .source .bar ~ .bar {
    border-top: 1px solid var(--parley-line);
    border-bottom: 0;
  }

  nav small {
    color: var(--parley-warn);
  }

  parley-diagnostics {
    --diagnostics-height: 3.6rem;

    flex: none;
    padding: 0 12px 8px;
  }

  parley-editor {
    flex: 1;
    min-height: 56px;
    border: 0;
    border-radius: 0;
  }

  article {
    padding: 4px 24px 24px;
    overflow: auto;
  }

  article:focus-visible {
    outline-offset: -2px;
  }

  article > * {
    max-width: 44rem;
  }

  .title {
    margin: 12px 0 8px;
    color: inherit;
    font-size: 1.15rem;
  }

  h3 {
    margin: 20px 0 6px;
    font-size: 0.95rem;
  }

  h4 {
    margin: 16px 0 4px;
    font-size: var(--parley-text);
  }

  p,
  ul,
  ol {
    margin: 0 0 9px;
    line-height: 1.55;
    text-wrap: pretty;
  }

  li > p {
    margin: 0;
  }

  code {
    padding: 0 3px;
    border-radius: 4px;
    background: var(--parley-sunken);
    font: 0.92em var(--parley-mono);
  }

  pre {
    padding: 8px 12px;
    border: 1px solid var(--parley-line);
    border-radius: var(--parley-radius-small);
    background: var(--parley-sunken);
    overflow: auto;
  }

  pre code {
    padding: 0;
    background: none;
  }

  .scroll {
    margin: 0 0 10px;
    overflow-x: auto;
  }

  table {
    border-collapse: collapse;
  }

  th,
  td {
    padding: 4px 10px 4px 0;
    border-bottom: 1px solid var(--parley-line);
    text-align: left;
    vertical-align: top;
  }

  .link {
    display: inline;
    min-height: 0;
    padding: 0;
    color: var(--parley-accent);
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  .empty {
    grid-column: 1 / -1;
  }

  @media (max-width: 599px) {
    :host {
      grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    }

    nav {
      flex-direction: row;
      border-right: 0;
      border-bottom: 1px solid var(--parley-line);
    }

    article {
      padding: 4px 14px 16px;
    }
  }
`;
