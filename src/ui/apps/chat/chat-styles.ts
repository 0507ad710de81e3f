/** How a chat is dressed. */

import { css } from 'lit';

/** Styles of topics and of what is said in them. */
export const chatStyles = css`
  .chat {
    display: grid;
    grid-template-columns: minmax(9rem, 13rem) minmax(0, 1fr);
    border: 1px solid var(--parley-line);
    border-radius: 14px;
    background: var(--parley-surface);
    overflow: hidden;
  }

  .topics {
    display: flex;
    flex-direction: column;
    gap: 2px;
    padding: 12px 8px;
    border-right: 1px solid var(--parley-line);
    background: var(--parley-sunken);
  }

  .topics h2 {
    padding: 0 8px;
  }

  .topics ul {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 2px;
    margin: 0 0 8px;
    padding: 0;
    list-style: none;
  }

  .topics li button {
    justify-content: space-between;
    width: 100%;
    font-size: var(--parley-large);
    text-align: left;
  }

  .topics button[aria-current='true'] {
    background: var(--parley-accent-soft);
    color: var(--parley-accent);
    font-weight: 600;
  }

  .topics .name {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .topics .other {
    color: var(--parley-ink-2);
  }

  .count {
    min-width: 1.5em;
    padding: 0 5px;
    border-radius: 99px;
    background: var(--parley-accent);
    color: var(--parley-surface);
    font-size: var(--parley-small);
    font-weight: 650;
    text-align: center;
  }

  .topics form {
    padding: 0 8px;
  }

  .talk {
    display: flex;
    flex-direction: column;
    height: min(34rem, 74vh);
    min-height: 20rem;
  }

  .talk header {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 10px;
    align-items: center;
    padding: 10px 14px;
    border-bottom: 1px solid var(--parley-line);
  }

  .talk header h2 {
    margin: 0;
    color: var(--parley-ink);
    font-size: var(--parley-large);
  }

  .talk header p {
    flex: 1 1 10rem;
    min-width: 0;
    margin: 0;
    color: var(--parley-ink-2);
    font-size: var(--parley-text);
    overflow-wrap: anywhere;
  }

  .talk .describing {
    flex: 1 1 100%;
  }

  .notice {
    margin: 0;
    padding: 8px 14px;
    border-bottom: 1px solid var(--parley-line);
    background: var(--parley-bad-soft);
    color: var(--parley-ink);
    font-size: var(--parley-text);
  }

  .notice b {
    color: var(--parley-bad);
  }

  .lines {
    flex: 1;
    margin: 0;
    padding: 12px 14px;
    overflow-y: auto;
  }

  .lines ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .lines li + li {
    margin-top: 8px;
  }

  .lines .again {
    margin-top: 2px;
  }

  .who {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    align-items: baseline;
    font-size: var(--parley-text);
  }

  .who b {
    color: var(--parley-ink);
  }

  .who time,
  .mark {
    color: var(--parley-ink-3);
    font-size: var(--parley-small);
  }

  .mark.waits {
    color: var(--parley-warn);
    font-weight: 600;
  }

  .text {
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  .new {
    display: flex;
    gap: 8px;
    align-items: center;
    margin: 10px 0 8px;
    color: var(--parley-accent);
    font-size: var(--parley-small);
    font-weight: 600;
  }

  .new::after {
    flex: 1;
    height: 1px;
    background: var(--parley-accent);
    content: '';
  }

  .composer {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 8px;
    align-items: end;
    padding: 10px 14px;
    border-top: 1px solid var(--parley-line);
  }

  .composer textarea {
    width: 100%;
    min-height: 2.4rem;
    max-height: 8rem;
    font-size: var(--parley-large);
    resize: none;
    field-sizing: content;
  }

  .composer .complaint,
  .composer .hint {
    grid-column: 1 / -1;
    margin: 0;
  }

  .hint {
    color: var(--parley-ink-3);
    font-size: var(--parley-small);
  }

  @media (max-width: 700px) {
    .chat {
      grid-template-columns: minmax(0, 1fr);
    }

    .topics {
      border-right: none;
      border-bottom: 1px solid var(--parley-line);
    }

    .topics ul {
      display: flex;
      padding-bottom: 4px;
      overflow-x: auto;
    }

    .topics li button {
      gap: 8px;
      max-width: 12rem;
    }

    /* What a topic is about has a line of its own, so that the buttons share the next. */
    .talk header p {
      flex-basis: 100%;
    }

    .hint {
      display: none;
    }
  }
`;
