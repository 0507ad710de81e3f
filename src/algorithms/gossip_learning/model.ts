/**
 * The model that is learned: logistic regression, a weight for each feature and a bias at the end. Everything is deterministic: the data
 * follow from a seed, and mathematics come from `core/math.ts`.
 */

import { naturalPower, sampleNormal } from '../../core/math.ts';
import { Random } from '../../core/random.ts';

/** One example. */
export interface Example {
  readonly features: readonly number[];
  readonly label: 0 | 1;
}

/** How the data of a run come about; all nodes have the same. */
export interface DataChoice {
  readonly seed: number;
  readonly dimensions: number;
  /** Examples at each node. */
  readonly samples: number;
  /** Examples on which everybody is tested: seen by nobody in training. */
  readonly tests: number;
  /** Share of the labels that are wrong. */
  readonly noise: number;
  /** 0: every node has the same mixture; 1: a node has examples of one label alone. */
  readonly skew: number;
}

/** The examples of one node. */
export function trainingData(choice: DataChoice, node: number): Example[] {
  const random = Random.stream(choice.seed, `learning/${node}`);
  const truth = truthOf(choice);
  const favourite = (node % 2) as 0 | 1;
  return Array.from({ length: choice.samples }, () => {
    for (;;) {
      const example = draw(choice, truth, random);
      // With full skew only the favourite label is taken, with none any.
      if (example.label === favourite || !random.chance(choice.skew)) return example;
    }
  });
}

/** The examples on which all are tested. */
export function testData(choice: DataChoice): Example[] {
  const random = Random.stream(choice.seed, 'learning/tests');
  const truth = truthOf(choice);
  return Array.from({ length: choice.tests }, () => draw({ ...choice, noise: 0 }, truth, random));
}

/** The plane that divides the labels. */
function truthOf({ seed, dimensions }: DataChoice): number[] {
  const random = Random.stream(seed, 'learning/truth');
  return Array.from({ length: dimensions }, () => sampleNormal(random));
}

function draw(
  { dimensions, noise }: DataChoice,
  truth: readonly number[],
  random: Random,
): Example {
  const features = Array.from({ length: dimensions }, () => sampleNormal(random));
  const side = features.reduce((sum, feature, at) => sum + feature * truth[at]!, 0);
  const isWrong = random.chance(noise);
  return { features, label: side > 0 !== isWrong ? 1 : 0 };
}

/** How far on the side of label 1 the model puts an example: its log-odds. */
function oddsOf(model: readonly number[], features: readonly number[]): number {
  let odds = model[features.length]!;
  for (let at = 0; at < features.length; at++) odds += features[at]! * model[at]!;
  return odds;
}

/** The probability that the model gives to label 1. */
export function predicted(model: readonly number[], features: readonly number[]): number {
  const odds = oddsOf(model, features);
  // Of two ways to write it the one whose exponential cannot overflow.
  return odds >= 0 ? 1 / (1 + naturalPower(-odds)) : naturalPower(odds) / (1 + naturalPower(odds));
}

/** One step of gradient descent on all of a node's examples, with weight decay. */
export function trained(
  model: readonly number[],
  data: readonly Example[],
  { rate, decay }: { readonly rate: number; readonly decay: number },
): number[] {
  const gradient = model.map((weight) => decay * weight);
  for (const { features, label } of data) {
    const error = (predicted(model, features) - label) / data.length;
    for (let at = 0; at < features.length; at++) gradient[at]! += error * features[at]!;
    gradient[features.length]! += error;
  }
  return model.map((weight, at) => weight - rate * gradient[at]!);
}

/** Share of the examples whose label the model gives the larger probability. */
export function accuracyOf(model: readonly number[], data: readonly Example[]): number {
  let right = 0;
  for (const { features, label } of data)
    if (oddsOf(model, features) > 0 === (label === 1)) right++;
  return right / data.length;
}
