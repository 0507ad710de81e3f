/** How the head of the lab is dressed. */

import { css } from 'lit';

/** Styles of `<parley-lab-header>`. */
export const headerStyles = css`
  :host {
    container-type: inline-size;
  }

  header {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: center;
    padding: 8px 16px;
    border-bottom: 1px solid var(--parley-line);
    background: var(--parley-surface);
  }

  .mark {
    display: flex;
    gap: 8px;
    align-items: center;
    color: inherit;
    font-weight: 650;
    letter-spacing: -0.01em;
    text-decoration: none;
  }

  .grow {
    flex: 1;
  }

  .facts {
    color: var(--parley-ink-2);
  }

  .chapter {
    max-width: 17rem;
    field-sizing: content;
    border-color: transparent;
    background: none;
    font-weight: 600;
    text-overflow: ellipsis;
  }

  .chapter:hover:not(:disabled) {
    border-color: var(--parley-line-2);
  }

  .chapter:disabled {
    color: inherit;
    opacity: 1;
  }

  .places {
    display: inline-flex;
    margin: 0;
    padding: 0;
    border: 1px solid var(--parley-line-2);
    border-radius: 8px;
  }

  .places label {
    position: relative;
    display: inline-flex;
    align-items: center;
    min-height: 1.75rem;
    padding: 0 11px;
    color: var(--parley-ink-2);
    cursor: pointer;
  }

  .places label:not(:last-child) {
    border-right: 1px solid var(--parley-line-2);
  }

  .places label:has(:checked) {
    background: var(--parley-accent-soft);
    color: var(--parley-accent);
    font-weight: 600;
  }

  .places label:first-of-type {
    border-radius: 7px 0 0 7px;
  }

  .places label:last-of-type {
    border-radius: 0 7px 7px 0;
  }

  .places label:has(:focus-visible) {
    outline: 2px solid var(--parley-accent);
    outline-offset: 1px;
  }

  .places input {
    position: absolute;
    inset: 0;
    min-height: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }

  .seed,
  .seed label {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    color: var(--parley-ink-2);
  }

  .seed {
    gap: 2px;
  }

  .seed input {
    width: 5.4rem;
    border-color: var(--parley-line-2);
    font-family: var(--parley-mono);
    font-size: var(--parley-small);
  }

  .run {
    min-width: 5.4rem;
  }

  .help {
    min-width: 1.875rem;
    padding: 0;
  }

  :host([narrow]) header {
    padding: 8px 12px;
  }

  :host([narrow]) .mark span,
  :host([narrow]) .help {
    display: none;
  }

  :host([narrow]) .chapter {
    max-width: 13rem;
  }

  :host([narrow]) .facts,
  :host([narrow]) .seed {
    display: none;
  }

  /* Large type on a small screen: what stands elsewhere as well gives way to what is pressed. */
  @container (max-width: 64rem) {
    .facts {
      display: none;
    }

    .chapter {
      max-width: 11rem;
    }
  }

  @media (max-width: 599px) {
    header {
      gap: 8px;
    }

    .grow {
      flex: 0;
    }

    :host([narrow]) .chapter {
      flex: 1 1 5rem;
      max-width: none;
    }

    /* The second row: wider than what the first leaves over. */
    .places {
      order: 2;
      flex: 1 1 58%;
    }

    .places label {
      flex: 1 1 auto;
      justify-content: center;
      padding: 0 8px;
    }

    .config {
      order: 2;
    }
  }

  /* So narrow that the words would make a third row: the sign says it, and its name stays. */
  @media (max-width: 339px) {
    header {
      gap: 8px 6px;
    }

    .places label {
      padding: 0 5px;
    }

    .config span {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }

  @media (forced-colors: active) {
    .places label:has(:checked) {
      outline: 2px solid Highlight;
      outline-offset: -3px;
    }
  }
`;
