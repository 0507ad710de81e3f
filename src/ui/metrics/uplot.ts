/** The chart library with its style sheet. Loaded when the metrics are first looked at. */

import { css, unsafeCSS } from 'lit';
import Plot from 'uplot';
import plotStyles from 'uplot/dist/uPlot.min.css?inline';

export { Plot };

/** What a chart needs inside a shadow tree. */
export const plotSheet = css`
  ${unsafeCSS(plotStyles)}
`;
