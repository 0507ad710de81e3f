/** The cluster behind an application: who leads, what is committed, who is there, and what one may change. */

import { html, nothing, type TemplateResult } from 'lit';
import type { NodeId } from '../../core/id.ts';
import type { RaftStatus } from '../../lab/raft/status.ts';
import { AppElement } from './app-element.ts';

/** `<parley-cluster .session=…>`. */
export class ParleyCluster extends AppElement {
  protected override render(): unknown {
    const { session } = this;
    const status = session?.status;
    if (session === undefined || status === undefined) return nothing;
    const { leader, term, commit, voters, learners } = status;
    const me = session.raft!.id;
    const present = new Set(session.view?.present ?? [me]);
    const linked = new Set(session.view?.linked ?? []);
    const nodes = [...voters, ...learners, ...present].filter(
      (id, at, all) => all.indexOf(id) === at,
    );
    return html`<section class="panel" aria-labelledby="cluster">
      <h2 id="cluster">The cluster</h2>
      <p role="status" class="said">
        This tab is <b>${me}</b>.
        ${leader === null ? 'Nobody leads just now.' : leader === me ? 'It leads.' : html`<b>${leader}</b> leads.`}
      </p>
      <p class="dim mono">term ${term} · committed ${commit}</p>
      ${this.#warning(status, present)}
      <div class="scroll">
        <table aria-labelledby="cluster">
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">Part</th>
              <th scope="col">Tab</th>
              <th scope="col"><span class="hidden">Deeds</span></th>
            </tr>
          </thead>
          <tbody>
            ${nodes.map(
              (id) =>
                html`<tr>
                  <th scope="row">${id}${id === me ? ' (you)' : ''}</th>
                  <td>${partOf(id, status)}</td>
                  <td class=${present.has(id) ? '' : 'bad'}>
                    ${!present.has(id) ? 'away' : id === me || linked.has(id) ? 'here' : 'connecting'}
                  </td>
                  <td>${this.#deeds(id, me, status)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${this.complaintOf('cluster')} ${this.spoken()}
    </section>`;
  }

  #warning({ voters, broken }: RaftStatus, present: ReadonlySet<NodeId>) {
    const needed = Math.floor(voters.length / 2) + 1;
    const there = voters.filter((id) => present.has(id)).length;
    if (broken !== null) {
      return html`<p class="bad" role="alert">This node takes no part any more: ${broken}.</p>`;
    }
    if (there >= needed) return nothing;
    return html`<p class="bad" role="alert">
      Only ${there} of ${voters.length} voters are here, and ${needed} are needed: nothing can be
      changed until more tabs are open.
    </p>`;
  }

  /** What the leader's tab may do about a node. */
  #deeds(id: NodeId, me: NodeId, { role, voters, learners }: RaftStatus): TemplateResult {
    if (role !== 'leader') return html``;
    const deed = (label: string, act: () => Promise<string | undefined>, said: string) =>
      html`<button
        class="line"
        aria-label="${label}: ${id}"
        @click=${() => this.#perform(act, said)}
      >
        ${label}
      </button>`;
    const { session } = this;
    if (id === me) {
      return voters.length < 2
        ? html``
        : deed('hand over', () => session!.handOver(), 'Another node leads now.');
    }
    if (learners.includes(id)) {
      return deed('make voter', () => session!.make('voter', id), `${id} votes from now on.`);
    }
    if (!voters.includes(id)) return html``;
    return deed('remove', () => session!.make('removed', id), `${id} is no member any more.`);
  }

  async #perform(act: () => Promise<string | undefined>, said: string): Promise<void> {
    this.complaint = undefined;
    const problem = await act();
    if (problem === undefined) this.done = said;
    else this.complaint = { form: 'cluster', text: problem };
  }
}

function partOf(id: NodeId, { leader, voters, learners }: RaftStatus): string {
  if (id === leader) return 'leader';
  if (voters.includes(id)) return 'voter';
  return learners.includes(id) ? 'guest' : 'no member';
}

customElements.define('parley-cluster', ParleyCluster);

declare global {
  interface HTMLElementTagNameMap {
    'parley-cluster': ParleyCluster;
  }
}
