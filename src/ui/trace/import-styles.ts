/** How the screen that opens traces is dressed. */

import { css } from 'lit';

/** Styles of `<parley-import>`. */
export const importStyles = css`
  :host {
    min-height: 100dvh;
    line-height: 1.5;
  }

  .wrap {
    min-height: 100dvh;
    max-width: 52rem;
    margin: 0 auto;
    padding: 0 24px 48px;
  }

  .wrap.over .files {
    border-color: var(--parley-accent);
    background: var(--parley-accent-soft);
  }

  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding: 18px 0;
  }

  .brand {
    display: inline-flex;
    gap: 9px;
    align-items: center;
    color: inherit;
    font-weight: 650;
    text-decoration: none;
  }

  h1 {
    margin: 20px 0 8px;
    font-size: 1.75rem;
    font-weight: 650;
    letter-spacing: -0.02em;
  }

  .lead {
    max-width: 62ch;
    margin: 0 0 20px;
    color: var(--parley-ink-2);
    text-wrap: pretty;
  }

  code {
    font: 0.9em var(--parley-mono);
  }

  .card {
    display: grid;
    gap: 10px;
    margin: 0 0 16px;
    padding: 18px;
    border: 1px solid var(--parley-line);
    border-radius: 14px;
    background: var(--parley-surface);
  }

  .files {
    display: grid;
    gap: 10px;
    padding: 18px;
    border: 1.5px dashed var(--parley-edge);
    border-radius: 10px;
  }

  .files input {
    width: 100%;
    border: 0;
    background: none;
  }

  .files input::file-selector-button {
    min-height: 2rem;
    margin-right: 10px;
    padding: 3px 12px;
    border: 1px solid var(--parley-line-2);
    border-radius: var(--parley-radius-small);
    background: var(--parley-surface);
    color: inherit;
    font: inherit;
    cursor: pointer;
  }

  textarea {
    width: 100%;
    min-height: 9rem;
    resize: vertical;
    font: var(--parley-small) / 1.5 var(--parley-mono);
    white-space: pre;
    overflow: auto;
  }

  form button {
    justify-self: start;
  }

  .problem {
    margin: 0 0 16px;
    padding: 10px 14px;
    border: 1px solid var(--parley-bad);
    border-radius: 10px;
    color: var(--parley-bad);
    overflow-wrap: anywhere;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    align-items: center;
    overflow-wrap: anywhere;
  }

  .reading {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    align-items: center;
    margin: 0 0 16px;
  }

  .remarks {
    order: 9;
    flex-basis: 100%;
    margin: 0;
    padding: 0 0 0 1.2em;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
    overflow-wrap: anywhere;
  }
`;
