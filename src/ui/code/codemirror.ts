/** The editor proper. Loaded when it is needed: it weighs as much as the rest of the page together. */

import { defaultKeymap, history, historyKeymap, undo } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  HighlightStyle,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { setDiagnostics, type Diagnostic as Mark } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension, type Text } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Diagnostic } from '../../lab/lab-service.ts';
import { editorTheme } from './editor-theme.ts';

/** What the element around it needs. */
export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly root: ShadowRoot;
  readonly value: string;
  /** Name for screen readers. */
  readonly label: string;
  readonly language: 'yaml' | 'typescript';
  readonly onChange: (value: string) => void;
  /** Control and enter: run what is written. */
  readonly onSubmit: () => void;
  readonly describe: Describe;
}

/** Says what stands at a place, counted from 1; undefined when there is nothing to say. */
export type Describe = (line: number, column: number) => Promise<string | undefined>;

/** A running editor. */
export interface Editor {
  /** Replaces the text in a way that can be undone. */
  setValue(value: string): void;
  /** Begins with another text: nothing before it can be undone. */
  open(value: string): void;
  setReadOnly(readOnly: boolean): void;
  setDiagnostics(diagnostics: readonly Diagnostic[]): void;
  /** Puts the caret at a place, counted from 1. */
  goTo(line: number, column: number): void;
  undo(): void;
  destroy(): void;
}

const highlighting = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--parley-ink-3)', fontStyle: 'italic' },
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--parley-accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--parley-ok)' },
  { tag: [tags.keyword, tags.bool, tags.null, tags.number], color: 'var(--parley-warn)' },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: 'var(--parley-ink-2)' },
]);

/** Makes an editor. */
export function createEditor(options: EditorOptions): Editor {
  const readOnly = new Compartment();
  const start = (value: string): EditorState =>
    EditorState.create({ doc: value, extensions: extensions(options, readOnly) });
  const view = new EditorView({
    state: start(options.value),
    parent: options.parent,
    root: options.root,
  });
  return {
    setValue(value) {
      if (value === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
    },
    open: (value) => view.setState(start(value)),
    setReadOnly(isReadOnly) {
      const extension = isReadOnly ? EditorState.readOnly.of(true) : [];
      view.dispatch({ effects: readOnly.reconfigure(extension) });
    },
    setDiagnostics(diagnostics) {
      const marks = diagnostics.map((diagnostic) => toMark(view.state.doc, diagnostic));
      view.dispatch(setDiagnostics(view.state, marks));
    },
    goTo(line, column) {
      const at = offset(view.state.doc, line, column);
      view.dispatch({ selection: { anchor: at }, scrollIntoView: true });
      view.focus();
    },
    undo: () => void undo(view),
    destroy: () => view.destroy(),
  };
}

function extensions(options: EditorOptions, readOnly: Compartment): Extension[] {
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    bracketMatching(),
    highlightActiveLine(),
    EditorView.lineWrapping,
    highlightSelectionMatches(),
    search({ top: true }),
    indentUnit.of('  '),
    options.language === 'yaml' ? yaml() : javascript({ typescript: true }),
    syntaxHighlighting(highlighting),
    editorTheme,
    readOnly.of([]),
    hoverTooltip(async ({ state }, at) => {
      const { from, number } = state.doc.lineAt(at);
      const text = await options.describe(number, at - from + 1);
      return text === undefined ? null : { pos: at, above: true, create: () => noteOf(text) };
    }),
    // Read-only or not, the keyboard reaches it, and scrolls.
    EditorView.contentAttributes.of({ 'aria-label': options.label, tabindex: '0' }),
    keymap.of([
      {
        key: 'Mod-Enter',
        run: () => {
          options.onSubmit();
          return true;
        },
      },
      // The tab key is left alone: it takes a keyboard user out of the editor again.
      ...defaultKeymap,
      ...historyKeymap,
      ...searchKeymap,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.onChange(update.state.doc.toString());
    }),
  ];
}

/** A note beside a place of the text. */
function noteOf(text: string): { readonly dom: HTMLElement } {
  const dom = document.createElement('div');
  dom.className = 'parley-note';
  dom.textContent = text;
  return { dom };
}

function toMark(text: Text, diagnostic: Diagnostic): Mark {
  const from = offset(text, diagnostic.line, diagnostic.column);
  const to = offset(text, diagnostic.endLine, diagnostic.endColumn);
  const { message, severity } = diagnostic;
  return { from, to: Math.max(from, to), message, severity };
}

/** Offset of a place counted from 1. The text may have changed since the place was found: it is moved inside. */
function offset(text: Text, line: number, column: number): number {
  const { from, to } = text.line(Math.max(1, Math.min(line, text.lines)));
  return Math.max(from, Math.min(from + column - 1, to));
}
