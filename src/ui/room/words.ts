/** What people read on the way into a room and in it (decision 0059). */

import { plural } from '../kit/print-number.ts';

/** The words. */
export const WORDS = {
  refused: 'The room could not be entered',
  tryAgain: 'Try again',
  toFirstPage: 'To the first page',
  entering: (code: string) => `Entering room ${code} …`,
  moment: 'This takes a moment.',
  closed: (code: string) => `Room ${code} is closed`,
  agreed:
    'Its members agreed on a passphrase. It is never sent to anybody: this browser makes the room’s key of it.',
  passphrase: 'Passphrase of the room',
  typePassphrase: 'Type the passphrase.',
  enter: 'Enter',
  makingKey: 'Making the key …',
  slowOnPurpose:
    'It is slow on purpose: whoever guesses passphrases has to pay it for each of them.',
  key: 'Key of the room',
  cancel: 'Cancel',

  room: 'Room',
  copyLink: 'Copy the link',
  copied: 'Copied.',
  qr: 'QR code of the link to this room',
  access: {
    open: 'Open: whoever has the code can come in, and the server can read along.',
    key: 'Closed: only who has this link can come in or read along.',
    passphrase: 'Closed: only who knows the passphrase can come in or read along.',
  },
  noServer: 'No signaling server answers: only tabs of this browser can meet here.',
  connecting: 'Connecting …',
  lost: 'The connection to the signaling server is lost; it is tried again by itself. Nodes that are connected go on talking.',
  dismiss: (text: string) => `Dismiss: ${text}`,
  takeOver: 'Take over here',
  comeBack: 'Come back',
  asNew: 'Join as someone new',
  isOn: 'The run is on. Whoever closes the tab departs, and all see it at once.',
  waits:
    'The first member chooses what runs and starts it. Leave this tab open: it will be one of the nodes.',
  start: 'Start the run',
  alone: 'You are alone. Let others scan the code, or open more tabs: each becomes a node.',
  seats:
    'Nodes are given out in the order in which members came; with fewer tabs than nodes, a tab runs several.',
  present: 'Present to a class',
  openTabs: (tabs: number) => `Open ${tabs} more tabs`,
  cameSoFar: (came: number, wanted: number) => `${came} of ${wanted} tabs came so far …`,
  heldBack: (came: number, wanted: number) =>
    `${came} of ${wanted} tabs came: the browser holds the others back. Allow pop-ups for this page (at the address), or press again for one more.`,

  members: 'In the room',
  presence: { isKicked: 'sent away', present: 'present', departed: 'departed' },
  nameless: (order: number) => `Tab ${order}`,
  you: 'you',
  directs: 'directs',
  letDirect: 'let direct',
  takeBack: 'take back',
  letIn: 'let in',
  sendAway: 'send away',
  deedTo: (deed: string, member: string) => `${deed}: ${member}`,
  yourName: 'Your name in rooms',
  yourNameExample: 'your name',
  onlyWatch: 'only watch',
  fingerprint:
    'Of the key that signs for this tab. If both of you see the same, nobody sits in between.',
  ways: {
    direct: { word: 'direct', title: 'Connected from tab to tab' },
    hub: {
      word: 'by way of another',
      title: 'What it says comes through the tab that gathers for all',
    },
    relay: { word: 'relayed', title: 'No direct way was found: encrypted, through the server' },
    server: { word: 'via server', title: 'Only the signaling server connects the two so far' },
    unheard: {
      word: 'not heard from',
      title: 'Neither a connection from tab to tab nor the signaling server leads there now',
    },
    none: { word: '', title: '' },
  },

  hidden: (events: number) =>
    `${plural(events, 'event')} of other tabs not shown: there were more than the way to here takes.`,
  hold: 'Hold deliveries',
  release: 'Release deliveries',
  end: 'End the run',
  choose: 'Choose nodes, then what happens to them',
  cutOff: 'Cut off',
  heal: 'Heal',
  kill: 'Kill',
  isHeld: 'Deliveries are held back in all tabs.',
  isCut: (groups: string) => `The network is cut: ${groups}.`,
} as const;
