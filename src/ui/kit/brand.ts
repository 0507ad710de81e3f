/** The way home from a screen that has nothing else: the mark and the name, above whatever is said. */

import { css, html } from 'lit';
import { mark } from './icons.ts';

/** The link itself; {@link brandStyle} goes with it. */
export const brand = html`<a class="brand" href="#/">${mark}Parley</a>`;

/** How it looks, and the heading below it. */
export const brandStyle = css`
  .brand {
    display: inline-flex;
    gap: 8px;
    align-items: center;
    margin-bottom: 28px;
    color: inherit;
    font-weight: 700;
    text-decoration: none;
  }

  h1 {
    margin: 0 0 8px;
    font-size: 1.4rem;
  }
`;
