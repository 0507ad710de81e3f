/** How the screen at the front is laid out. */

import { css } from 'lit';

/** Styles of `<parley-presenter>`. */
export const presenterStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    height: 100vh;
    height: 100dvh;
    font-size: var(--parley-text);
  }

  header {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    padding: 8px 16px;
    border-bottom: 1px solid var(--parley-line);
  }

  h1 {
    margin: 0;
    font-size: var(--parley-large);
  }

  .code {
    font: 700 1.5rem / 1 var(--parley-mono);
    letter-spacing: 0.04em;
  }

  .deeds {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-left: auto;
  }

  main {
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr) minmax(18rem, 30vw);
    min-height: 0;
  }

  .stage {
    position: relative;
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto;
    min-height: 0;
  }

  parley-stage {
    overflow: visible;
  }

  parley-legend {
    margin: 0 14px 8px;
  }

  aside {
    display: flex;
    flex-direction: column;
    gap: 14px;
    padding: 12px 16px;
    border-left: 1px solid var(--parley-line);
    overflow: auto;
  }

  aside:focus-visible {
    outline-offset: -2px;
  }

  .invite {
    display: grid;
    grid-template-columns: 9rem minmax(0, 1fr);
    gap: 12px;
    align-items: center;
  }

  p {
    margin: 0;
  }

  parley-transport-bar {
    grid-column: 1 / -1;
    padding: 8px 16px;
    border-top: 1px solid var(--parley-line);
    background: var(--parley-surface);
  }

  .empty-stage {
    position: absolute;
    inset: 0;
    display: grid;
    align-content: safe center;
    justify-items: center;
    padding: 12px 24px;
    overflow: auto;
    text-align: center;
  }

  .empty-stage parley-qr {
    width: min(40vh, 320px);
  }

  .empty-stage .code {
    font-size: clamp(2rem, 7vw, 6rem);
  }

  @media (max-width: 899px) {
    .empty-stage parley-qr {
      width: min(20vh, 180px);
    }

    :host {
      height: auto;
      min-height: 100dvh;
    }

    main {
      grid-template: minmax(320px, 50vh) auto auto / minmax(0, 1fr);
    }

    aside {
      border-top: 1px solid var(--parley-line);
      border-left: 0;
    }

    .deeds {
      margin-left: 0;
    }
  }
`;
