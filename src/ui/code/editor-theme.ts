/** How the editor is dressed. */

import { EditorView } from '@codemirror/view';

/** The theme of the page, said to the editor. */
export const editorTheme = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--parley-ink)',
    backgroundColor: 'transparent',
    fontSize: 'var(--parley-small)',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--parley-mono)', lineHeight: '1.6' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--parley-ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--parley-ink)' },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    color: 'var(--parley-ink-3)',
    border: 'none',
  },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': {
    backgroundColor: 'color-mix(in oklab, var(--parley-accent) 7%, transparent)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'color-mix(in oklab, var(--parley-accent) 24%, transparent)' },
  '.cm-selectionMatch, .cm-matchingBracket': {
    backgroundColor: 'color-mix(in oklab, var(--parley-accent) 16%, transparent)',
  },
  '.cm-lintRange-error': { textDecoration: 'underline wavy var(--parley-bad) 1.2px' },
  '.cm-lintRange-warning': { textDecoration: 'underline wavy var(--parley-warn) 1.2px' },
  '.cm-lintRange-info': { textDecoration: 'underline dotted var(--parley-accent) 1.2px' },
  '.cm-lintRange-error, .cm-lintRange-warning, .cm-lintRange-info': {
    backgroundImage: 'none',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip, .cm-panels': {
    color: 'var(--parley-ink)',
    backgroundColor: 'var(--parley-surface)',
    border: '1px solid var(--parley-line-2)',
  },
  '.cm-tooltip': { maxWidth: 'min(44rem, 90vw)', borderRadius: '6px', overflow: 'hidden' },
  '.parley-note': {
    maxHeight: '14rem',
    padding: '4px 8px',
    fontFamily: 'var(--parley-mono)',
    whiteSpace: 'pre-wrap',
    overflow: 'auto',
    overflowWrap: 'anywhere',
  },
  '.cm-diagnosticText': { whiteSpace: 'pre-wrap' },
  '.cm-diagnostic': { fontFamily: 'var(--parley-sans)' },
  '.cm-textfield, .cm-button': {
    color: 'inherit',
    backgroundColor: 'var(--parley-surface)',
    backgroundImage: 'none',
    border: '1px solid var(--parley-edge)',
  },
});
