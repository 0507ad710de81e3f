/** How the first screen is dressed. */

import { css } from 'lit';

/** Styles of `<parley-home>`. */
export const homeStyles = css`
  :host {
    font-size: var(--parley-large);
    line-height: 1.5;
  }

  .wrap {
    max-width: 1120px;
    margin: 0 auto;
    padding: 0 24px 64px;
  }

  header {
    display: flex;
    gap: 18px;
    align-items: center;
    padding: 18px 0;
  }

  .mark {
    display: flex;
    gap: 9px;
    align-items: center;
    font-weight: 650;
  }

  nav {
    display: flex;
    gap: 18px;
    margin-left: auto;
  }

  nav {
    align-items: center;
  }

  nav a {
    color: var(--parley-ink-2);
    text-decoration: none;
  }

  nav a:hover {
    color: var(--parley-ink);
    text-decoration: underline;
    text-underline-offset: 3px;
  }

  nav button {
    padding: 0 2px;
    color: var(--parley-ink-2);
  }

  nav button:hover {
    background: none;
    color: var(--parley-ink);
    text-decoration: underline;
    text-underline-offset: 3px;
  }

  .hero {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 340px;
    gap: 48px;
    align-items: start;
    padding: 34px 0 40px;
  }

  h1 {
    margin: 0 0 14px;
    font-size: clamp(1.75rem, 4.4vw, 2.75rem);
    font-weight: 650;
    line-height: 1.12;
    letter-spacing: -0.022em;
    text-wrap: balance;
  }

  .lead {
    max-width: 56ch;
    margin: 0 0 22px;
    color: var(--parley-ink-2);
    font-size: 1.0625rem;
    text-wrap: pretty;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
  }

  .row .button,
  .row button {
    padding: 8px 15px;
    border-radius: 9px;
  }

  h2 {
    margin: 0 0 12px;
    font-size: var(--parley-text);
    scroll-margin-top: 16px;
  }

  h3 {
    margin: 0 0 10px;
    color: var(--parley-ink-2);
    font-size: var(--parley-text);
    font-weight: 500;
  }

  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(300px, 1fr));
    gap: 14px;
    margin: 0 0 28px;
    padding: 0;
    list-style: none;
  }

  .card {
    position: relative;
    display: grid;
    grid-template-rows: 128px auto;
    border: 1px solid var(--parley-line);
    border-radius: 14px;
    background: var(--parley-surface);
    overflow: hidden;
  }

  .card:hover,
  .card:focus-within {
    border-color: var(--parley-accent);
  }

  .card:focus-within {
    box-shadow: 0 0 0 1px var(--parley-accent);
  }

  .card div {
    padding: 12px 14px 14px;
  }

  .card a {
    color: inherit;
    font-weight: 600;
    text-decoration: none;
    outline: none;
  }

  /* The whole card is the link. */
  .card a::after {
    position: absolute;
    inset: 0;
    content: '';
  }

  .card small {
    display: block;
    margin-top: 2px;
    color: var(--parley-ink-2);
    font-size: var(--parley-text);
    text-wrap: pretty;
  }

  .scroll {
    overflow-x: auto;
  }

  .runs {
    font-size: 0.84375rem;
  }

  .runs td {
    padding: 9px 8px;
    border-top: 1px solid var(--parley-line);
    border-bottom: 0;
  }

  .bad {
    font-weight: 550;
  }

  .none {
    margin: 0;
    padding: 16px 0;
    border-top: 1px solid var(--parley-line);
    color: var(--parley-ink-2);
  }

  @media (max-width: 760px) {
    .wrap {
      padding: 0 16px 48px;
    }

    .hero {
      grid-template-columns: minmax(0, 1fr);
      gap: 26px;
      padding-top: 12px;
    }

    header {
      gap: 10px;
    }

    nav {
      gap: 14px;
      font-size: var(--parley-text);
    }

    /* What is on this page is scrolled to; other pages are reached from here alone. */
    nav button {
      display: none;
    }

    .cards {
      grid-template-columns: minmax(0, 1fr);
    }

    .card {
      grid-template-rows: auto;
      grid-template-columns: 112px minmax(0, 1fr);
    }

    .runs td:nth-child(3) {
      display: none;
    }
  }
`;
