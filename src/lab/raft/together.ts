/** Questions that are asked in one turn, put together. */

/** Gathers what is asked until the turn is over. */
export class Together<Question, Answer> {
  readonly #askAll: (questions: readonly Question[]) => readonly Promise<Answer>[];
  #questions: Question[] = [];
  #answers: ((answer: Promise<Answer>) => void)[] = [];

  /** @param askAll asks all of them; one promise for each, in their order */
  constructor(askAll: (questions: readonly Question[]) => readonly Promise<Answer>[]) {
    this.#askAll = askAll;
  }

  /** Asks with the others of this turn. */
  ask(question: Question): Promise<Answer> {
    this.#questions.push(question);
    if (this.#questions.length === 1) queueMicrotask(() => this.#flush());
    return new Promise((resolve) => this.#answers.push(resolve));
  }

  #flush(): void {
    const [questions, answers] = [this.#questions, this.#answers];
    [this.#questions, this.#answers] = [[], []];
    this.#askAll(questions).forEach((answer, at) => answers[at]!(answer));
  }
}
