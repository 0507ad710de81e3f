/** How the lab is laid out. */

import { css } from 'lit';

/** Styles of `<parley-lab>`. */
export const labStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    height: 100vh;
    height: 100dvh;
    font-size: var(--parley-text);
    line-height: 1.45;
  }

  main {
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto;
    grid-template-columns: minmax(230px, min(18.75rem, 26vw)) minmax(0, 1fr) minmax(
        230px,
        min(18.75rem, 26vw)
      );
    min-height: 0;
  }

  /* Frozen pages can be looked at, and by screen readers found, but not used. */
  .all {
    display: contents;
  }

  main.frozen {
    opacity: 0.45;
  }

  .left,
  .right {
    padding: 14px 16px;
    outline-offset: -2px;
    overflow: auto;
  }

  .left {
    display: flex;
    flex-direction: column;
    gap: 16px;
    border-right: 1px solid var(--parley-line);
  }

  .left parley-config {
    flex: 1 0 auto;
  }

  .right {
    border-left: 1px solid var(--parley-line);
  }

  /* What is said about a run, however much it is, leaves the larger part of the place to the stage. */
  .said {
    flex: none;
    container-type: scroll-state;
    max-height: 40%;
    overflow: auto;
  }

  /* What is cut off below fades, so that one sees that there is more. */
  .said::after {
    position: sticky;
    bottom: 0;
    display: block;
    height: 0;
    background: linear-gradient(transparent, var(--parley-paper));
    content: '';
    pointer-events: none;
  }

  @container scroll-state(scrollable: bottom) {
    .said::after {
      height: 18px;
      margin-top: -18px;
    }
  }

  .centre {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    overflow: auto;
  }

  .stage {
    position: relative;
    display: grid;
    flex: 1;
    /* Below that a picture is a dot: what stands above it is scrolled away instead. */
    grid-template-rows: minmax(12rem, 1fr) auto;
    min-height: fit-content;
    background: radial-gradient(
      circle at 50% 46%,
      var(--parley-surface) 0 46%,
      var(--parley-paper) 80%
    );
  }

  parley-stage {
    --stage-tools: 13rem;

    overflow: visible;
  }

  .narrow parley-stage {
    --stage-tools: 100px;
  }

  .stage-tools {
    position: absolute;
    top: 12px;
    right: 14px;
    display: flex;
    gap: 6px;
    align-items: center;
  }

  .stage-tools button {
    border-color: var(--parley-line);
    background: var(--parley-surface);
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
  }

  parley-legend {
    grid-row: 2;
    margin: 0 14px 8px;
  }

  .narrow parley-legend {
    --legend-wrap: nowrap;
  }

  .empty-stage {
    position: absolute;
    inset: 0;
    display: grid;
    /* Where there is too little room for it, its beginning can be scrolled to. */
    align-content: safe center;
    justify-items: center;
    padding: 8px 24px;
    overflow: auto;
    color: var(--parley-ink-2);
    text-align: center;
  }

  .empty-stage p {
    margin: 2px 0;
  }

  .empty-stage b {
    color: var(--parley-ink);
    font-size: var(--parley-large);
  }

  .invitation {
    grid-template-columns: minmax(120px, min(34vh, 300px)) minmax(0, 24rem);
    gap: 12px 32px;
    place-content: safe center;
    place-items: center start;
    text-align: left;
  }

  .invitation parley-qr {
    width: 100%;
  }

  .invitation .code {
    color: var(--parley-ink);
    font: 700 clamp(2rem, 5vw, 4rem) / 1.1 var(--parley-mono);
    letter-spacing: 0.04em;
  }

  .narrow .invitation {
    grid-template-columns: minmax(0, 1fr);
    justify-items: center;
    text-align: center;
  }

  .narrow .invitation parley-qr {
    width: min(120px, 15vh);
  }

  parley-views {
    grid-column: 1 / -1;
    border-top: 1px solid var(--parley-line);
    background: var(--parley-surface);
  }

  main.narrow {
    position: relative;
    grid-template-rows: minmax(0, 1fr) minmax(0, auto);
    grid-template-columns: minmax(0, 1fr);
  }

  .narrow .left {
    position: absolute;
    z-index: 5;
    inset: 0;
    border: 0;
    background: var(--parley-paper);
  }

  .narrow .close {
    flex: none;
    align-self: end;
    margin: -6px -8px -10px 0;
  }

  /* A phone on its side, or a page zoomed far: the page scrolls rather than squeezing everything to nothing. */
  @media (max-height: 540px) {
    :host {
      height: auto;
      min-height: 100dvh;
    }

    .centre {
      min-height: 320px;
    }
  }
`;
