/** Markdown as templates. What is written as HTML is shown as text, and only links to elsewhere on the web or within the lab are links. */

import { html, nothing, type TemplateResult } from 'lit';
import { Lexer, type Token, type Tokens } from 'marked';
import { labLink } from '../app/route.ts';

/** What stands in a document of a chapter. */
type Part = TemplateResult | string | typeof nothing;

/** How links of a document are followed. */
export interface LinkWorld {
  /** Names of the chapters that can be opened. */
  readonly chapters: ReadonlySet<string>;
  /** Names of the files beside the document. */
  readonly files: ReadonlySet<string>;
  /** Shows one of them. */
  openFile(name: string): void;
}

/** A document. */
export function markdown(text: string, world: LinkWorld): TemplateResult {
  return html`${new Lexer({ gfm: true }).lex(text).map((token) => block(token, world))}`;
}

function block(token: Token, world: LinkWorld): Part {
  switch (token.type) {
    case 'heading':
      return heading(token as Tokens.Heading, world);
    case 'paragraph':
      return html`<p>${inline(token.tokens, world)}</p>`;
    case 'text':
      return html`${inline(token.tokens ?? [token], world)}`;
    case 'code':
      return html`<pre tabindex="0"><code>${token.text as string}</code></pre>`;
    case 'blockquote':
      return html`<blockquote>${token.tokens?.map((part) => block(part, world))}</blockquote>`;
    case 'list':
      return list(token as Tokens.List, world);
    case 'table':
      return table(token as Tokens.Table, world);
    case 'hr':
      return html`<hr />`;
    case 'space':
    case 'def':
      return nothing;
    default:
      return html`<p>${token.raw}</p>`;
  }
}

/** The page has its own first heading: those of a document stand below it. */
function heading({ depth, tokens }: Tokens.Heading, world: LinkWorld): TemplateResult {
  const text = inline(tokens, world);
  if (depth === 1) return html`<h2 class="title">${text}</h2>`;
  return depth === 2 ? html`<h3>${text}</h3>` : html`<h4>${text}</h4>`;
}

function list({ ordered, start, items }: Tokens.List, world: LinkWorld): TemplateResult {
  const rows = items.map(
    (item) => html`<li>${item.tokens.map((token) => block(token, world))}</li>`,
  );
  if (!ordered)
    return html`<ul>
      ${rows}
    </ul>`;
  return html`<ol start=${start === '' ? 1 : start}>
    ${rows}
  </ol>`;
}

function table({ header, rows }: Tokens.Table, world: LinkWorld): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Table">
    <table>
      <thead>
        <tr>
          ${header.map(({ tokens }) => html`<th scope="col">${inline(tokens, world)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(({ tokens }) => html`<td>${inline(tokens, world)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function inline(tokens: readonly Token[] | undefined, world: LinkWorld): Part[] {
  return (tokens ?? []).map((token): Part => {
    switch (token.type) {
      case 'strong':
        return html`<strong>${inline(token.tokens, world)}</strong>`;
      case 'em':
        return html`<em>${inline(token.tokens, world)}</em>`;
      case 'del':
        return html`<del>${inline(token.tokens, world)}</del>`;
      case 'codespan':
        return html`<code>${token.text as string}</code>`;
      case 'br':
        return html`<br />`;
      case 'link':
        return link(token as Tokens.Link, world);
      case 'text':
        return token.tokens === undefined
          ? unescaped(token.raw)
          : html`${inline(token.tokens, world)}`;
      case 'escape':
        return token.text as string;
      default:
        return token.raw;
    }
  });
}

function link({ href, tokens }: Tokens.Link, world: LinkWorld): Part {
  const text = inline(tokens, world);
  if (/^https?:\/\//.test(href)) {
    return html`<a href=${href} target="_blank" rel="noreferrer">${text}</a>`;
  }
  const chapter = /^\.\.\/([a-z_]+)(\/|$)/.exec(href)?.[1];
  if (chapter !== undefined && world.chapters.has(chapter)) {
    return html`<a href=${labLink(chapter)}>${text}</a>`;
  }
  if (world.files.has(href)) {
    return html`<button class="link" @click=${() => world.openFile(href)}>${text}</button>`;
  }
  // A link to a place in the repository, which the page does not have.
  return html`${text}`;
}

/** The few entities that people write by hand. */
function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', '\u00a0')
    .replaceAll('&amp;', '&');
}
