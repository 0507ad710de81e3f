/** How the table of events is dressed. */

import { css } from 'lit';

/** Styles of `<parley-event-log>`. */
export const eventLogStyles = css`
  :host {
    position: relative;
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto;
    height: 100%;
  }

  .scroll {
    overflow: auto;
    outline-offset: -2px;
  }

  table {
    width: 100%;
    /* The columns before the last one, and so much for the last that it can be read. */
    min-width: 52rem;
    table-layout: fixed;
    border-collapse: separate;
    border-spacing: 0;
    font-family: var(--parley-mono);
  }

  .c-index {
    width: 4.2rem;
  }

  .c-time {
    width: 5.2rem;
  }

  .c-node {
    width: 4.5rem;
  }

  .c-verb {
    width: 5rem;
  }

  .c-subject {
    width: 11rem;
  }

  .c-level {
    width: 4.5rem;
  }

  .c-layer {
    width: 9rem;
  }

  .c-peer {
    width: 5rem;
  }

  thead th {
    position: sticky;
    z-index: 1;
    top: 0;
    background: var(--parley-surface);
    font-family: var(--parley-sans);
  }

  tr {
    height: var(--parley-row);
  }

  td,
  thead th {
    height: var(--parley-row);
    padding: 0 8px;
    line-height: calc(var(--parley-row) - 1px);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  tbody tr:not(.spacer) {
    cursor: pointer;
  }

  tbody tr:not(.spacer):hover td {
    background: var(--parley-sunken);
  }

  .future td {
    color: var(--parley-ink-3);
  }

  .future i {
    opacity: 0.6;
  }

  tr.violation td,
  tr.log.error td,
  tr.drop td {
    color: var(--parley-bad);
  }

  tr[aria-current] td {
    background: var(--parley-accent-soft);
    color: var(--parley-ink);
  }

  tr.now td {
    border-bottom-color: var(--parley-accent);
  }

  tr[aria-current] td:first-child {
    box-shadow: inset 3px 0 var(--parley-accent);
  }

  .detail {
    font-family: var(--parley-sans);
  }

  .spacer,
  .spacer td {
    height: auto;
    padding: 0;
    border: 0;
  }

  .dot {
    display: inline-block;
    width: 8px;
    height: 8px;
    margin-right: 7px;
    border: 1.5px solid var(--dot);
    border-radius: 50%;
    forced-color-adjust: none;
  }

  .dot.send {
    background: var(--dot);
  }

  /* A strip of its own: over the table it would hide what the last rows say. */
  .filter {
    order: 1;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
    justify-content: end;
    padding: 3px 10px 5px;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
  }

  .filter input {
    order: 1;
    width: 12.5rem;
  }
`;
