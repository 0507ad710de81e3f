/** How the configuration panel is dressed. */

import { css } from 'lit';

/** Styles of `<parley-config>`. */
export const configStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }

  .head {
    display: flex;
    gap: 2px;
    align-items: center;
    margin-bottom: 4px;
  }

  .head h2 {
    flex: 1;
    margin: 0;
  }

  .head button {
    min-height: 1.6rem;
    padding: 0 7px;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
  }

  .files {
    width: 100%;
    text-overflow: ellipsis;
  }

  .story {
    margin: 7px 0 9px;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
    text-wrap: pretty;
  }

  parley-editor {
    flex: 1 1 220px;
  }

  .folds {
    flex: none;
    margin-top: 10px;
    border-bottom: 1px solid var(--parley-line);
  }

  .options {
    display: grid;
    flex: none;
    gap: 5px;
    margin: 14px 0 0;
    padding: 0;
    border: 0;
  }

  legend {
    margin: 0 0 6px;
    padding: 0;
    color: var(--parley-ink-3);
    font-size: var(--parley-small);
    font-weight: 600;
  }

  .hunt {
    margin: 12px 0;
  }

  .options label,
  .pair {
    display: flex;
    gap: 6px;
    align-items: center;
  }

  .options label > span,
  .pair > span {
    flex: 1 1 auto;
    color: var(--parley-ink-2);
  }

  .options input {
    flex: 0 1 6.6rem;
    width: 6.6rem;
    font-family: var(--parley-mono);
    font-size: var(--parley-small);
  }

  .options select {
    width: 6.6rem;
    font-size: var(--parley-small);
  }

  .pair input {
    flex-basis: 4rem;
    width: 4rem;
  }

  .options p {
    margin: 2px 0 0;
    font-size: var(--parley-small);
  }
`;
