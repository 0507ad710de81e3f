/** How the room is dressed. */

import { css } from 'lit';

/** Styles of `<parley-room>`. */
export const roomStyles = css`
  h2:not(:first-child) {
    margin-top: 14px;
  }

  .ways {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 112px;
    gap: 12px;
    align-items: start;
  }

  .code {
    margin: 0 0 8px;
    color: var(--parley-ink);
    font: 700 1.9rem/1 var(--parley-mono);
    letter-spacing: 0.06em;
    overflow-wrap: anywhere;
  }

  p {
    margin: 6px 0;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
    overflow-wrap: anywhere;
    text-wrap: pretty;
  }

  p.bad {
    color: var(--parley-bad);
  }

  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  li {
    display: grid;
    grid-template-columns: 1.6rem minmax(0, 1fr) auto auto;
    gap: 8px;
    align-items: baseline;
    padding: 4px 0;
    border-bottom: 1px solid var(--parley-line);
  }

  .order {
    color: var(--parley-ink-3);
    font-family: var(--parley-mono);
    text-align: right;
  }

  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .name b {
    padding: 0 6px;
    border-radius: 99px;
    background: var(--parley-accent-soft);
    color: var(--parley-accent);
    font-size: var(--parley-small);
  }

  .presence {
    color: var(--parley-ok);
    font-size: var(--parley-small);
  }

  .gone .presence,
  .gone .name {
    color: var(--parley-ink-3);
  }

  .gone .name {
    text-decoration: line-through;
  }

  .start {
    width: 100%;
    margin-top: 12px;
  }
`;
