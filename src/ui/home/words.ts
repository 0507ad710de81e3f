/** What people read on the first page (decision 0059). */

/** The words. */
export const WORDS = {
  sections: 'Sections',
  chapters: 'Chapters',
  lastRuns: 'Last runs',
  applications: 'Applications',
  traces: 'Traces',
  headline: 'Run distributed algorithms in your browser tabs, and watch them.',
  lead: 'Write one file. Run it in a simulator that can rewind, in workers, in tabs, or on every phone in the room.',
  watch: (title: string) => `Watch ${title}`,
  choose: 'Choose a chapter',

  yourRuns: 'Your last runs',
  noRuns: 'None yet. Open a chapter above: it runs at once, and this browser remembers it here.',
  places: { simulated: 'simulated', workers: 'in workers', room: 'in a room' },
  seed: (seed: number) => `seed ${seed}`,
  room: (code: string) => `room ${code}`,
  again: 'again',
  runAgain: (title: string) => `Run ${title} again`,

  join: 'Join a room',
  joinHow: 'Type its code, or paste its link.',
  code: 'Code of the room',
  codeExample: '7KQ4XM',
  joinNow: 'Join',
  noCode: 'Type the code that the room shows.',
  shortCode: 'A code has at least four letters or digits.',
  orStart: 'or start one here',
  access: 'Who may come in',
  accesses: {
    open: 'whoever has the code',
    key: 'whoever has the link',
    passphrase: 'whoever knows a passphrase',
  },
  accessNotes: {
    open: 'Phones and laptops on this network join by scanning its code. What the nodes say goes from tab to tab; whoever has the code, and the server, can come in too.',
    key: 'The link holds a key that never reaches the server: only who was given the link can come in or read along.',
    passphrase:
      'The key is made of the passphrase, which never leaves this browser. Tell it to the others by another way than the code.',
  },
  passphrase: 'Passphrase, four words or more',
  shortPassphrase: (least: number) => `A passphrase has at least ${least} characters.`,
  open: 'Open a new room',
  opening: 'Opening …',
} as const;
