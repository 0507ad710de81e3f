/** What stands on the stage while there is nothing to show: always the next action. */

import { html, type TemplateResult } from 'lit';
import type { RoomSession } from '../../lab/lab-service.ts';
import { needs, PARTS } from '../kit/later.ts';
import type { LabModel } from './lab-model.ts';

/** Words for the empty stage; undefined when there is a picture to draw. */
export function stageEmpty(model: LabModel): TemplateResult | undefined {
  const { run, session } = model;
  if (run === undefined) {
    if (session !== undefined) {
      if (session.mayDirect) return invitation(session);
      return words(
        'Waiting for the first member.',
        'When they start the run, this tab becomes a node, and the picture appears here.',
      );
    }
    return words('Nothing runs yet.', 'Press Run, or R.');
  }
  if (run.problem !== undefined && run.events.length === 0) {
    return words('The run could not be made.', 'The line above says why.');
  }
  if (run.phase === 'preparing' && model.viewer.nodes.length === 0) {
    return words('Preparing the nodes …', 'This takes a moment.');
  }
  return undefined;
}

/** Large enough for the last row of a classroom. */
function invitation({ code, link }: RoomSession): TemplateResult {
  const [address] = link.split('#');
  return html`<div
    class="empty-stage invitation"
    role="group"
    aria-label="How to join"
    tabindex="0"
  >
    ${needs(PARTS.qr)}
    <parley-qr .text=${link} label="QR code of the link to this room"></parley-qr>
    <div>
      <p class="code">${code}</p>
      <p>Scan it, or type the code at <span class="mono">${address}</span></p>
      <p><b>The room is ready when you are:</b> let the others join, then start the run.</p>
    </div>
  </div>`;
}

function words(title: string, next: string): TemplateResult {
  return html`<div class="empty-stage">
    <p><b>${title}</b></p>
    <p>${next}</p>
  </div>`;
}
