/** What people read on the screens of a class (decision 0059). */

import { plural } from '../kit/print-number.ts';

/** The words. */
export const WORDS = {
  toLab: 'To the lab',
  notDirector: 'Only a director can lead the class.',
  stage: 'Stage',
  aside: 'Class',
  deeds: 'The class',
  qr: 'QR code of the link to this room',
  scan: 'Scan it, or type',
  onFirstPage: 'on the first page.',
  start: 'Start the run',
  end: 'End the run',
  hold: 'Hold deliveries',
  follow: 'Follow me',
  freeze: 'Freeze',
  code: 'Code',
  charts: 'Charts',

  predict: 'Predict, then reveal',
  question: 'Question',
  questionFirst: 'Who wins?',
  options: 'Answers, with commas between',
  ask: 'Ask everybody',
  reveal: 'Reveal',
  close: 'Close it',
  away: 'Away with it',
  answers: 'Answers',
  answered: (answers: number, asked: number) => `${answers} of ${plural(asked, 'tab')} answered`,

  lesson: 'Lesson',
  frozen: 'The pages are frozen: look to the front.',
  followed: 'You look where the director looks.',
  closed: 'Answers are no longer taken.',
  said: (option: string | undefined) => `You said: ${option ?? ''}.`,

  roster: 'Tabs in the room',
  tab: 'Tab',
  runs: 'Runs',
  hasAnswered: 'Answered',
  yes: 'yes',
  you: 'you',
  teaches: 'teaches',
  sentAway: 'sent away',
  departed: 'departed',
  watches: 'watches',
  nameless: (order: number) => `Tab ${order}`,
} as const;
