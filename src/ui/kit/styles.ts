/** Styles that several elements share: controls, headings, tables. Colours come from the tokens. */

import { css } from 'lit';

/** What every element begins with. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
    min-width: 0;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  :focus-visible {
    outline: 2px solid var(--parley-accent);
    outline-offset: 2px;
  }

  /* Where one begins on a screen, and nothing that can be operated. */
  h1:focus {
    outline: none;
  }

  a {
    color: var(--parley-accent);
    text-underline-offset: 2px;
  }

  h2 {
    margin: 0 0 8px;
    color: var(--parley-ink-3);
    font-size: var(--parley-small);
    font-weight: 600;
  }

  svg {
    flex: none;
  }

  kbd {
    padding: 0 4px;
    border: 1px solid var(--parley-line-2);
    border-bottom-width: 2px;
    border-radius: 4px;
    color: var(--parley-ink-3);
    font: 500 0.6563rem var(--parley-mono);
  }

  .mono {
    font-family: var(--parley-mono);
    font-size: var(--parley-small);
  }

  .dim {
    color: var(--parley-ink-3);
  }

  .good {
    color: var(--parley-ok);
  }

  .bad {
    color: var(--parley-bad);
    font-weight: 600;
  }

  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    padding: 0;
    border: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

/** Buttons, fields, selects. */
export const controls = css`
  button,
  .button {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    justify-content: center;
    min-height: 1.875rem;
    padding: 3px 9px;
    border: 1px solid transparent;
    border-radius: var(--parley-radius-small);
    background: none;
    color: inherit;
    font: inherit;
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
  }

  button:hover:not(:disabled, [aria-disabled='true']),
  .button:hover {
    background: var(--parley-sunken);
  }

  button:disabled,
  button[aria-disabled='true'] {
    opacity: 0.45;
    cursor: default;
  }

  button.line,
  .button.line {
    border-color: var(--parley-line-2);
    background: var(--parley-surface);
  }

  button.line:hover:not(:disabled),
  .button.line:hover {
    border-color: var(--parley-edge);
  }

  button.primary,
  .button.primary {
    border-color: var(--parley-ink);
    background: var(--parley-ink);
    color: var(--parley-paper);
    font-weight: 550;
  }

  button.primary:hover:not(:disabled),
  .button.primary:hover {
    border-color: var(--parley-ink-2);
    background: var(--parley-ink-2);
  }

  button[aria-pressed='true'] {
    background: var(--parley-accent-soft);
    color: var(--parley-accent);
    font-weight: 600;
  }

  input,
  select,
  textarea {
    min-width: 0;
    padding: 3px 8px;
    border: 1px solid var(--parley-edge);
    border-radius: var(--parley-radius-small);
    background: var(--parley-surface);
    color: inherit;
    font: inherit;
  }

  input,
  select {
    min-height: 1.875rem;
  }

  ::placeholder {
    color: var(--parley-ink-3);
    opacity: 1;
  }

  input:disabled,
  select:disabled {
    color: var(--parley-ink-3);
    border-color: var(--parley-line-2);
  }

  input[aria-invalid='true'] {
    border-color: var(--parley-bad);
  }

  @media (pointer: coarse) {
    button,
    .button,
    input,
    select {
      min-height: 2.5rem;
    }
  }

  @media (forced-colors: active) {
    button.primary,
    .button.primary {
      forced-color-adjust: none;
    }

    button[aria-pressed='true'],
    [aria-selected='true'],
    [aria-checked='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;

/** What a panel says while it has nothing to show. */
export const emptiness = css`
  .empty {
    margin: 0;
    padding: 22px 16px;
    color: var(--parley-ink-2);
  }
`;

/** Tables of facts. */
export const tables = css`
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--parley-small);
  }

  td,
  th {
    padding: 3.5px 6px;
    border-bottom: 1px solid var(--parley-line);
    font-weight: 400;
    text-align: left;
    vertical-align: top;
  }

  th {
    color: var(--parley-ink-3);
  }

  td.number,
  th.number {
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
`;
