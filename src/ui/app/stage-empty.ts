/** What stands on the stage while there is nothing to show: always the next action. */

import { html, type TemplateResult } from 'lit';
import type { LabModel } from './lab-model.ts';

/** Words for the empty stage; undefined when there is a picture to draw. */
export function stageEmpty(model: LabModel): TemplateResult | undefined {
  const { run, session } = model;
  if (run === undefined) {
    if (session !== undefined) {
      return words(
        session.isStarter ? 'The room is ready when you are.' : 'Waiting for the first member.',
        session.isStarter
          ? 'Let the others join, then press Start: each tab becomes a node.'
          : 'When they start the run, this tab becomes a node, and the picture appears here.',
      );
    }
    return words('Nothing runs yet.', 'Press Run, or R.');
  }
  if (run.problem !== undefined && run.events.length === 0) {
    return words('The run could not be made.', 'The line above says why.');
  }
  if (run.phase === 'preparing' && run.nodes.length === 0) {
    return words('Preparing the nodes …', 'This takes a moment.');
  }
  return undefined;
}

function words(title: string, next: string): TemplateResult {
  return html`<div class="empty-stage">
    <p><b>${title}</b></p>
    <p>${next}</p>
  </div>`;
}
