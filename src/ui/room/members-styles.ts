/** How the list of members is dressed. */

import { css } from 'lit';

/** Styles of `<parley-members>`. */
export const membersStyles = css`
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  li {
    display: grid;
    grid-template-columns: 1.6rem minmax(0, 1fr) auto auto;
    gap: 2px 8px;
    align-items: baseline;
    padding: 5px 0;
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

  small,
  .more {
    color: var(--parley-ink-2);
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

  .more {
    display: flex;
    flex-wrap: wrap;
    grid-column: 2 / -1;
    gap: 2px 10px;
    align-items: center;
  }

  .relay,
  .unheard,
  .server {
    color: var(--parley-warn, var(--parley-bad));
  }

  .deeds {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
    margin-left: auto;
  }

  button.small {
    min-height: 1.6rem;
    padding: 0 8px;
    border: 1px solid var(--parley-line);
    border-radius: 6px;
    font-size: var(--parley-small);
  }

  input.small {
    width: 9rem;
    min-height: 1.7rem;
    font-size: var(--parley-small);
  }

  label.small {
    display: flex;
    gap: 4px;
    align-items: center;
  }
`;
