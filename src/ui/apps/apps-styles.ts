/** How the applications are dressed. */

import { css } from 'lit';

/** Styles of what stands in a cluster's page. */
export const appStyles = css`
  h2 {
    margin: 0 0 10px;
    font-size: var(--parley-text);
  }

  h3 {
    margin: 0;
    font-size: var(--parley-large);
    font-weight: 600;
  }

  .panel {
    margin: 0 0 16px;
    padding: 16px;
    border: 1px solid var(--parley-line);
    border-radius: 14px;
    background: var(--parley-surface);
  }

  form {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    align-items: end;
    margin: 0;
  }

  form label {
    display: grid;
    flex: 1 1 9rem;
    gap: 4px;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
  }

  form input,
  form select {
    width: 100%;
    min-height: 2.25rem;
    color: var(--parley-ink);
    font-size: var(--parley-large);
  }

  form button {
    min-height: 2.25rem;
  }

  .complaint {
    flex-basis: 100%;
    margin: 8px 0 0;
    color: var(--parley-bad);
    font-size: var(--parley-text);
  }

  .scroll {
    overflow-x: auto;
  }

  table {
    width: 100%;
    font-size: var(--parley-text);
  }

  tbody td,
  tbody th {
    vertical-align: middle;
  }

  td.number,
  th.number {
    text-align: right;
    font-variant-numeric: tabular-nums;
  }

  td.value {
    overflow-wrap: anywhere;
  }

  .none {
    margin: 0 0 8px;
    color: var(--parley-ink-3);
  }

  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
    gap: 14px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .cards > .panel {
    margin: 0;
  }

  .big {
    margin: 4px 0 10px;
    font-size: 1.75rem;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
`;
