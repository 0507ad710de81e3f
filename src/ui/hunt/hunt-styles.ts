/** How the search for a counterexample is dressed. */

import { css } from 'lit';

/** Styles of `<parley-hunt>`. */
export const huntStyles = css`
  .options {
    display: grid;
    gap: 8px;
    margin: 12px 0;
  }

  label {
    display: flex;
    gap: 8px;
    align-items: baseline;
  }

  label input[type='checkbox'] {
    flex: none;
    min-height: 0;
  }

  input[type='number'] {
    width: 7rem;
  }

  progress {
    width: 100%;
    height: 10px;
    accent-color: var(--parley-accent);
  }

  p {
    margin: 8px 0;
    color: var(--parley-ink-2);
    overflow-wrap: anywhere;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 12px;
  }

  ol {
    display: grid;
    gap: 10px;
    margin: 10px 0 0;
    padding: 0;
    list-style: none;
  }

  li {
    padding: 10px 12px;
    border: 1px solid var(--parley-line);
    border-radius: var(--parley-radius-small);
    background: var(--parley-surface);
  }

  li b {
    color: var(--parley-bad);
  }

  li li {
    padding: 0;
    border: 0;
  }

  li ul {
    display: block;
    list-style: disc;
    margin: 4px 0 0;
    padding-left: 1.2rem;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
  }
`;
